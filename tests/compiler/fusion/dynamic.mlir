// RUN: tensorc-opt %s -split-input-file --tensorc-legalize --tensorc-fuse --tensorc-plan-memory --mlir-print-local-scope | FileCheck %s

// Single ops work for any size: sizes are read off the operands.
// CHECK-LABEL: kernel.func @add_{{[0-9]+}}(
// CHECK: kernel.generic ins(%{{.*}}, %{{.*}} : memref<?x?xf32>, memref<?x?xf32>) outs(%{{.*}} : memref<?x?xf32>)
// CHECK-LABEL: kernel.program @add(
// CHECK: kernel.launch @add_
// CHECK-NEXT: kernel.return
func.func @add(%x: tensor<?x?xf32>, %y: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %0 = graph.add %x, %y : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// -----

// CHECK-LABEL: kernel.func @sum_{{[0-9]+}}(
// CHECK: reduction_dims = array<i64: 1>
// CHECK-LABEL: kernel.program @sum(
// CHECK: kernel.launch @sum_
// CHECK-NEXT: kernel.return
func.func @sum(%x: tensor<?x?xf32>) -> tensor<?xf32> {
  %0 = graph.sum %x {dims = array<i64: 1>, keepdim = false} : (tensor<?x?xf32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

// CHECK-LABEL: kernel.func @matmul_{{[0-9]+}}(
// CHECK: kernel.contract ins(%{{.*}}, %{{.*}} : memref<?x?xf32>, memref<?x?xf32>) outs(%{{.*}} : memref<?x?xf32>)
// CHECK-LABEL: kernel.program @matmul(
// CHECK: kernel.launch @matmul_
// CHECK-NEXT: kernel.return
func.func @matmul(%x: tensor<?x?xf32>, %y: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %0 = graph.matmul %x, %y : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// -----

// CHECK-LABEL: kernel.func @convolution_{{[0-9]+}}(
// CHECK: -> (d0, d4, d2 * 2 + d5, d3 + d6)>
// CHECK-LABEL: kernel.program @convolution(
// CHECK: kernel.launch @convolution_
// CHECK-NEXT: kernel.return
func.func @convolution(%x: tensor<?x?x?x?xf32>, %w: tensor<?x?x3x3xf32>) -> tensor<?x?x?x?xf32> {
  %0 = graph.convolution %x, %w {stride = array<i64: 2, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x?x?x?xf32>, tensor<?x?x3x3xf32>) -> tensor<?x?x?x?xf32>
  return %0 : tensor<?x?x?x?xf32>
}

// -----

// CHECK-LABEL: kernel.func @max_pool_{{[0-9]+}}(
// CHECK: dim_sizes = array<i64: -1, -1, -1, -1, 2, 2>
// CHECK-LABEL: kernel.program @max_pool(
// CHECK: kernel.launch @max_pool_
// CHECK-NEXT: kernel.return
func.func @max_pool(%x: tensor<?x?x?x?xf32>) -> tensor<?x?x?x?xf32> {
  %0 = graph.max_pool %x {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, ceil_mode = false} : (tensor<?x?x?x?xf32>) -> tensor<?x?x?x?xf32>
  return %0 : tensor<?x?x?x?xf32>
}

// -----

// CHECK-LABEL: kernel.func @first_max_backward_{{[0-9]+}}(
// CHECK: reduction_dims = array<i64: 1, 2>
// CHECK-LABEL: kernel.program @first_max_backward(
// CHECK: kernel.launch @first_max_backward_
// CHECK-NEXT: kernel.return
func.func @first_max_backward(%g: tensor<?xf32>, %x: tensor<?x?x?xf32>) -> tensor<?x?x?xf32> {
  %0 = graph.first_max_backward %g, %x {dims = array<i64: 1, 2>} : (tensor<?xf32>, tensor<?x?x?xf32>) -> tensor<?x?x?xf32>
  return %0 : tensor<?x?x?xf32>
}

// -----

// CHECK-LABEL: kernel.func @convolution_backward_weight_{{[0-9]+}}(
// CHECK: -> (d4, d1, d2 + d5, d3 + d6)>
// CHECK-LABEL: kernel.program @convolution_backward_weight(
// CHECK: kernel.launch @convolution_backward_weight_
// CHECK-NEXT: kernel.return
func.func @convolution_backward_weight(%g: tensor<?x?x?x?xf32>, %x: tensor<?x?x?x?xf32>) -> tensor<?x?x3x3xf32> {
  %0 = graph.convolution_backward_weight %g, %x {weight_shape = array<i64: -9223372036854775808, -9223372036854775808, 3, 3>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>) -> tensor<?x?x3x3xf32>
  return %0 : tensor<?x?x3x3xf32>
}

// -----

// A dimension of unknown size that rows are reduced over is the consumer's
// where both read it off the same axis,
// CHECK-LABEL: kernel.func @sum_mul_
// CHECK-LABEL: kernel.program @rows(
func.func @rows(%x: tensor<4x?xf32>) -> tensor<4x?xf32> {
  %0 = graph.sum %x {dims = array<i64: 1>, keepdim = true} : (tensor<4x?xf32>) -> tensor<4x1xf32>
  %1 = graph.broadcast_to %0 {shape = array<i64: 4, -9223372036854775808>} : (tensor<4x1xf32>) -> tensor<4x?xf32>
  %2 = graph.mul %1, %x : (tensor<4x?xf32>, tensor<4x?xf32>) -> tensor<4x?xf32>
  return %2 : tensor<4x?xf32>
}

// -----

// but may be another size where they don't.
// CHECK-LABEL: kernel.func @sum_
// CHECK-LABEL: kernel.func @mul_
// CHECK-LABEL: kernel.program @columns(
func.func @columns(%x: tensor<4x?xf32>, %y: tensor<4x?xf32>) -> tensor<4x?xf32> {
  %0 = graph.sum %x {dims = array<i64: 1>, keepdim = true} : (tensor<4x?xf32>) -> tensor<4x1xf32>
  %1 = graph.broadcast_to %0 {shape = array<i64: 4, -9223372036854775808>} : (tensor<4x1xf32>) -> tensor<4x?xf32>
  %2 = graph.mul %1, %y : (tensor<4x?xf32>, tensor<4x?xf32>) -> tensor<4x?xf32>
  return %2 : tensor<4x?xf32>
}
