// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @pow(
func.func @pow(%self: tensor<2x?xf32>, %other: tensor<2x?xf32>) -> tensor<2x?xf32> {
  // CHECK: graph.pow %{{.*}}, %{{.*}} : (tensor<2x?xf32>, tensor<2x?xf32>) -> tensor<2x?xf32>
  %0 = graph.pow %self, %other : (tensor<2x?xf32>, tensor<2x?xf32>) -> tensor<2x?xf32>
  return %0 : tensor<2x?xf32>
}

// -----

// (C1)
func.func @shapes_differ(%self: tensor<2x3xf32>, %other: tensor<3xf32>) -> tensor<2x3xf32> {
  // expected-error@+2 {{expected operands of the same type, received float32[2, 3] and float32[3]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.pow %self, %other : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// (C1)
func.func @element_types_differ(%self: tensor<2xf32>, %other: tensor<2xf64>) -> tensor<2xf32> {
  // expected-error@+2 {{expected operands of the same type, received float32[2] and float64[2]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.pow %self, %other : (tensor<2xf32>, tensor<2xf64>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// (C2)
func.func @another_shape(%self: tensor<2xf32>, %other: tensor<2xf32>) -> tensor<3xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<2xf32>' are incompatible with return type(s) of operation 'tensor<3xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.pow %self, %other : (tensor<2xf32>, tensor<2xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

// Element types
func.func @wrong_element_type(%self: tensor<2xi1>, %other: tensor<2xi1>) -> tensor<2xi1> {
  // expected-error@+1 {{operand #0 must be tensor of numbers, but got 'tensor<2xi1>'}}
  %0 = graph.pow %self, %other : (tensor<2xi1>, tensor<2xi1>) -> tensor<2xi1>
  return %0 : tensor<2xi1>
}
