// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @log_softmax(
func.func @log_softmax(%self: tensor<2x10xf32>) -> tensor<2x10xf32> {
  // CHECK: graph.log_softmax %{{.*}} {dim = 1 : i64} : (tensor<2x10xf32>) -> tensor<2x10xf32>
  %0 = graph.log_softmax %self {dim = 1 : i64} : (tensor<2x10xf32>) -> tensor<2x10xf32>
  return %0 : tensor<2x10xf32>
}

// -----

// (C1)
func.func @no_such_dimension(%self: tensor<2x10xf32>) -> tensor<2x10xf32> {
  // expected-error@+2 {{expected a dimension below 2, received 2}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.log_softmax %self {dim = 2 : i64} : (tensor<2x10xf32>) -> tensor<2x10xf32>
  return %0 : tensor<2x10xf32>
}

// -----

// (C2)
func.func @another_shape(%self: tensor<2x10xf32>) -> tensor<2xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<2x10xf32>' are incompatible with return type(s) of operation 'tensor<2xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.log_softmax %self {dim = 1 : i64} : (tensor<2x10xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
