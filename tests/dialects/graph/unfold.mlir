// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @unfold(
func.func @unfold(%self: tensor<2x7x3xf32>) -> tensor<2x3x3x2xf32> {
  // CHECK: graph.unfold %{{.*}} {dim = 1 : i64, size = 2 : i64, step = 2 : i64} : (tensor<2x7x3xf32>) -> tensor<2x3x3x2xf32>
  %0 = graph.unfold %self {dim = 1 : i64, size = 2 : i64, step = 2 : i64} : (tensor<2x7x3xf32>) -> tensor<2x3x3x2xf32>
  return %0 : tensor<2x3x3x2xf32>
}

// CHECK-LABEL: @unknown(
func.func @unknown(%self: tensor<?x7xf32>) -> tensor<?x7x2xf32> {
  %0 = graph.unfold %self {dim = 0 : i64, size = 2 : i64, step = 2 : i64} : (tensor<?x7xf32>) -> tensor<?x7x2xf32>
  return %0 : tensor<?x7x2xf32>
}

// -----

// (C1)
func.func @no_such_dimension(%self: tensor<7xf32>) -> tensor<3x2xf32> {
  // expected-error@+2 {{expected a dimension below 1, received 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.unfold %self {dim = 1 : i64, size = 2 : i64, step = 2 : i64} : (tensor<7xf32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// -----

// (C1)
func.func @too_large(%self: tensor<7xf32>) -> tensor<0x8xf32> {
  // expected-error@+2 {{expected `size` to be of a window in float32[7], received 8}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.unfold %self {dim = 0 : i64, size = 8 : i64, step = 1 : i64} : (tensor<7xf32>) -> tensor<0x8xf32>
  return %0 : tensor<0x8xf32>
}

// -----

// (C1)
func.func @step_0(%self: tensor<7xf32>) -> tensor<3x2xf32> {
  // expected-error@+2 {{expected `step` to be at least 1, received 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.unfold %self {dim = 0 : i64, size = 2 : i64, step = 0 : i64} : (tensor<7xf32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// -----

// (C2)
func.func @another_shape(%self: tensor<7xf32>) -> tensor<2x3xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<3x2xf32>' are incompatible with return type(s) of operation 'tensor<2x3xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.unfold %self {dim = 0 : i64, size = 2 : i64, step = 2 : i64} : (tensor<7xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}
