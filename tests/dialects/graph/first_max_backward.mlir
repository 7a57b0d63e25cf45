// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @first_max_backward(
func.func @first_max_backward(%grad: tensor<2xf32>, %self: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  // CHECK: graph.first_max_backward %{{.*}}, %{{.*}} {dims = array<i64: 1, 2>} : (tensor<2xf32>, tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %0 = graph.first_max_backward %grad, %self {dims = array<i64: 1, 2>} : (tensor<2xf32>, tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return %0 : tensor<2x3x4xf32>
}

// -----

// (C1)
func.func @not_rising(%grad: tensor<f32>, %self: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error@+2 {{expected rising dimensions below 2, received [1, 0]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.first_max_backward %grad, %self {dims = array<i64: 1, 0>} : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// (C1)
func.func @of_nothing(%grad: tensor<2xf32>, %self: tensor<2x0xf32>) -> tensor<2x0xf32> {
  // expected-error@+2 {{expected reduced dimensions that aren't empty, received float32[2, 0]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.first_max_backward %grad, %self {dims = array<i64: 1>} : (tensor<2xf32>, tensor<2x0xf32>) -> tensor<2x0xf32>
  return %0 : tensor<2x0xf32>
}

// -----

// (C2)
func.func @another_gradient(%grad: tensor<3xf32>, %self: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error@+2 {{expected `grad_output` of type float32[2], received float32[3]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.first_max_backward %grad, %self {dims = array<i64: 1>} : (tensor<3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// (C3)
func.func @another_type(%grad: tensor<2xf32>, %self: tensor<2x3xf32>) -> tensor<2xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<2x3xf32>' are incompatible with return type(s) of operation 'tensor<2xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.first_max_backward %grad, %self {dims = array<i64: 1>} : (tensor<2xf32>, tensor<2x3xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
