// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @constant(
func.func @constant() -> tensor<2x2xf32> {
  // CHECK: graph.constant dense<{{\[}}[1.000000e+00, 2.000000e+00], [3.000000e+00, 4.000000e+00]]> : tensor<2x2xf32>
  %0 = graph.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// CHECK-LABEL: @bools(
func.func @bools() -> tensor<2xi1> {
  // CHECK: graph.constant dense<[true, false]> : tensor<2xi1>
  %0 = graph.constant dense<[true, false]> : tensor<2xi1>
  return %0 : tensor<2xi1>
}

// -----

// (C1)
func.func @another_type() -> tensor<3xf32> {
  // expected-error@+1 {{failed to verify that all of {value, result} have same type}}
  %0 = "graph.constant"() {value = dense<1.0> : tensor<2xf32>} : () -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

// Element types
func.func @complex() -> tensor<1xcomplex<f32>> {
  // expected-error@+1 {{result #0 must be tensor, but got 'tensor<1xcomplex<f32>>'}}
  %0 = graph.constant dense<(1.0, 2.0)> : tensor<1xcomplex<f32>>
  return %0 : tensor<1xcomplex<f32>>
}
