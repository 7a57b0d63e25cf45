// RUN: tensorc-opt %s -split-input-file --tensorc-legalize | FileCheck %s

// The padding is in the image, for the product and for the weight's gradient.
// CHECK-LABEL: func.func @padded(
// CHECK-SAME: %[[X:.*]]: tensor<1x2x5x6xf32>, %[[W:.*]]: tensor<3x2x3x3xf32>, %[[G:.*]]: tensor
// CHECK: %[[P:.*]] = graph.pad %[[X]] {high = array<i64: 0, 0, 1, 2>, interior = array<i64: 0, 0, 0, 0>, low = array<i64: 0, 0, 1, 2>, value = 0.000000e+00 : f64} : (tensor<1x2x5x6xf32>) -> tensor<1x2x7x10xf32>
// CHECK: graph.conv2d %[[P]], %[[W]] {{.*}}padding = array<i64: 0, 0>
// CHECK: graph.conv2d_backward_weight %[[G]], %[[P]] {{.*}}padding = array<i64: 0, 0>
// CHECK-NOT: graph.pad
func.func @padded(%x: tensor<1x2x5x6xf32>, %w: tensor<3x2x3x3xf32>, %g: tensor<1x3x5x8xf32>) -> (tensor<1x3x5x8xf32>, tensor<3x2x3x3xf32>) {
  %0 = graph.conv2d %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 1, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x2x5x6xf32>, tensor<3x2x3x3xf32>) -> tensor<1x3x5x8xf32>
  %1 = graph.conv2d_backward_weight %g, %x {weight_shape = array<i64: 3, 2, 3, 3>, stride = array<i64: 1, 1>, padding = array<i64: 1, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x5x8xf32>, tensor<1x2x5x6xf32>) -> tensor<3x2x3x3xf32>
  return %0, %1 : tensor<1x3x5x8xf32>, tensor<3x2x3x3xf32>
}

// -----

// Without padding there is nothing to do, whatever the size.
// CHECK-LABEL: func.func @legal(
// CHECK-NEXT: graph.conv2d
// CHECK-NEXT: return
func.func @legal(%x: tensor<1x2x?x?xf32>, %w: tensor<3x2x3x3xf32>) -> tensor<1x3x?x?xf32> {
  %0 = graph.conv2d %x, %w {stride = array<i64: 2, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x2x?x?xf32>, tensor<3x2x3x3xf32>) -> tensor<1x3x?x?xf32>
  return %0 : tensor<1x3x?x?xf32>
}

// -----

// The gradient, spread by the stride, meets the turned weight with its channels
// swapped.
// CHECK-LABEL: func.func @backward_input(
// CHECK-SAME: %[[G:.*]]: tensor<1x3x3x6xf32>, %[[W:.*]]: tensor<3x2x3x2xf32>
// CHECK: %[[S:.*]] = graph.pad %[[G]] {high = array<i64: 0, 0, 2, 1>, interior = array<i64: 0, 0, 1, 0>, low = array<i64: 0, 0, 1, 1>, {{.*}} -> tensor<1x3x8x8xf32>
// CHECK: %[[F:.*]] = graph.flip %[[W]] {dims = array<i64: 2, 3>}
// CHECK: %[[T:.*]] = graph.permute %[[F]] {dims = array<i64: 1, 0, 2, 3>} {{.*}} -> tensor<2x3x3x2xf32>
// CHECK: graph.conv2d %[[S]], %[[T]] {dilation = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0>, stride = array<i64: 1, 1>} {{.*}} -> tensor<1x2x6x7xf32>
func.func @backward_input(%g: tensor<1x3x3x6xf32>, %w: tensor<3x2x3x2xf32>) -> tensor<1x2x6x7xf32> {
  %0 = graph.conv2d_backward_input %g, %w {input_shape = array<i64: 1, 2, 6, 7>, stride = array<i64: 2, 1>, padding = array<i64: 1, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x3x3x6xf32>, tensor<3x2x3x2xf32>) -> tensor<1x2x6x7xf32>
  return %0 : tensor<1x2x6x7xf32>
}

// -----

// With groups, channels are swapped in each.
// CHECK-LABEL: func.func @groups(
// CHECK: graph.reshape {{.*}} -> tensor<2x3x2x1x1xf32>
// CHECK: graph.permute {{.*}} -> tensor<2x2x3x1x1xf32>
// CHECK: graph.reshape {{.*}} -> tensor<4x3x1x1xf32>
// CHECK: graph.conv2d {{.*}}groups = 2
func.func @groups(%g: tensor<1x6x5x5xf32>, %w: tensor<6x2x1x1xf32>) -> tensor<1x4x5x5xf32> {
  %0 = graph.conv2d_backward_input %g, %w {input_shape = array<i64: 1, 4, 5, 5>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 2 : i64} : (tensor<1x6x5x5xf32>, tensor<6x2x1x1xf32>) -> tensor<1x4x5x5xf32>
  return %0 : tensor<1x4x5x5xf32>
}
