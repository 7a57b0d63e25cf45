// RUN: tensorc-opt %s -split-input-file --tensorc-legalize | FileCheck %s

// The padding is in the image, for the product and for the weight's gradient.
// CHECK-LABEL: func.func @padded(
// CHECK-SAME: %[[X:.*]]: tensor<1x2x5x6xf32>, %[[W:.*]]: tensor<3x2x3x3xf32>, %[[G:.*]]: tensor
// CHECK: %[[P:.*]] = graph.pad %[[X]] {high = array<i64: 0, 0, 1, 2>, interior = array<i64: 0, 0, 0, 0>, low = array<i64: 0, 0, 1, 2>, value = 0.000000e+00 : f64} : (tensor<1x2x5x6xf32>) -> tensor<1x2x7x10xf32>
// CHECK: %[[Y:.*]] = graph.unfold %[[P]] {dim = 2 : i64, size = 3 : i64, step = 1 : i64}
// CHECK: %[[V:.*]] = graph.unfold %[[Y]] {dim = 3 : i64, size = 3 : i64, step = 1 : i64}
// CHECK: graph.einsum %[[V]], %[[W]] {equation = "ncyxji,ocji->noyx"}
// CHECK: graph.einsum %[[G]], %[[V]] {equation = "noyx,ncyxji->ocji"}
// CHECK-NOT: graph.pad
func.func @padded(%x: tensor<1x2x5x6xf32>, %w: tensor<3x2x3x3xf32>, %g: tensor<1x3x5x8xf32>) -> (tensor<1x3x5x8xf32>, tensor<3x2x3x3xf32>) {
  %0 = graph.convolution %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 1, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x2x5x6xf32>, tensor<3x2x3x3xf32>) -> tensor<1x3x5x8xf32>
  %1 = graph.convolution_backward_weight %g, %x {weight_shape = array<i64: 3, 2, 3, 3>, stride = array<i64: 1, 1>, padding = array<i64: 1, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x5x8xf32>, tensor<1x2x5x6xf32>) -> tensor<3x2x3x3xf32>
  return %0, %1 : tensor<1x3x5x8xf32>, tensor<3x2x3x3xf32>
}

// -----

// Without padding, images may be of any size.
// CHECK-LABEL: func.func @any_size(
// CHECK-NEXT: graph.unfold
// CHECK-NEXT: graph.unfold
// CHECK-NEXT: graph.einsum
// CHECK-NEXT: return
func.func @any_size(%x: tensor<1x2x?x?xf32>, %w: tensor<3x2x3x3xf32>) -> tensor<1x3x?x?xf32> {
  %0 = graph.convolution %x, %w {stride = array<i64: 2, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x2x?x?xf32>, tensor<3x2x3x3xf32>) -> tensor<1x3x?x?xf32>
  return %0 : tensor<1x3x?x?xf32>
}

// -----

// The gradient, spread by the stride, meets the weight turned around.
// CHECK-LABEL: func.func @backward_input(
// CHECK-SAME: %[[G:.*]]: tensor<1x3x3x6xf32>, %[[W:.*]]: tensor<3x2x3x2xf32>
// CHECK: %[[S:.*]] = graph.pad %[[G]] {high = array<i64: 0, 0, 2, 1>, interior = array<i64: 0, 0, 1, 0>, low = array<i64: 0, 0, 1, 1>, {{.*}} -> tensor<1x3x8x8xf32>
// CHECK: %[[F:.*]] = graph.flip %[[W]] {dims = array<i64: 2, 3>}
// CHECK: graph.einsum %{{.*}}, %[[F]] {equation = "noyxji,ocji->ncyx"} {{.*}} -> tensor<1x2x6x7xf32>
func.func @backward_input(%g: tensor<1x3x3x6xf32>, %w: tensor<3x2x3x2xf32>) -> tensor<1x2x6x7xf32> {
  %0 = graph.convolution_backward_input %g, %w {input_shape = array<i64: 1, 2, 6, 7>, stride = array<i64: 2, 1>, padding = array<i64: 1, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x3x6xf32>, tensor<3x2x3x2xf32>) -> tensor<1x2x6x7xf32>
  return %0 : tensor<1x2x6x7xf32>
}

// -----

// Groups are a dimension of their own.
// CHECK-LABEL: func.func @groups(
// CHECK: graph.reshape {{.*}} -> tensor<1x2x3x5x5x1x1xf32>
// CHECK: graph.reshape {{.*}} -> tensor<2x3x2x1x1xf32>
// CHECK: graph.einsum {{.*}}equation = "ngoyxji,gocji->ngcyx"
// CHECK: graph.reshape {{.*}} -> tensor<1x4x5x5xf32>
func.func @groups(%g: tensor<1x6x5x5xf32>, %w: tensor<6x2x1x1xf32>) -> tensor<1x4x5x5xf32> {
  %0 = graph.convolution_backward_input %g, %w {input_shape = array<i64: 1, 4, 5, 5>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 2 : i64} : (tensor<1x6x5x5xf32>, tensor<6x2x1x1xf32>) -> tensor<1x4x5x5xf32>
  return %0 : tensor<1x4x5x5xf32>
}

// -----

// In one dimension, with every third element of windows, and in three.
// CHECK-LABEL: func.func @dimensions(
// CHECK: graph.unfold {{.*}}dim = 2 : i64, size = 4 : i64, step = 1
// CHECK: graph.unfold {{.*}}dim = 3 : i64, size = 1 : i64, step = 3
// CHECK: graph.einsum {{.*}}equation = "ncxi,oci->nox"
// CHECK-COUNT-3: graph.unfold
// CHECK: graph.einsum {{.*}}equation = "nczyxkji,ockji->nozyx"
func.func @dimensions(%x: tensor<1x2x9xf32>, %v: tensor<3x2x2xf32>, %y: tensor<1x2x3x4x5xf32>, %w: tensor<3x2x1x2x3xf32>) -> (tensor<1x3x6xf32>, tensor<1x3x3x3x3xf32>) {
  %0 = graph.convolution %x, %v {stride = array<i64: 1>, padding = array<i64: 0>, dilation = array<i64: 3>, groups = 1 : i64} : (tensor<1x2x9xf32>, tensor<3x2x2xf32>) -> tensor<1x3x6xf32>
  %1 = graph.convolution %y, %w {stride = array<i64: 1, 1, 1>, padding = array<i64: 0, 0, 0>, dilation = array<i64: 1, 1, 1>, groups = 1 : i64} : (tensor<1x2x3x4x5xf32>, tensor<3x2x1x2x3xf32>) -> tensor<1x3x3x3x3xf32>
  return %0, %1 : tensor<1x3x6xf32>, tensor<1x3x3x3x3xf32>
}
