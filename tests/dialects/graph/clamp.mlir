// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @clamp(
func.func @clamp(%self: tensor<2x?xf16>) -> tensor<2x?xf16> {
  // CHECK: graph.clamp %{{.*}} {max = 6.000000e+00 : f64, min = 0.000000e+00 : f64} : (tensor<2x?xf16>) -> tensor<2x?xf16>
  %0 = graph.clamp %self {max = 6.000000e+00 : f64, min = 0.000000e+00 : f64} : (tensor<2x?xf16>) -> tensor<2x?xf16>
  return %0 : tensor<2x?xf16>
}

// -----

// (C1)
func.func @another_shape(%self: tensor<2xf16>) -> tensor<3xf16> {
  // expected-error@+2 {{inferred type(s) 'tensor<2xf16>' are incompatible with return type(s) of operation 'tensor<3xf16>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.clamp %self {max = 6.000000e+00 : f64, min = 0.000000e+00 : f64} : (tensor<2xf16>) -> tensor<3xf16>
  return %0 : tensor<3xf16>
}

// -----

// Element types
func.func @wrong_element_type(%self: tensor<2xi1>) -> tensor<2xi1> {
  // expected-error@+1 {{operand #0 must be tensor of numbers, but got 'tensor<2xi1>'}}
  %0 = graph.clamp %self {max = 6.000000e+00 : f64, min = 0.000000e+00 : f64} : (tensor<2xi1>) -> tensor<2xi1>
  return %0 : tensor<2xi1>
}
