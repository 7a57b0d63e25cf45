// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @iota(
func.func @iota() -> tensor<2x3xi64> {
  // CHECK: graph.iota  {dim = 1 : i64, dtype = i64, shape = array<i64: 2, 3>} : () -> tensor<2x3xi64>
  %0 = graph.iota {dim = 1 : i64, dtype = i64, shape = array<i64: 2, 3>} : () -> tensor<2x3xi64>
  return %0 : tensor<2x3xi64>
}

// -----

// (C1)
func.func @another_shape() -> tensor<3xi64> {
  // expected-error@+2 {{inferred type(s) 'tensor<2xi64>' are incompatible with return type(s) of operation 'tensor<3xi64>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.iota {dim = 0 : i64, dtype = i64, shape = array<i64: 2>} : () -> tensor<3xi64>
  return %0 : tensor<3xi64>
}

// -----

// (C2)
func.func @no_such_dimension() -> tensor<2xi64> {
  // expected-error@+2 {{expected a dimension below 1, received 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.iota {dim = 1 : i64, dtype = i64, shape = array<i64: 2>} : () -> tensor<2xi64>
  return %0 : tensor<2xi64>
}

// -----

// (C3)
func.func @negative_size() -> tensor<1xi64> {
  // expected-error@+2 {{expected sizes of at least 0, received [-1]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.iota {dim = 0 : i64, dtype = i64, shape = array<i64: -1>} : () -> tensor<1xi64>
  return %0 : tensor<1xi64>
}
