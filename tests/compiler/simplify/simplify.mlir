// RUN: tensorc-opt %s -tensorc-differentiate -tensorc-simplify | FileCheck %s

// What forward and backward compute alike is computed once: one exponential,
// one sum of a row.
// CHECK-LABEL: func.func @shared(
// CHECK: graph.amax
// CHECK: graph.exp
// CHECK-NOT: graph.amax
// CHECK-NOT: graph.exp
// CHECK: return
func.func @shared(%x: tensor<4x3xf32>, %labels: tensor<4xi64>) -> (tensor<f32>, tensor<4x3xf32>) {
  %0 = graph.cross_entropy %x, %labels {reduction = "mean", ignore_index = -100 : i64,
      label_smoothing = 0.0 : f64} : (tensor<4x3xf32>, tensor<4xi64>) -> tensor<f32>
  %g = graph.gradients %0 wrt(%x) : tensor<f32>, tensor<4x3xf32> -> tensor<4x3xf32>
  return %0, %g : tensor<f32>, tensor<4x3xf32>
}

// Gradients that nobody reads leave nothing behind.
// CHECK-LABEL: func.func @unused(
// CHECK-SAME: %[[X:.*]]: tensor<f32>)
// CHECK-NEXT: %[[Y:.*]] = graph.sin %[[X]]
// CHECK-NEXT: return %[[Y]]
func.func @unused(%x: tensor<f32>) -> tensor<f32> {
  %0 = graph.sin %x : (tensor<f32>) -> tensor<f32>
  %g = graph.gradients %0 wrt(%x) : tensor<f32>, tensor<f32> -> tensor<f32>
  return %0 : tensor<f32>
}
