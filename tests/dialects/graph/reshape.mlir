// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @reshape(
func.func @reshape(%self: tensor<2x3x4xf32>) -> tensor<6x4xf32> {
  // CHECK: graph.reshape %{{.*}} {shape = array<i64: 6, 4>} : (tensor<2x3x4xf32>) -> tensor<6x4xf32>
  %0 = graph.reshape %self {shape = array<i64: 6, 4>} : (tensor<2x3x4xf32>) -> tensor<6x4xf32>
  return %0 : tensor<6x4xf32>
}

// -----

// CHECK-LABEL: @to_scalar(
func.func @to_scalar(%self: tensor<1x1xf32>) -> tensor<f32> {
  // CHECK: graph.reshape %{{.*}} {shape = array<i64>} : (tensor<1x1xf32>) -> tensor<f32>
  %0 = graph.reshape %self {shape = array<i64>} : (tensor<1x1xf32>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

// (C1)
func.func @another_shape(%self: tensor<6xf32>) -> tensor<3x2xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<2x3xf32>' are incompatible with return type(s) of operation 'tensor<3x2xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.reshape %self {shape = array<i64: 2, 3>} : (tensor<6xf32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// -----

// (C2)
func.func @another_number_of_elements(%self: tensor<2x3xf32>) -> tensor<7xf32> {
  // expected-error@+2 {{expected a shape of 6 elements, as float32[2, 3], received [7]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.reshape %self {shape = array<i64: 7>} : (tensor<2x3xf32>) -> tensor<7xf32>
  return %0 : tensor<7xf32>
}
