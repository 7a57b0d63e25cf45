// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @full(
func.func @full() -> tensor<2x3xf32> {
  // CHECK: graph.full  {dtype = f32, shape = array<i64: 2, 3>, value = 5.000000e-01 : f64} : () -> tensor<2x3xf32>
  %0 = graph.full {dtype = f32, shape = array<i64: 2, 3>, value = 5.000000e-01 : f64} : () -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// CHECK-LABEL: @scalar(
func.func @scalar() -> tensor<i64> {
  // CHECK: graph.full  {dtype = i64, shape = array<i64>, value = 3.000000e+00 : f64} : () -> tensor<i64>
  %0 = graph.full {dtype = i64, shape = array<i64>, value = 3.000000e+00 : f64} : () -> tensor<i64>
  return %0 : tensor<i64>
}

// -----

// (C1)
func.func @another_shape() -> tensor<3x2xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<2x3xf32>' are incompatible with return type(s) of operation 'tensor<3x2xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.full {dtype = f32, shape = array<i64: 2, 3>, value = 0.0 : f64} : () -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// -----

// (C1)
func.func @another_element_type() -> tensor<2xf64> {
  // expected-error@+2 {{inferred type(s) 'tensor<2xf32>' are incompatible with return type(s) of operation 'tensor<2xf64>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.full {dtype = f32, shape = array<i64: 2>, value = 0.0 : f64} : () -> tensor<2xf64>
  return %0 : tensor<2xf64>
}

// -----

// (C2)
func.func @negative_size() -> tensor<2xf32> {
  // expected-error@+2 {{expected sizes of at least 0, received [-2]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.full {dtype = f32, shape = array<i64: -2>, value = 0.0 : f64} : () -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// (C3)
func.func @does_not_fit() -> tensor<2xi8> {
  // expected-error@+2 {{expected a value that int8 holds, received 200}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.full {dtype = i8, shape = array<i64: 2>, value = 200.0 : f64} : () -> tensor<2xi8>
  return %0 : tensor<2xi8>
}

// -----

// (C3)
func.func @has_a_fraction() -> tensor<2xi64> {
  // expected-error@+2 {{expected a value that int64 holds, received 1.5}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.full {dtype = i64, shape = array<i64: 2>, value = 1.5 : f64} : () -> tensor<2xi64>
  return %0 : tensor<2xi64>
}

// -----

// CHECK-LABEL: @greatest_byte(
func.func @greatest_byte() -> tensor<2xui8> {
  // CHECK: graph.full {dtype = ui8, shape = array<i64: 2>, value = 2.550000e+02 : f64}
  %0 = graph.full {dtype = ui8, shape = array<i64: 2>, value = 255.0 : f64} : () -> tensor<2xui8>
  return %0 : tensor<2xui8>
}
