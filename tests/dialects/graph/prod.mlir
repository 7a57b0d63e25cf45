// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @prod(
func.func @prod(%self: tensor<2x3x4xf32>) -> tensor<3xf32> {
  // CHECK: graph.prod %{{.*}} {dims = array<i64: 0, 2>, keepdim = false} : (tensor<2x3x4xf32>) -> tensor<3xf32>
  %0 = graph.prod %self {dims = array<i64: 0, 2>, keepdim = false} : (tensor<2x3x4xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

// CHECK-LABEL: @keepdim(
func.func @keepdim(%self: tensor<2x3x4xf32>) -> tensor<1x3x1xf32> {
  // CHECK: graph.prod %{{.*}} {dims = array<i64: 0, 2>, keepdim = true} : (tensor<2x3x4xf32>) -> tensor<1x3x1xf32>
  %0 = graph.prod %self {dims = array<i64: 0, 2>, keepdim = true} : (tensor<2x3x4xf32>) -> tensor<1x3x1xf32>
  return %0 : tensor<1x3x1xf32>
}

// -----

// (C1)
func.func @not_rising(%self: tensor<2x3xf32>) -> tensor<f32> {
  // expected-error@+2 {{expected rising dimensions below 2, received [1, 0]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.prod %self {dims = array<i64: 1, 0>, keepdim = false} : (tensor<2x3xf32>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

// (C1)
func.func @no_such_dimension(%self: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error@+2 {{expected rising dimensions below 2, received [2]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.prod %self {dims = array<i64: 2>, keepdim = false} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// (C2)
func.func @another_shape(%self: tensor<2x3xf32>) -> tensor<3xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<2xf32>' are incompatible with return type(s) of operation 'tensor<3xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.prod %self {dims = array<i64: 1>, keepdim = false} : (tensor<2x3xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

// Element types
func.func @wrong_element_type(%self: tensor<2x3xi1>) -> tensor<2xi1> {
  // expected-error@+1 {{operand #0 must be tensor of numbers, but got 'tensor<2x3xi1>'}}
  %0 = graph.prod %self {dims = array<i64: 1>, keepdim = false} : (tensor<2x3xi1>) -> tensor<2xi1>
  return %0 : tensor<2xi1>
}
