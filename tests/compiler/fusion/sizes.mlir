// RUN: tensorc-opt %s -split-input-file --tensorc-legalize --tensorc-fuse --mlir-print-local-scope | FileCheck %s
// RUN: tensorc-opt %s -split-input-file --tensorc-legalize --tensorc-fuse --tensorc-plan-memory --tensorc-schedule-cpu --mlir-print-local-scope | FileCheck %s --check-prefix=PLAN

// Kernels read sizes off their buffers, and are told what these don't show.
module attributes {scalar.symbols = [#scalar.symbol<B : 1 to 256, hint 64>]} {
  // CHECK-LABEL: kernel.func @matmul_relu_0(%arg0: memref<?x20xf32>, %arg1: memref<20x10xf32>, %arg2: memref<?x10xf32>)
  // CHECK: kernel.contract
  // CHECK-SAME: kernel.expected_sizes = array<i64: 64, 10, 20>
  // CHECK-LABEL: kernel.func @sum_div_1(%arg0: memref<?x10xf32>, %arg1: memref<?x10xf32>)
  // CHECK-LABEL: kernel.func @exp_2(%arg0: memref<?x10xf32>, %arg1: memref<?x9xf32>)
  // CHECK-LABEL: kernel.func @sum_3(%arg0: memref<?x10xf32>, %arg1: memref<10xf32>, %arg2: index)
  // CHECK: sizes(%arg2)
  // CHECK-SAME: dim_sizes = array<i64: -9223372036854775808, -1>
  // CHECK: kernel.program @rows(%arg0: memref<?x20xf32, #scalar.sizes<B, 20>>
  // CHECK-SAME: kernel.symbols = [#scalar.symbol<B : 1 to 256, hint 64>]
  // CHECK: kernel.alloc : memref<?x10xf32, #scalar.sizes<B, 10>>
  // CHECK: kernel.launch @matmul_relu_0
  // CHECK: kernel.launch @sum_3 ins(%{{.*}}) outs(%{{.*}}) sizes #scalar.sizes<"B - 1">

  // For the greatest sizes: 256 rows of 40 bytes, those of the slice in the
  // output.
  // PLAN-LABEL: kernel.program @rows
  // PLAN-SAME: kernel.workspace_bytes = 10240 : i64
  func.func @rows(%x: tensor<?x20xf32, #scalar.sizes<B, 20>>, %w: tensor<20x10xf32>) -> (tensor<?x10xf32, #scalar.sizes<B, 10>>, tensor<?x9xf32, #scalar.sizes<"B - 1", 9>>, tensor<10xf32>) {
    %0 = graph.matmul %x, %w : (tensor<?x20xf32, #scalar.sizes<B, 20>>, tensor<20x10xf32>) -> tensor<?x10xf32, #scalar.sizes<B, 10>>
    %1 = graph.relu %0 : (tensor<?x10xf32, #scalar.sizes<B, 10>>) -> tensor<?x10xf32, #scalar.sizes<B, 10>>
    %2 = graph.sum %1 {dims = array<i64: 1>, keepdim = true} : (tensor<?x10xf32, #scalar.sizes<B, 10>>) -> tensor<?x1xf32, #scalar.sizes<B, 1>>
    %3 = graph.broadcast_to %2 {shape = #scalar.sizes<B, 10>} : (tensor<?x1xf32, #scalar.sizes<B, 1>>) -> tensor<?x10xf32, #scalar.sizes<B, 10>>
    %4 = graph.div %1, %3 : (tensor<?x10xf32, #scalar.sizes<B, 10>>, tensor<?x10xf32, #scalar.sizes<B, 10>>) -> tensor<?x10xf32, #scalar.sizes<B, 10>>
    %5 = graph.slice %4 {starts = array<i64: 1, 0>, ends = #scalar.sizes<B, 9>, steps = array<i64: 1, 1>} : (tensor<?x10xf32, #scalar.sizes<B, 10>>) -> tensor<?x9xf32, #scalar.sizes<"B - 1", 9>>
    %6 = graph.exp %5 : (tensor<?x9xf32, #scalar.sizes<"B - 1", 9>>) -> tensor<?x9xf32, #scalar.sizes<"B - 1", 9>>
    %7 = graph.slice %1 {starts = array<i64: 0, 0>, ends = #scalar.sizes<"B - 1", 10>, steps = array<i64: 1, 1>} : (tensor<?x10xf32, #scalar.sizes<B, 10>>) -> tensor<?x10xf32, #scalar.sizes<"B - 1", 10>>
    %8 = graph.sum %7 {dims = array<i64: 0>, keepdim = false} : (tensor<?x10xf32, #scalar.sizes<"B - 1", 10>>) -> tensor<10xf32>
    return %4, %6, %8 : tensor<?x10xf32, #scalar.sizes<B, 10>>, tensor<?x9xf32, #scalar.sizes<"B - 1", 9>>, tensor<10xf32>
  }
}
