// RUN: tensorc-opt %s -tensorc-differentiate -tensorc-decompose -mlir-print-debuginfo | FileCheck %s

// What an op is made into, and its gradient, belong to the op's line.
// CHECK-LABEL: func.func @f(
// CHECK: graph.sum %{{.*}} loc(#[[FORWARD:.*]])
// CHECK: graph.full {{.*}}value = 1.0{{.*}} loc(#[[REQUEST:.*]])
// CHECK: graph.broadcast_to {{.*}} loc(#[[FORWARD]])
// CHECK-DAG: #[[FORWARD]] = loc("model.cpp":7:3)
// CHECK-DAG: #[[REQUEST]] = loc("model.cpp":9:5)
func.func @f(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = graph.mean %x {dims = array<i64: 0, 1>, keepdim = false}
      : (tensor<2x3xf32>) -> tensor<f32> loc("model.cpp":7:3)
  %g = graph.gradients %0 wrt(%x) : tensor<f32>, tensor<2x3xf32> -> tensor<2x3xf32> loc("model.cpp":9:5)
  return %g : tensor<2x3xf32>
}
