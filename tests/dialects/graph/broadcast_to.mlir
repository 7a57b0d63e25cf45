// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @broadcast_to(
func.func @broadcast_to(%self: tensor<3x1xf32>) -> tensor<2x3x4xf32> {
  // CHECK: graph.broadcast_to %{{.*}} {shape = array<i64: 2, 3, 4>} : (tensor<3x1xf32>) -> tensor<2x3x4xf32>
  %0 = graph.broadcast_to %self {shape = array<i64: 2, 3, 4>} : (tensor<3x1xf32>) -> tensor<2x3x4xf32>
  return %0 : tensor<2x3x4xf32>
}

// -----

// (C1)
func.func @another_shape(%self: tensor<1xf32>) -> tensor<5xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<4xf32>' are incompatible with return type(s) of operation 'tensor<5xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.broadcast_to %self {shape = array<i64: 4>} : (tensor<1xf32>) -> tensor<5xf32>
  return %0 : tensor<5xf32>
}

// -----

// (C1)
func.func @another_element_type(%self: tensor<1xf32>) -> tensor<4xf64> {
  // expected-error@+2 {{inferred type(s) 'tensor<4xf32>' are incompatible with return type(s) of operation 'tensor<4xf64>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.broadcast_to %self {shape = array<i64: 4>} : (tensor<1xf32>) -> tensor<4xf64>
  return %0 : tensor<4xf64>
}

// -----

// (C2)
func.func @fewer_dimensions(%self: tensor<2x3xf32>) -> tensor<3xf32> {
  // expected-error@+2 {{expected a shape that broadcasts to [3], received float32[2, 3]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.broadcast_to %self {shape = array<i64: 3>} : (tensor<2x3xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

// (C3)
func.func @sizes_differ(%self: tensor<2x3xf32>) -> tensor<2x4xf32> {
  // expected-error@+2 {{expected a shape that broadcasts to [2, 4], received float32[2, 3]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.broadcast_to %self {shape = array<i64: 2, 4>} : (tensor<2x3xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}
