// RUN: tensorc-opt %s -split-input-file --tensorc-fuse --mlir-print-local-scope | FileCheck %s

// A softmax is three passes over a row in one kernel.
// CHECK-LABEL: kernel.func @amax_exp_sum_div_0(
// CHECK: kernel.generic ins(%{{.*}} : memref<64x10xf32>) outs(%{{.*}} : memref<64x10xf32>)
// CHECK-SAME: reduction_dims = array<i64: 1>
// CHECK-NEXT: ^bb0(%[[X:.*]]: f32):
// CHECK: %[[M:.*]] = kernel.reduce maximum %[[X]]
// CHECK: %[[S:.*]] = arith.subf %[[X]], %[[M]]
// CHECK: %[[E:.*]] = math.exp %[[S]]
// CHECK: %[[Z:.*]] = kernel.reduce add %[[E]]
// CHECK: %[[Y:.*]] = arith.divf %[[E]], %[[Z]]
// CHECK: kernel.yield %[[Y]]
func.func @softmax(%x: tensor<64x10xf32>) -> tensor<64x10xf32> {
  %0 = graph.amax %x {dims = array<i64: 1>, keepdim = true} : (tensor<64x10xf32>) -> tensor<64x1xf32>
  %1 = graph.broadcast_to %0 {shape = array<i64: 64, 10>} : (tensor<64x1xf32>) -> tensor<64x10xf32>
  %2 = graph.sub %x, %1 : (tensor<64x10xf32>, tensor<64x10xf32>) -> tensor<64x10xf32>
  %3 = graph.exp %2 : (tensor<64x10xf32>) -> tensor<64x10xf32>
  %4 = graph.sum %3 {dims = array<i64: 1>, keepdim = true} : (tensor<64x10xf32>) -> tensor<64x1xf32>
  %5 = graph.broadcast_to %4 {shape = array<i64: 64, 10>} : (tensor<64x1xf32>) -> tensor<64x10xf32>
  %6 = graph.div %3, %5 : (tensor<64x10xf32>, tensor<64x10xf32>) -> tensor<64x10xf32>
  return %6 : tensor<64x10xf32>
}

// -----

// What follows a reduction on its rows is part of it; a reduction of the rows
// themselves is not.
// CHECK-LABEL: kernel.program @rows
// CHECK: kernel.launch @sum_log_[[A:.*]] ins(%{{.*}} : memref<8x32xf32>) outs(%[[R:.*]] : memref<8xf32>)
// CHECK: kernel.launch @sum_[[B:.*]] ins(%[[R]] : memref<8xf32>) outs(%{{.*}} : memref<f32>)
// CHECK-NEXT: kernel.launch @copy
func.func @rows(%x: tensor<8x32xf32>) -> tensor<f32> {
  %0 = graph.sum %x {dims = array<i64: 1>, keepdim = false} : (tensor<8x32xf32>) -> tensor<8xf32>
  %1 = graph.log %0 : (tensor<8xf32>) -> tensor<8xf32>
  %2 = graph.sum %1 {dims = array<i64: 0>, keepdim = false} : (tensor<8xf32>) -> tensor<f32>
  return %2 : tensor<f32>
}

// -----

// A long row is not read again by the same kernel: nobody could split it.
// CHECK-LABEL: kernel.program @long_row
// CHECK: kernel.launch @sum_[[A:.*]] ins(%[[X:.*]] : memref<100000xf32>) outs(%[[S:.*]] : memref<f32>)
// CHECK: kernel.launch @div_[[B:.*]] ins(%[[X]], %[[S]] :
func.func @long_row(%x: tensor<100000xf32>) -> tensor<100000xf32> {
  %0 = graph.sum %x {dims = array<i64: 0>, keepdim = false} : (tensor<100000xf32>) -> tensor<f32>
  %1 = graph.broadcast_to %0 {shape = array<i64: 100000>} : (tensor<f32>) -> tensor<100000xf32>
  %2 = graph.div %x, %1 : (tensor<100000xf32>, tensor<100000xf32>) -> tensor<100000xf32>
  return %2 : tensor<100000xf32>
}

// -----

