// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @flip(
func.func @flip(%self: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK: graph.flip %{{.*}} {dims = array<i64: 0, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %0 = graph.flip %self {dims = array<i64: 0, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// (C1)
func.func @not_rising(%self: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error@+2 {{expected rising dimensions below 2, received [1, 0]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.flip %self {dims = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// (C1)
func.func @no_such_dimension(%self: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error@+2 {{expected rising dimensions below 2, received [2]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.flip %self {dims = array<i64: 2>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// (C2)
func.func @another_type(%self: tensor<2x3xf32>) -> tensor<3x2xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<2x3xf32>' are incompatible with return type(s) of operation 'tensor<3x2xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.flip %self {dims = array<i64: 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}
