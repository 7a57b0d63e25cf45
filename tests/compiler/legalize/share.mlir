// RUN: tensorc-opt %s -split-input-file --tensorc-legalize --mlir-print-debuginfo | FileCheck %s

// A product that is wanted transposed only.
// CHECK-LABEL: func.func @transposed(
// CHECK-SAME: %[[X:.*]]: tensor<2x3x4xf32>{{.*}}, %[[Y:.*]]: tensor<2x4x5xf32>
// CHECK: %[[L:.*]] = graph.permute %[[Y]] {dims = array<i64: 0, 2, 1>}
// CHECK: %[[R:.*]] = graph.permute %[[X]] {dims = array<i64: 0, 2, 1>}
// CHECK: %[[P:.*]] = graph.matmul %[[L]], %[[R]]
// CHECK: return %[[P]]
func.func @transposed(%x: tensor<2x3x4xf32>, %y: tensor<2x4x5xf32>) -> tensor<2x5x3xf32> {
  %0 = graph.matmul %x, %y : (tensor<2x3x4xf32>, tensor<2x4x5xf32>) -> tensor<2x3x5xf32>
  %1 = graph.permute %0 {dims = array<i64: 0, 2, 1>} : (tensor<2x3x5xf32>) -> tensor<2x5x3xf32>
  return %1 : tensor<2x5x3xf32>
}

// -----

// One that is wanted otherwise, too, and one whose batches are exchanged, stay.
// CHECK-LABEL: func.func @kept(
// CHECK: %[[P:.*]] = graph.matmul %{{.*}}, %{{.*}} :
// CHECK-NEXT: graph.permute %[[P]]
// CHECK-NEXT: %[[Q:.*]] = graph.matmul
// CHECK-NEXT: graph.permute %[[Q]]
func.func @kept(%x: tensor<2x3x4xf32>, %y: tensor<2x4x5xf32>, %z: tensor<2x5x3xf32>) -> (tensor<2x3x5xf32>, tensor<2x5x3xf32>, tensor<4x2x3xf32>) {
  %0 = graph.matmul %x, %y : (tensor<2x3x4xf32>, tensor<2x4x5xf32>) -> tensor<2x3x5xf32>
  %1 = graph.permute %0 {dims = array<i64: 0, 2, 1>} : (tensor<2x3x5xf32>) -> tensor<2x5x3xf32>
  %2 = graph.matmul %y, %z : (tensor<2x4x5xf32>, tensor<2x5x3xf32>) -> tensor<2x4x3xf32>
  %3 = graph.permute %2 {dims = array<i64: 1, 0, 2>} : (tensor<2x4x3xf32>) -> tensor<4x2x3xf32>
  return %0, %1, %3 : tensor<2x3x5xf32>, tensor<2x5x3xf32>, tensor<4x2x3xf32>
}

// -----

// Other readers of what is padded read a slice.
// CHECK-LABEL: func.func @shared(
// CHECK: %[[E:.*]] = graph.exp
// CHECK-NEXT: %[[P:.*]] = graph.pad %[[E]]
// CHECK-NEXT: %[[S:.*]] = graph.slice %[[P]] {ends = array<i64: 6>, starts = array<i64: 1>, steps = array<i64: 2>}
// CHECK-NEXT: graph.neg %[[S]]
func.func @shared(%x: tensor<3xf32>) -> (tensor<3xf32>, tensor<7xf32>) {
  %0 = graph.exp %x : (tensor<3xf32>) -> tensor<3xf32>
  %1 = graph.neg %0 : (tensor<3xf32>) -> tensor<3xf32>
  %2 = graph.pad %0 {low = array<i64: 1>, high = array<i64: 1>, interior = array<i64: 1>, value = 0.0 : f64} : (tensor<3xf32>) -> tensor<7xf32>
  return %1, %2 : tensor<3xf32>, tensor<7xf32>
}

// -----

// What another op stands for has its name, and the user's line.
// CHECK-LABEL: func.func @named(
// CHECK: graph.einsum {{.*}} loc(#[[NAMED:.*]])
// CHECK-DAG: #[[LINE:.*]] = loc("model.cpp":7:3)
// CHECK-DAG: #[[NAMED]] = loc("convolution_backward_input"(#[[LINE]]))
func.func @named(%g: tensor<1x1x1x1xf32>, %w: tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> {
  %0 = graph.convolution_backward_input %g, %w {input_shape = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> loc("model.cpp":7:3)
  return %0 : tensor<1x1x1x1xf32>
}
