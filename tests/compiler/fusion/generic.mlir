// RUN: tensorc-opt %s -split-input-file --tensorc-fuse --mlir-print-local-scope | FileCheck %s

// A chain of elementwise ops is one kernel, whatever is broadcast into it.
// CHECK-LABEL: kernel.func @mul_add_relu_0(
// CHECK-SAME: %[[X:.*]]: memref<4x8xf32>, %[[S:.*]]: memref<4x8xf32>, %[[B:.*]]: memref<8xf32>, %[[Y:.*]]: memref<4x8xf32>)
// CHECK: kernel.generic ins(%[[X]], %[[S]], %[[B]] :
// CHECK-SAME: affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>
// CHECK-NEXT: ^bb0(%[[x:.*]]: f32, %[[s:.*]]: f32, %[[b:.*]]: f32):
// CHECK: %[[M:.*]] = arith.mulf %[[x]], %[[s]]
// CHECK: %[[A:.*]] = arith.addf %[[M]], %[[b]]
// CHECK: %[[R:.*]] = arith.maximumf %[[A]],
// CHECK: kernel.yield %[[R]]
func.func @chain(%x: tensor<4x8xf32>, %s: tensor<4x8xf32>, %b: tensor<8xf32>) -> tensor<4x8xf32> {
  %0 = graph.mul %x, %s : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %1 = graph.broadcast_to %b {shape = array<i64: 4, 8>} : (tensor<8xf32>) -> tensor<4x8xf32>
  %2 = graph.add %0, %1 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %3 = graph.relu %2 : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %3 : tensor<4x8xf32>
}

// -----

// Movements are index maps. A slice shows more than it reads, so `dim_sizes` has
// the size.
// CHECK-LABEL: kernel.func @add_
// CHECK: dim_sizes = array<i64: 3, -1>
// CHECK-SAME: affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (-d0 + 2, d1 * 2 + 1)>, affine_map<(d0, d1) -> (d0, d1)>
func.func @movements(%x: tensor<4x5xf32>, %y: tensor<3x9xf32>) -> tensor<3x4xf32> {
  %0 = graph.permute %x {dims = array<i64: 1, 0>} : (tensor<4x5xf32>) -> tensor<5x4xf32>
  %1 = graph.slice %0 {starts = array<i64: 0, 0>, ends = array<i64: 3, 4>, steps = array<i64: 1, 1>} : (tensor<5x4xf32>) -> tensor<3x4xf32>
  %2 = graph.flip %y {dims = array<i64: 0>} : (tensor<3x9xf32>) -> tensor<3x9xf32>
  %3 = graph.slice %2 {starts = array<i64: 0, 1>, ends = array<i64: 3, 9>, steps = array<i64: 1, 2>} : (tensor<3x9xf32>) -> tensor<3x4xf32>
  %4 = graph.add %1, %3 : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  return %4 : tensor<3x4xf32>
}

// -----

// A reshape that splits a dimension is a map; of one that joins two, the bytes
// are the same.
// CHECK-LABEL: kernel.program @reshapes
// CHECK: %[[R:.*]] = kernel.reinterpret %arg{{.*}} : memref<4x6xf32> to memref<24xf32>
// CHECK: kernel.launch @exp_{{.*}} ins(%[[R]] : memref<24xf32>)
// CHECK: kernel.launch @exp_{{.*}} ins(%arg{{.*}} : memref<24xf32>) outs(%{{.*}} : memref<4x6xf32>)
func.func @reshapes(%x: tensor<4x6xf32>, %y: tensor<24xf32>) -> (tensor<24xf32>, tensor<4x6xf32>) {
  %0 = graph.reshape %x {shape = array<i64: 24>} : (tensor<4x6xf32>) -> tensor<24xf32>
  %1 = graph.exp %0 : (tensor<24xf32>) -> tensor<24xf32>
  %2 = graph.reshape %y {shape = array<i64: 4, 6>} : (tensor<24xf32>) -> tensor<4x6xf32>
  %3 = graph.exp %2 : (tensor<4x6xf32>) -> tensor<4x6xf32>
  return %1, %3 : tensor<24xf32>, tensor<4x6xf32>
}

// -----

// A value that is read twice is computed once and written once; what a single
// load makes cheap is computed by each reader.
// CHECK-LABEL: kernel.program @shared
// CHECK: kernel.launch @exp_mul_sum_{{.*}} ins(%[[X:.*]] : memref<8x8xf32>) outs(%[[V:.*]], %{{.*}} : memref<8x8xf32>, memref<8xf32>)
// CHECK: kernel.launch @mul_sum_{{.*}} ins(%[[V]], %[[X]] :
func.func @shared(%x: tensor<8x8xf32>) -> (tensor<8xf32>, tensor<8xf32>, tensor<8x8xf32>) {
  %0 = graph.exp %x : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %1 = graph.permute %0 {dims = array<i64: 1, 0>} : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %n = graph.neg %x : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %a = graph.mul %0, %n : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  %b = graph.mul %1, %n : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  %2 = graph.sum %a {dims = array<i64: 0>, keepdim = false} : (tensor<8x8xf32>) -> tensor<8xf32>
  %3 = graph.sum %b {dims = array<i64: 0>, keepdim = false} : (tensor<8x8xf32>) -> tensor<8xf32>
  return %2, %3, %0 : tensor<8xf32>, tensor<8xf32>, tensor<8x8xf32>
}

