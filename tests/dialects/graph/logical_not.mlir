// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @logical_not(
func.func @logical_not(%self: tensor<2x?xi1>) -> tensor<2x?xi1> {
  // CHECK: graph.logical_not %{{.*}} : (tensor<2x?xi1>) -> tensor<2x?xi1>
  %0 = graph.logical_not %self : (tensor<2x?xi1>) -> tensor<2x?xi1>
  return %0 : tensor<2x?xi1>
}

// -----

// (C1)
func.func @another_shape(%self: tensor<2xi1>) -> tensor<3xi1> {
  // expected-error@+2 {{inferred type(s) 'tensor<2xi1>' are incompatible with return type(s) of operation 'tensor<3xi1>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.logical_not %self : (tensor<2xi1>) -> tensor<3xi1>
  return %0 : tensor<3xi1>
}

// -----

// Element types
func.func @wrong_element_type(%self: tensor<2xi32>) -> tensor<2xi32> {
  // expected-error@+1 {{operand #0 must be tensor of bool, but got 'tensor<2xi32>'}}
  %0 = graph.logical_not %self : (tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}
