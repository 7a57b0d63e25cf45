// RUN: tensorc-opt %s --tensorc-specialize=sizes=B=3,S=16 --mlir-print-local-scope | FileCheck %s
// RUN: tensorc-opt %s --tensorc-specialize=sizes=B=3 --mlir-print-local-scope | FileCheck %s --check-prefix=PART
// RUN: tensorc-opt %s --tensorc-specialize=sizes=B=3 | tensorc-opt --tensorc-specialize=sizes=S=16 --mlir-print-local-scope | FileCheck %s
// RUN: not tensorc-opt %s --tensorc-specialize=sizes=S=12 2>&1 | FileCheck %s --check-prefix=NOT-DIVIDED
// RUN: not tensorc-opt %s --tensorc-specialize=sizes=B=9 2>&1 | FileCheck %s --check-prefix=TOO-GREAT
// RUN: not tensorc-opt %s --tensorc-specialize=sizes=N=1 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not tensorc-opt %s --tensorc-specialize=sizes=B=one 2>&1 | FileCheck %s --check-prefix=NO-NUMBER

// NOT-DIVIDED: error: `S` is 12, expected a multiple of 8, 8 to 64
// TOO-GREAT: error: `B` is 9, expected 1 to 8
// UNKNOWN: error: no size of the model is called `N`, expected one of `B`, `S`
// NO-NUMBER: error: expected sizes as in `B=3,S=5`, received `B=one`

// CHECK-NOT: #scalar
// PART: module attributes {scalar.symbols = [#scalar.symbol<S : 8 to 64, hint 8, divisor 8>]}
module attributes {scalar.symbols = [#scalar.symbol<B : 1 to 8, hint 4>, #scalar.symbol<S : 8 to 64, hint 8, divisor 8>]} {
  // CHECK-LABEL: func.func @graph(
  // CHECK-SAME: %[[X:.*]]: tensor<3x16xf32>) -> tensor<9x2xf32>
  // CHECK: graph.reshape %[[X]] {shape = array<i64: 24, 2>} : (tensor<3x16xf32>) -> tensor<24x2xf32>
  // CHECK: graph.slice %{{.*}} {ends = array<i64: 9, 2>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>} : (tensor<24x2xf32>) -> tensor<9x2xf32>
  // PART-LABEL: func.func @graph(
  // PART-SAME: %[[X:.*]]: tensor<3x?xf32, #scalar.sizes<3, S>>) -> tensor<9x2xf32>
  // PART: graph.reshape %[[X]] {shape = #scalar.sizes<"12*(S / 8)", 2>}
  func.func @graph(%x: tensor<?x?xf32, #scalar.sizes<B, S>>) -> tensor<?x2xf32, #scalar.sizes<"min(3*B, 4*B*(S / 8))", 2>> {
    %0 = graph.reshape %x {shape = #scalar.sizes<"B*S / 2", 2>} : (tensor<?x?xf32, #scalar.sizes<B, S>>) -> tensor<?x2xf32, #scalar.sizes<"B*S / 2", 2>>
    %1 = graph.slice %0 {starts = array<i64: 0, 0>, ends = #scalar.sizes<"min(3*B, 4*B*(S / 8))", 2>, steps = array<i64: 1, 1>} : (tensor<?x2xf32, #scalar.sizes<"B*S / 2", 2>>) -> tensor<?x2xf32, #scalar.sizes<"min(3*B, 4*B*(S / 8))", 2>>
    return %1 : tensor<?x2xf32, #scalar.sizes<"min(3*B, 4*B*(S / 8))", 2>>
  }

  // Kernels have sizes that are told, and launches say what these are.
  // CHECK-LABEL: kernel.func @part(
  // CHECK-SAME: memref<?x?xf32>
  kernel.func @part(%x: memref<?x?xf32>, %y: memref<?xf32>, %n: index) {
    kernel.generic ins(%x : memref<?x?xf32>) outs(%y : memref<?xf32>) sizes(%n)
        attributes {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>],
                    reduction_dims = array<i64: 1>, dim_sizes = array<i64: -1, -9223372036854775808>} {
    ^bb0(%element: f32):
      %sum = kernel.reduce add %element : f32
      kernel.yield %sum : f32
    }
    kernel.return
  }
  // CHECK: kernel.program @program(
  // CHECK-SAME: memref<3x16xf32>
  // CHECK: kernel.alloc : memref<3xf32>
  // CHECK: kernel.launch @part ins(%{{.*}} : memref<3x16xf32>) outs(%{{.*}} : memref<3xf32>) sizes array<i64: 15> {kernel.sizes = array<i64: 3, 16, 3, 15>}
  // PART: kernel.program @program(
  // PART-SAME: attributes {kernel.symbols = [#scalar.symbol<S : 8 to 64, hint 8, divisor 8>]}
  // PART: kernel.launch @part {{.*}} sizes #scalar.sizes<"S - 1"> {kernel.sizes = #scalar.sizes<3, S, 3, "S - 1">}
  kernel.program @program(
      %x: memref<?x?xf32, #scalar.sizes<B, S>> {kernel.name = "x", kernel.role = "input"},
      %y: memref<?xf32, #scalar.sizes<B>> {kernel.name = "y", kernel.role = "output"})
      attributes {kernel.symbols = [#scalar.symbol<B : 1 to 8, hint 4>, #scalar.symbol<S : 8 to 64, hint 8, divisor 8>]} {
    %t = kernel.alloc : memref<?xf32, #scalar.sizes<B>>
    kernel.launch @part ins(%x : memref<?x?xf32, #scalar.sizes<B, S>>) outs(%t : memref<?xf32, #scalar.sizes<B>>) sizes #scalar.sizes<"S - 1">
    kernel.launch @part ins(%x : memref<?x?xf32, #scalar.sizes<B, S>>) outs(%y : memref<?xf32, #scalar.sizes<B>>) sizes #scalar.sizes<"S - 1">
    kernel.return
  }
}
