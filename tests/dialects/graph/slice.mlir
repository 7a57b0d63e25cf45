// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @slice(
func.func @slice(%self: tensor<5x6xf32>) -> tensor<2x6xf32> {
  // CHECK: graph.slice %{{.*}} {ends = array<i64: 5, 6>, starts = array<i64: 1, 0>, steps = array<i64: 2, 1>} : (tensor<5x6xf32>) -> tensor<2x6xf32>
  %0 = graph.slice %self {ends = array<i64: 5, 6>, starts = array<i64: 1, 0>, steps = array<i64: 2, 1>} : (tensor<5x6xf32>) -> tensor<2x6xf32>
  return %0 : tensor<2x6xf32>
}

// -----

// (C1)
func.func @too_few(%self: tensor<5x6xf32>) -> tensor<2x6xf32> {
  // expected-error@+2 {{expected `starts` of 2 numbers of at least 0, received [1]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.slice %self {ends = array<i64: 5>, starts = array<i64: 1>, steps = array<i64: 2>} : (tensor<5x6xf32>) -> tensor<2x6xf32>
  return %0 : tensor<2x6xf32>
}

// -----

// (C2)
func.func @ends_outside(%self: tensor<5xf32>) -> tensor<5xf32> {
  // expected-error@+2 {{expected ranges inside float32[5], received starts [1] and ends [6]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.slice %self {ends = array<i64: 6>, starts = array<i64: 1>, steps = array<i64: 1>} : (tensor<5xf32>) -> tensor<5xf32>
  return %0 : tensor<5xf32>
}

// -----

// (C2)
func.func @starts_below_0(%self: tensor<5xf32>) -> tensor<6xf32> {
  // expected-error@+2 {{expected `starts` of 1 numbers of at least 0, received [-1]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.slice %self {ends = array<i64: 5>, starts = array<i64: -1>, steps = array<i64: 1>} : (tensor<5xf32>) -> tensor<6xf32>
  return %0 : tensor<6xf32>
}

// -----

// (C2)
func.func @step_0(%self: tensor<5xf32>) -> tensor<5xf32> {
  // expected-error@+2 {{expected `steps` of 1 numbers of at least 1, received [0]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.slice %self {ends = array<i64: 5>, starts = array<i64: 0>, steps = array<i64: 0>} : (tensor<5xf32>) -> tensor<5xf32>
  return %0 : tensor<5xf32>
}

// -----

// (C2)
func.func @ends_before_it_starts(%self: tensor<5xf32>) -> tensor<0xf32> {
  // expected-error@+2 {{expected ranges inside float32[5], received starts [3] and ends [2]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.slice %self {ends = array<i64: 2>, starts = array<i64: 3>, steps = array<i64: 1>} : (tensor<5xf32>) -> tensor<0xf32>
  return %0 : tensor<0xf32>
}

// -----

// (C3)
func.func @another_shape(%self: tensor<5xf32>) -> tensor<2xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<3xf32>' are incompatible with return type(s) of operation 'tensor<2xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.slice %self {ends = array<i64: 5>, starts = array<i64: 0>, steps = array<i64: 2>} : (tensor<5xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
