// RUN: tensorc-opt %s -split-input-file --tensorc-legalize --tensorc-fuse --mlir-print-local-scope | FileCheck %s

// CHECK-LABEL: kernel.func @max_pool_0(
// CHECK: dim_sizes = array<i64: -1, -1, -1, -1, 2, 2>
// CHECK-SAME: affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2 * 2 + d4, d3 * 2 + d5)>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2, d3)>
// CHECK-SAME: reduction_dims = array<i64: 4, 5>
// CHECK: kernel.reduce maximum
func.func @max_pool(%x: tensor<4x6x30x30xf32>) -> tensor<4x6x15x15xf32> {
  %0 = graph.max_pool %x {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, ceil_mode = false} : (tensor<4x6x30x30xf32>) -> tensor<4x6x15x15xf32>
  return %0 : tensor<4x6x15x15xf32>
}

// -----

// The gradient of a relu joins the pool's: the windows cover the image.
// CHECK-LABEL: kernel.func @max_pool_backward_where_0(
// CHECK: kernel.generic ins(%{{.*}}, %{{.*}} : memref<4x6x30x30xf32>, memref<4x6x15x15xf32>) outs(%{{.*}} : memref<4x6x30x30xf32>)
// CHECK: %[[M:.*]] = kernel.reduce maximum %[[X:.*]] : f32
// CHECK: %[[F:.*]] = kernel.reduce minimum %{{.*}} : i32
// CHECK: %[[I:.*]] = arith.cmpi eq, %{{.*}}, %[[F]]
// CHECK: %[[G:.*]] = arith.select %[[I]], %{{.*}}, %{{.*}} : f32
// CHECK: arith.select %{{.*}}, %{{.*}}, %[[G]] : f32
func.func @backward(%g: tensor<4x6x15x15xf32>, %x: tensor<4x6x30x30xf32>) -> tensor<4x6x30x30xf32> {
  %0 = graph.max_pool_backward %g, %x {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, ceil_mode = false} : (tensor<4x6x15x15xf32>, tensor<4x6x30x30xf32>) -> tensor<4x6x30x30xf32>
  %1 = graph.full {value = 0.0 : f64, shape = array<i64: 4, 6, 30, 30>, dtype = f32} : () -> tensor<4x6x30x30xf32>
  %2 = graph.le %x, %1 : (tensor<4x6x30x30xf32>, tensor<4x6x30x30xf32>) -> tensor<4x6x30x30xi1>
  %3 = graph.where %2, %1, %0 : (tensor<4x6x30x30xi1>, tensor<4x6x30x30xf32>, tensor<4x6x30x30xf32>) -> tensor<4x6x30x30xf32>
  return %3 : tensor<4x6x30x30xf32>
}

// -----

// Where they don't, the rest is what the relu's gradient makes of zero.
// CHECK-LABEL: kernel.program @uncovered
// CHECK: kernel.launch @fill_{{.*}} ins() outs(%[[Y:.*]] : memref<4x6x13x13xf32>)
// CHECK: kernel.launch @max_pool_backward_where_{{.*}} outs(%[[Y]] : memref<4x6x13x13xf32>)
func.func @uncovered(%g: tensor<4x6x6x6xf32>, %x: tensor<4x6x13x13xf32>) -> tensor<4x6x13x13xf32> {
  %0 = graph.max_pool_backward %g, %x {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, ceil_mode = false} : (tensor<4x6x6x6xf32>, tensor<4x6x13x13xf32>) -> tensor<4x6x13x13xf32>
  %1 = graph.full {value = 0.0 : f64, shape = array<i64: 4, 6, 13, 13>, dtype = f32} : () -> tensor<4x6x13x13xf32>
  %2 = graph.le %x, %1 : (tensor<4x6x13x13xf32>, tensor<4x6x13x13xf32>) -> tensor<4x6x13x13xi1>
  %3 = graph.where %2, %1, %0 : (tensor<4x6x13x13xi1>, tensor<4x6x13x13xf32>, tensor<4x6x13x13xf32>) -> tensor<4x6x13x13xf32>
  return %3 : tensor<4x6x13x13xf32>
}

// -----

// A consumer that makes nothing known of zero is a kernel of its own.
// CHECK-LABEL: kernel.program @unknown
// CHECK: kernel.launch @fill_{{.*}} ins() outs(%[[D:.*]] : memref<1x1x5x5xf32>)
// CHECK: kernel.launch @max_pool_backward_{{[0-9]+}} ins({{.*}}) outs(%[[D]] : memref<1x1x5x5xf32>)
// CHECK: kernel.launch @add_{{.*}} ins(%[[D]], %{{.*}} :
func.func @unknown(%g: tensor<1x1x2x2xf32>, %x: tensor<1x1x5x5xf32>) -> tensor<1x1x5x5xf32> {
  %0 = graph.max_pool_backward %g, %x {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, ceil_mode = false} : (tensor<1x1x2x2xf32>, tensor<1x1x5x5xf32>) -> tensor<1x1x5x5xf32>
  %1 = graph.add %0, %x : (tensor<1x1x5x5xf32>, tensor<1x1x5x5xf32>) -> tensor<1x1x5x5xf32>
  return %1 : tensor<1x1x5x5xf32>
}

// -----

