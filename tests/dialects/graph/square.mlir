// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @square(
func.func @square(%self: tensor<2x?xf64>) -> tensor<2x?xf64> {
  // CHECK: graph.square %{{.*}} : (tensor<2x?xf64>) -> tensor<2x?xf64>
  %0 = graph.square %self : (tensor<2x?xf64>) -> tensor<2x?xf64>
  return %0 : tensor<2x?xf64>
}

// -----

// (C1)
func.func @another_shape(%self: tensor<2xf64>) -> tensor<3xf64> {
  // expected-error@+2 {{inferred type(s) 'tensor<2xf64>' are incompatible with return type(s) of operation 'tensor<3xf64>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.square %self : (tensor<2xf64>) -> tensor<3xf64>
  return %0 : tensor<3xf64>
}

// -----

// Element types
func.func @wrong_element_type(%self: tensor<2xi1>) -> tensor<2xi1> {
  // expected-error@+1 {{operand #0 must be tensor of numbers, but got 'tensor<2xi1>'}}
  %0 = graph.square %self : (tensor<2xi1>) -> tensor<2xi1>
  return %0 : tensor<2xi1>
}
