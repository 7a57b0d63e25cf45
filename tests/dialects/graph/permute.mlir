// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @permute(
func.func @permute(%self: tensor<2x3x4xf32>) -> tensor<4x2x3xf32> {
  // CHECK: graph.permute %{{.*}} {dims = array<i64: 2, 0, 1>} : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
  %0 = graph.permute %self {dims = array<i64: 2, 0, 1>} : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
  return %0 : tensor<4x2x3xf32>
}

// -----

// (C1)
func.func @repeated_dimension(%self: tensor<2x3xf32>) -> tensor<2x2xf32> {
  // expected-error@+2 {{expected each dimension of float32[2, 3] once, received [0, 0]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.permute %self {dims = array<i64: 0, 0>} : (tensor<2x3xf32>) -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// -----

// (C1)
func.func @too_few(%self: tensor<2x3xf32>) -> tensor<2xf32> {
  // expected-error@+2 {{expected each dimension of float32[2, 3] once, received [0]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.permute %self {dims = array<i64: 0>} : (tensor<2x3xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// (C1)
func.func @no_such_dimension(%self: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error@+2 {{expected each dimension of float32[2, 3] once, received [0, 2]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.permute %self {dims = array<i64: 0, 2>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// (C2)
func.func @another_shape(%self: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<3x2xf32>' are incompatible with return type(s) of operation 'tensor<2x3xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.permute %self {dims = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}