// Sums of half-precision numbers are accumulated in f32.
// CHECK-LABEL: kernel.func @sum_
// CHECK-SAME: memref<4x8xbf16>
// CHECK: %[[W:.*]] = arith.extf %{{.*}} : bf16 to f32
// CHECK: %[[S:.*]] = kernel.reduce add %[[W]] : f32
// CHECK: arith.truncf %[[S]] : f32 to bf16
func.func @half(%x: tensor<4x8xbf16>) -> tensor<4xbf16> {
  %0 = graph.sum %x {dims = array<i64: 1>, keepdim = false} : (tensor<4x8xbf16>) -> tensor<4xbf16>
  return %0 : tensor<4xbf16>
}

// -----

// The first maximum, NaN being one.
// CHECK-LABEL: kernel.func @argmax_
// CHECK: %[[M:.*]] = kernel.reduce maximum %[[X:.*]] : f32
// CHECK: %[[P:.*]] = arith.index_cast
// CHECK: %[[E:.*]] = arith.cmpf oeq, %[[X]], %[[M]]
// CHECK: %[[N:.*]] = arith.cmpf uno, %[[X]], %[[X]]
// CHECK: %[[H:.*]] = arith.ori %[[E]], %[[N]]
// CHECK: %[[C:.*]] = arith.select %[[H]], %[[P]],
// CHECK: kernel.reduce minimum %[[C]] : i64
func.func @argmax(%x: tensor<4x8xf32>) -> tensor<4xi64> {
  %0 = graph.argmax %x {dim = 1 : i64, keepdim = false} : (tensor<4x8xf32>) -> tensor<4xi64>
  return %0 : tensor<4xi64>
}

// -----

// Combining one element is no reduction.
// CHECK-LABEL: kernel.func @sum_
// CHECK: indexing_maps = [affine_map<(d0) -> (d0, 0)>, affine_map<(d0) -> (d0)>], reduction_dims = array<i64>
// CHECK-NEXT: ^bb0(%[[X:.*]]: f32):
// CHECK-NEXT: kernel.yield %[[X]]
func.func @nothing(%x: tensor<4x1xf32>) -> tensor<4xf32> {
  %0 = graph.sum %x {dims = array<i64: 1>, keepdim = false} : (tensor<4x1xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// CHECK-LABEL: kernel.func @prod_
// CHECK: kernel.reduce mul
// CHECK-LABEL: kernel.func @amin_
// CHECK: kernel.reduce minimum
// CHECK-LABEL: kernel.func @any_
// CHECK: kernel.reduce or
// CHECK-LABEL: kernel.func @all_
// CHECK: kernel.reduce and
func.func @combiners(%x: tensor<4x8xf32>, %b: tensor<4x8xi1>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xi1>, tensor<4xi1>) {
  %0 = graph.prod %x {dims = array<i64: 1>, keepdim = false} : (tensor<4x8xf32>) -> tensor<4xf32>
  %1 = graph.amin %x {dims = array<i64: 1>, keepdim = false} : (tensor<4x8xf32>) -> tensor<4xf32>
  %2 = graph.any %b {dims = array<i64: 1>, keepdim = false} : (tensor<4x8xi1>) -> tensor<4xi1>
  %3 = graph.all %b {dims = array<i64: 1>, keepdim = false} : (tensor<4x8xi1>) -> tensor<4xi1>
  return %0, %1, %2, %3 : tensor<4xf32>, tensor<4xf32>, tensor<4xi1>, tensor<4xi1>
}

// -----

// A part of a row isn't reduced as the row: its size is in a space of its own.
// CHECK-LABEL: kernel.func @exp_sum_
// CHECK-LABEL: kernel.func @sum_
// CHECK: kernel.generic ins(%{{.*}} : memref<4x8xf32>) outs(%{{.*}} : memref<4xf32>)
// CHECK-SAME: dim_sizes = array<i64: -1, 3>
func.func @part_of_row(%x: tensor<4x8xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = graph.exp %x : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %1 = graph.sum %0 {dims = array<i64: 1>, keepdim = false} : (tensor<4x8xf32>) -> tensor<4xf32>
  %2 = graph.slice %0 {starts = array<i64: 0, 0>, ends = array<i64: 4, 3>, steps = array<i64: 1, 1>} : (tensor<4x8xf32>) -> tensor<4x3xf32>
  %3 = graph.sum %2 {dims = array<i64: 1>, keepdim = false} : (tensor<4x3xf32>) -> tensor<4xf32>
  return %1, %3 : tensor<4xf32>, tensor<4xf32>
}
