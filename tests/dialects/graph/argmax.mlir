// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @argmax(
func.func @argmax(%self: tensor<2x3xf32>) -> tensor<2xi64> {
  // CHECK: graph.argmax %{{.*}} {dim = 1 : i64, keepdim = false} : (tensor<2x3xf32>) -> tensor<2xi64>
  %0 = graph.argmax %self {dim = 1 : i64, keepdim = false} : (tensor<2x3xf32>) -> tensor<2xi64>
  return %0 : tensor<2xi64>
}

// -----

// CHECK-LABEL: @keepdim(
func.func @keepdim(%self: tensor<2x3xf32>) -> tensor<2x1xi64> {
  // CHECK: graph.argmax %{{.*}} {dim = 1 : i64, keepdim = true} : (tensor<2x3xf32>) -> tensor<2x1xi64>
  %0 = graph.argmax %self {dim = 1 : i64, keepdim = true} : (tensor<2x3xf32>) -> tensor<2x1xi64>
  return %0 : tensor<2x1xi64>
}

// -----

// (C1)
func.func @no_such_dimension(%self: tensor<2xf32>) -> tensor<2xi64> {
  // expected-error@+2 {{expected a dimension below 1, received 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.argmax %self {dim = 1 : i64, keepdim = false} : (tensor<2xf32>) -> tensor<2xi64>
  return %0 : tensor<2xi64>
}

// -----

// (C1)
func.func @nothing_to_choose_from(%self: tensor<2x0xf32>) -> tensor<2xi64> {
  // expected-error@+2 {{expected a reduced dimension that isn't empty, received float32[2, 0]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.argmax %self {dim = 1 : i64, keepdim = false} : (tensor<2x0xf32>) -> tensor<2xi64>
  return %0 : tensor<2xi64>
}

// -----

// (C2)
func.func @another_shape(%self: tensor<2x3xf32>) -> tensor<3xi64> {
  // expected-error@+2 {{inferred type(s) 'tensor<2xi64>' are incompatible with return type(s) of operation 'tensor<3xi64>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.argmax %self {dim = 1 : i64, keepdim = false} : (tensor<2x3xf32>) -> tensor<3xi64>
  return %0 : tensor<3xi64>
}