// Overlapping windows: each window's maximum has a number; then each point takes
// the gradients of the windows whose maximum it is.
// CHECK-LABEL: kernel.program @overlap
// CHECK: kernel.launch @fill_{{.*}} ins() outs(%[[N:.*]] : memref<1x1x6x6xi32>)
// CHECK: kernel.launch @max_pool_backward_pad_{{.*}} outs(%[[N]] : memref<1x1x6x6xi32>)
// CHECK: kernel.launch @{{.*}}add{{.*}} ins({{.*}}%[[N]]{{.*}}) outs(%{{.*}} : memref<1x1x5x5xf32>)
func.func @overlap(%g: tensor<1x1x4x4xf32>, %x: tensor<1x1x5x5xf32>) -> tensor<1x1x5x5xf32> {
  %0 = graph.max_pool_backward %g, %x {kernel_size = array<i64: 2, 2>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, ceil_mode = false} : (tensor<1x1x4x4xf32>, tensor<1x1x5x5xf32>) -> tensor<1x1x5x5xf32>
  return %0 : tensor<1x1x5x5xf32>
}

// -----

// Padding of a maximum is -∞, of a mean 0.
// CHECK-LABEL: kernel.func @pad_0(
// CHECK: low = array<i64: 0, 0, 1, 1>, value = 0xFF800000 : f32} : memref<1x2x6x6xf32>, memref<1x2x7x7xf32>
// CHECK-LABEL: kernel.func @pad_
// CHECK: low = array<i64: 0, 0, 1, 1>, value = 0.000000e+00 : f32} : memref<1x2x6x6xf32>, memref<1x2x7x7xf32>
// CHECK-LABEL: kernel.func @avg_pool_div_
// CHECK: %[[S:.*]] = kernel.reduce add
// CHECK: arith.divf %[[S]], %{{.*}} : f32
// CHECK-LABEL: kernel.program @padded
// CHECK: kernel.constant dense<{{.*}}> : tensor<3x3xf32>
func.func @padded(%x: tensor<1x2x6x6xf32>) -> (tensor<1x2x3x3xf32>, tensor<1x2x3x3xf32>) {
  %0 = graph.max_pool %x {kernel_size = array<i64: 3, 3>, stride = array<i64: 2, 2>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>, ceil_mode = false} : (tensor<1x2x6x6xf32>) -> tensor<1x2x3x3xf32>
  %1 = graph.avg_pool %x {kernel_size = array<i64: 3, 3>, stride = array<i64: 2, 2>, padding = array<i64: 1, 1>, ceil_mode = false, count_include_pad = false} : (tensor<1x2x6x6xf32>) -> tensor<1x2x3x3xf32>
  return %0, %1 : tensor<1x2x3x3xf32>, tensor<1x2x3x3xf32>
}

// -----

// What is padded is computed in its place; who reads it without the padding reads
// a slice.
// CHECK-LABEL: kernel.func @exp_pad_
// CHECK: indexing_maps = [affine_map<(d0, d1) -> (0, 0, d0, d1)>, affine_map<(d0, d1) -> (0, 0, d0 + 1, d1 + 1)>]
// CHECK-LABEL: kernel.program @margin
// CHECK: kernel.launch @fill_{{.*}} ins() outs(%[[P:.*]] : memref<1x1x7x7xf32>)
// CHECK: kernel.launch @exp_pad_{{.*}} outs(%[[P]] :
// CHECK-DAG: kernel.launch @convolution_{{.*}} ins(%{{.*}}, %[[P]] :
// CHECK-DAG: kernel.launch @sum_{{.*}} ins(%[[P]] :
func.func @margin(%x: tensor<1x1x5x5xf32>, %w: tensor<1x1x3x3xf32>) -> (tensor<1x1x5x5xf32>, tensor<f32>) {
  %0 = graph.exp %x : (tensor<1x1x5x5xf32>) -> tensor<1x1x5x5xf32>
  %1 = graph.convolution %0, %w {stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x1x5x5xf32>, tensor<1x1x3x3xf32>) -> tensor<1x1x5x5xf32>
  %2 = graph.sum %0 {dims = array<i64: 0, 1, 2, 3>, keepdim = false} : (tensor<1x1x5x5xf32>) -> tensor<f32>
  return %1, %2 : tensor<1x1x5x5xf32>, tensor<f32>
}

// -----

// What writes nothing writes no element twice.
// CHECK-LABEL: kernel.func @tanh_sum_0(%{{.*}}: memref<0x6xf32>, %{{.*}}: memref<0x6xf32>, %{{.*}}: memref<0x4xf32>)
func.func @nothing(%x: tensor<0x6xf32>) -> (tensor<0x6xf32>, tensor<0x4xf32>) {
  %0 = graph.tanh %x : (tensor<0x6xf32>) -> tensor<0x6xf32>
  %1 = graph.unfold %0 {dim = 1 : i64, size = 3 : i64, step = 1 : i64} : (tensor<0x6xf32>) -> tensor<0x4x3xf32>
  %2 = graph.sum %1 {dims = array<i64: 2>, keepdim = false} : (tensor<0x4x3xf32>) -> tensor<0x4xf32>
  return %0, %2 : tensor<0x6xf32>, tensor<0x4xf32>
}
