// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @sign(
func.func @sign(%self: tensor<2x?xi32>) -> tensor<2x?xi32> {
  // CHECK: graph.sign %{{.*}} : (tensor<2x?xi32>) -> tensor<2x?xi32>
  %0 = graph.sign %self : (tensor<2x?xi32>) -> tensor<2x?xi32>
  return %0 : tensor<2x?xi32>
}

// -----

// (C1)
func.func @another_shape(%self: tensor<2xi32>) -> tensor<3xi32> {
  // expected-error@+2 {{inferred type(s) 'tensor<2xi32>' are incompatible with return type(s) of operation 'tensor<3xi32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.sign %self : (tensor<2xi32>) -> tensor<3xi32>
  return %0 : tensor<3xi32>
}

// -----

// Element types
func.func @wrong_element_type(%self: tensor<2xi1>) -> tensor<2xi1> {
  // expected-error@+1 {{operand #0 must be tensor of numbers, but got 'tensor<2xi1>'}}
  %0 = graph.sign %self : (tensor<2xi1>) -> tensor<2xi1>
  return %0 : tensor<2xi1>
}
