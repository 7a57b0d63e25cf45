// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @sub(
func.func @sub(%self: tensor<2x?xi32>, %other: tensor<2x?xi32>) -> tensor<2x?xi32> {
  // CHECK: graph.sub %{{.*}}, %{{.*}} : (tensor<2x?xi32>, tensor<2x?xi32>) -> tensor<2x?xi32>
  %0 = graph.sub %self, %other : (tensor<2x?xi32>, tensor<2x?xi32>) -> tensor<2x?xi32>
  return %0 : tensor<2x?xi32>
}

// -----

// (C1)
func.func @shapes_differ(%self: tensor<2x3xi32>, %other: tensor<3xi32>) -> tensor<2x3xi32> {
  // expected-error@+2 {{expected operands of the same type, received int32[2, 3] and int32[3]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.sub %self, %other : (tensor<2x3xi32>, tensor<3xi32>) -> tensor<2x3xi32>
  return %0 : tensor<2x3xi32>
}

// -----

// (C1)
func.func @element_types_differ(%self: tensor<2xi32>, %other: tensor<2xf64>) -> tensor<2xi32> {
  // expected-error@+2 {{expected operands of the same type, received int32[2] and float64[2]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.sub %self, %other : (tensor<2xi32>, tensor<2xf64>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// -----

// (C2)
func.func @another_shape(%self: tensor<2xi32>, %other: tensor<2xi32>) -> tensor<3xi32> {
  // expected-error@+2 {{inferred type(s) 'tensor<2xi32>' are incompatible with return type(s) of operation 'tensor<3xi32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.sub %self, %other : (tensor<2xi32>, tensor<2xi32>) -> tensor<3xi32>
  return %0 : tensor<3xi32>
}

// -----

// Element types
func.func @wrong_element_type(%self: tensor<2xi1>, %other: tensor<2xi1>) -> tensor<2xi1> {
  // expected-error@+1 {{operand #0 must be tensor of numbers, but got 'tensor<2xi1>'}}
  %0 = graph.sub %self, %other : (tensor<2xi1>, tensor<2xi1>) -> tensor<2xi1>
  return %0 : tensor<2xi1>
}