// -----

// Positions and constants are computed, and loaded where they are tables.
// CHECK-LABEL: kernel.func @add_
// CHECK: kernel.generic ins(%{{.*}} : memref<3xi64>)
// CHECK: %[[I:.*]] = kernel.index 1
// CHECK: arith.index_cast %[[I]] : index to i64
// CHECK: arith.constant 7 : i64
// CHECK-LABEL: kernel.program @made
// CHECK: kernel.constant dense<[5, 6, 7]> : tensor<3xi64> : memref<3xi64>
func.func @made() -> tensor<2x3xi64> {
  %0 = graph.iota {dim = 1 : i64, shape = array<i64: 2, 3>, dtype = i64} : () -> tensor<2x3xi64>
  %1 = graph.full {value = 7.0 : f64, shape = array<i64: 2, 3>, dtype = i64} : () -> tensor<2x3xi64>
  %2 = graph.constant dense<[5, 6, 7]> : tensor<3xi64>
  %3 = graph.broadcast_to %2 {shape = array<i64: 2, 3>} : (tensor<3xi64>) -> tensor<2x3xi64>
  %4 = graph.add %0, %1 : (tensor<2x3xi64>, tensor<2x3xi64>) -> tensor<2x3xi64>
  %5 = graph.add %4, %3 : (tensor<2x3xi64>, tensor<2x3xi64>) -> tensor<2x3xi64>
  return %5 : tensor<2x3xi64>
}

// -----

// CHECK-LABEL: kernel.program @edges
// CHECK: kernel.launch @exp_{{.*}} ins(%{{.*}} : memref<f32>) outs(%{{.*}} : memref<f32>)
// CHECK: kernel.launch @exp_{{.*}} ins(%{{.*}} : memref<0x4xf32>) outs(%{{.*}} : memref<0x4xf32>)
// CHECK: kernel.launch @sum_{{.*}} ins(%{{.*}} : memref<0x4xf32>) outs(%{{.*}} : memref<4xf32>)
func.func @edges(%x: tensor<f32>, %y: tensor<0x4xf32>) -> (tensor<f32>, tensor<0x4xf32>, tensor<4xf32>) {
  %0 = graph.exp %x : (tensor<f32>) -> tensor<f32>
  %1 = graph.exp %y : (tensor<0x4xf32>) -> tensor<0x4xf32>
  %2 = graph.sum %y {dims = array<i64: 0>, keepdim = false} : (tensor<0x4xf32>) -> tensor<4xf32>
  return %0, %1, %2 : tensor<f32>, tensor<0x4xf32>, tensor<4xf32>
}

// -----

// Each operand of `cat` has a kernel of its own that writes its part.
// CHECK-LABEL: kernel.program @cat
// CHECK: kernel.launch @cat_[[A:.*]] ins(%{{.*}} : memref<2x3xf32>) outs(%[[R:.*]] : memref<2x8xf32>)
// CHECK: kernel.launch @cat_[[B:.*]] ins(%{{.*}} : memref<2x5xf32>) outs(%[[R]] : memref<2x8xf32>)
func.func @cat(%x: tensor<2x3xf32>, %y: tensor<2x5xf32>) -> tensor<2x8xf32> {
  %0 = graph.cat %x, %y {dim = 1 : i64} : (tensor<2x3xf32>, tensor<2x5xf32>) -> tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// -----

// CHECK-LABEL: kernel.func @pad_
// CHECK: kernel.pad %{{.*}} into %{{.*}} {interior = array<i64: 0, 1>, low = array<i64: 1, -1>, value = 5.000000e-01 : f32} : memref<2x3xf32>, memref<4x5xf32>
func.func @pad(%x: tensor<2x3xf32>) -> tensor<4x5xf32> {
  %0 = graph.pad %x {low = array<i64: 1, -1>, high = array<i64: 1, 1>, interior = array<i64: 0, 1>, value = 0.5 : f64} : (tensor<2x3xf32>) -> tensor<4x5xf32>
  return %0 : tensor<4x5xf32>
}

// -----

// No element of nothing is read, not the first one either.
// CHECK-LABEL: kernel.func @mul_sum_
// CHECK: kernel.generic ins(%{{.*}}, %{{.*}} : memref<0x10xf32>, memref<0xf32>)
// CHECK-SAME: indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d1)>]
func.func @nothing(%x: tensor<0x10xf32>, %y: tensor<0xf32>) -> tensor<10xf32> {
  %0 = graph.reshape %y {shape = array<i64: 0, 1>} : (tensor<0xf32>) -> tensor<0x1xf32>
  %1 = graph.broadcast_to %0 {shape = array<i64: 0, 10>} : (tensor<0x1xf32>) -> tensor<0x10xf32>
  %2 = graph.mul %x, %1 : (tensor<0x10xf32>, tensor<0x10xf32>) -> tensor<0x10xf32>
  %3 = graph.sum %2 {dims = array<i64: 0>, keepdim = false} : (tensor<0x10xf32>) -> tensor<10xf32>
  return %3 : tensor<10xf32>
}
