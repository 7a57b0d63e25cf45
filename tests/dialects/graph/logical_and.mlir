// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @logical_and(
func.func @logical_and(%self: tensor<2x?xi1>, %other: tensor<2x?xi1>) -> tensor<2x?xi1> {
  // CHECK: graph.logical_and %{{.*}}, %{{.*}} : (tensor<2x?xi1>, tensor<2x?xi1>) -> tensor<2x?xi1>
  %0 = graph.logical_and %self, %other : (tensor<2x?xi1>, tensor<2x?xi1>) -> tensor<2x?xi1>
  return %0 : tensor<2x?xi1>
}

// -----

// (C1)
func.func @shapes_differ(%self: tensor<2x3xi1>, %other: tensor<3xi1>) -> tensor<2x3xi1> {
  // expected-error@+2 {{expected operands of the same type, received bool[2, 3] and bool[3]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.logical_and %self, %other : (tensor<2x3xi1>, tensor<3xi1>) -> tensor<2x3xi1>
  return %0 : tensor<2x3xi1>
}

// -----

// (C1)
func.func @element_types_differ(%self: tensor<2xi1>, %other: tensor<2xi32>) -> tensor<2xi1> {
  // expected-error@+1 {{operand #1 must be tensor of bool, but got 'tensor<2xi32>'}}
  %0 = graph.logical_and %self, %other : (tensor<2xi1>, tensor<2xi32>) -> tensor<2xi1>
  return %0 : tensor<2xi1>
}

// -----

// (C2)
func.func @another_shape(%self: tensor<2xi1>, %other: tensor<2xi1>) -> tensor<3xi1> {
  // expected-error@+2 {{inferred type(s) 'tensor<2xi1>' are incompatible with return type(s) of operation 'tensor<3xi1>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.logical_and %self, %other : (tensor<2xi1>, tensor<2xi1>) -> tensor<3xi1>
  return %0 : tensor<3xi1>
}

// -----

// Element types
func.func @wrong_element_type(%self: tensor<2xi32>, %other: tensor<2xi32>) -> tensor<2xi32> {
  // expected-error@+1 {{operand #0 must be tensor of bool, but got 'tensor<2xi32>'}}
  %0 = graph.logical_and %self, %other : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}
