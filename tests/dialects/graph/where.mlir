// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @where(
func.func @where(%condition: tensor<2x3xi1>, %self: tensor<2x3xf32>, %other: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK: graph.where %{{.*}}, %{{.*}}, %{{.*}} : (tensor<2x3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %0 = graph.where %condition, %self, %other : (tensor<2x3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// (C1)
func.func @element_types_differ(%condition: tensor<2x3xi1>, %self: tensor<2x3xf32>, %other: tensor<2x3xf64>) -> tensor<2x3xf32> {
  // expected-error@+2 {{expected operands of the same type, received float32[2, 3] and float64[2, 3]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.where %condition, %self, %other : (tensor<2x3xi1>, tensor<2x3xf32>, tensor<2x3xf64>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// (C2)
func.func @condition_of_another_shape(%condition: tensor<3xi1>, %self: tensor<2x3xf32>, %other: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error@+2 {{expected a condition of type bool[2, 3], received bool[3]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.where %condition, %self, %other : (tensor<3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// (C3)
func.func @another_type(%condition: tensor<2x3xi1>, %self: tensor<2x3xf32>, %other: tensor<2x3xf32>) -> tensor<2x3xf64> {
  // expected-error@+2 {{inferred type(s) 'tensor<2x3xf32>' are incompatible with return type(s) of operation 'tensor<2x3xf64>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.where %condition, %self, %other : (tensor<2x3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf64>
  return %0 : tensor<2x3xf64>
}

// -----

// Element types
func.func @condition_is_a_number(%condition: tensor<2x3xf32>, %self: tensor<2x3xf32>, %other: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error@+1 {{operand #0 must be tensor of bool, but got 'tensor<2x3xf32>'}}
  %0 = graph.where %condition, %self, %other : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}
