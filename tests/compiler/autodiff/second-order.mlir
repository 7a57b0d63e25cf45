// RUN: tensorc-opt %s -tensorc-differentiate -canonicalize -cse | FileCheck %s

// sin'' = -sin.
// CHECK-LABEL: func.func @sin(
// CHECK-SAME: %[[X:.*]]: tensor<f32>)
// CHECK-DAG: %[[SIN:.*]] = graph.sin %[[X]]
// CHECK-DAG: %[[MINUS:.*]] = graph.full {{.*}}value = -1.0
// CHECK: %[[H:.*]] = graph.mul %[[MINUS]], %[[SIN]]
// CHECK: return %[[H]]
func.func @sin(%x: tensor<f32>) -> tensor<f32> {
  %0 = graph.sin %x : (tensor<f32>) -> tensor<f32>
  %g = graph.gradients %0 wrt(%x) : tensor<f32>, tensor<f32> -> tensor<f32>
  %h = graph.gradients %g wrt(%x) : tensor<f32>, tensor<f32> -> tensor<f32>
  return %h : tensor<f32>
}

// Through a convolution and its own gradient ops: the penalty on an input
// gradient, differentiated with respect to the weight.
// CHECK-LABEL: func.func @penalty(
// CHECK-SAME: %[[X:.*]]: tensor<1x2x5x5xf32>, %[[W:.*]]: tensor<3x2x3x3xf32>)
// CHECK: %[[DX:.*]] = graph.convolution_backward_input %{{.*}}, %[[W]]
// CHECK: %[[DP:.*]] = graph.mul %[[DX]]
// CHECK: graph.convolution %[[DP]], %[[W]]
// CHECK: %[[A:.*]] = graph.convolution_backward_weight %{{.*}}, %[[DP]]
// CHECK: %[[B:.*]] = graph.convolution_backward_weight %{{.*}}, %[[X]]
// CHECK: %[[DW:.*]] = graph.add %[[A]], %[[B]]
// CHECK: return %[[DW]]
func.func @penalty(%x: tensor<1x2x5x5xf32>, %w: tensor<3x2x3x3xf32>)
    -> tensor<3x2x3x3xf32> {
  %y = graph.convolution %x, %w {stride = array<i64: 1, 1>,
      padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64}
      : (tensor<1x2x5x5xf32>, tensor<3x2x3x3xf32>) -> tensor<1x3x3x3xf32>
  %y2 = graph.square %y : (tensor<1x3x3x3xf32>) -> tensor<1x3x3x3xf32>
  %s = graph.sum %y2 {dims = array<i64: 0, 1, 2, 3>, keepdim = false}
      : (tensor<1x3x3x3xf32>) -> tensor<f32>
  %g = graph.gradients %s wrt(%x)
      : tensor<f32>, tensor<1x2x5x5xf32> -> tensor<1x2x5x5xf32>
  %g2 = graph.square %g : (tensor<1x2x5x5xf32>) -> tensor<1x2x5x5xf32>
  %p = graph.sum %g2 {dims = array<i64: 0, 1, 2, 3>, keepdim = false}
      : (tensor<1x2x5x5xf32>) -> tensor<f32>
  %h = graph.gradients %p wrt(%w)
      : tensor<f32>, tensor<3x2x3x3xf32> -> tensor<3x2x3x3xf32>
  return %h : tensor<3x2x3x3xf32>
}

// The second request reads what the first one's gradient is made of, not the
// request: x³ has the second derivative 6x, a sum of six here.
// CHECK-LABEL: func.func @cube(
// CHECK-SAME: %[[X:.*]]: tensor<f64>)
// CHECK: %[[X2:.*]] = graph.add %[[X]], %[[X]]
// CHECK: %[[X4:.*]] = graph.add %[[X2]], %[[X2]]
// CHECK: %[[X5:.*]] = graph.add %[[X4]], %[[X]]
// CHECK: %[[X6:.*]] = graph.add %[[X5]], %[[X]]
// CHECK: return %[[X6]]
func.func @cube(%x: tensor<f64>) -> tensor<f64> {
  %0 = graph.mul %x, %x : (tensor<f64>, tensor<f64>) -> tensor<f64>
  %1 = graph.mul %0, %x : (tensor<f64>, tensor<f64>) -> tensor<f64>
  %g = graph.gradients %1 wrt(%x) : tensor<f64>, tensor<f64> -> tensor<f64>
  %h = graph.gradients %g wrt(%x) : tensor<f64>, tensor<f64> -> tensor<f64>
  return %h : tensor<f64>
}
