// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @all(
func.func @all(%self: tensor<2x3x4xi1>) -> tensor<3xi1> {
  // CHECK: graph.all %{{.*}} {dims = array<i64: 0, 2>, keepdim = false} : (tensor<2x3x4xi1>) -> tensor<3xi1>
  %0 = graph.all %self {dims = array<i64: 0, 2>, keepdim = false} : (tensor<2x3x4xi1>) -> tensor<3xi1>
  return %0 : tensor<3xi1>
}

// -----

// CHECK-LABEL: @keepdim(
func.func @keepdim(%self: tensor<2x3x4xi1>) -> tensor<1x3x1xi1> {
  // CHECK: graph.all %{{.*}} {dims = array<i64: 0, 2>, keepdim = true} : (tensor<2x3x4xi1>) -> tensor<1x3x1xi1>
  %0 = graph.all %self {dims = array<i64: 0, 2>, keepdim = true} : (tensor<2x3x4xi1>) -> tensor<1x3x1xi1>
  return %0 : tensor<1x3x1xi1>
}

// -----

// (C1)
func.func @not_rising(%self: tensor<2x3xi1>) -> tensor<i1> {
  // expected-error@+2 {{expected rising dimensions below 2, received [1, 0]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.all %self {dims = array<i64: 1, 0>, keepdim = false} : (tensor<2x3xi1>) -> tensor<i1>
  return %0 : tensor<i1>
}

// -----

// (C1)
func.func @no_such_dimension(%self: tensor<2x3xi1>) -> tensor<2x3xi1> {
  // expected-error@+2 {{expected rising dimensions below 2, received [2]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.all %self {dims = array<i64: 2>, keepdim = false} : (tensor<2x3xi1>) -> tensor<2x3xi1>
  return %0 : tensor<2x3xi1>
}

// -----

// (C2)
func.func @another_shape(%self: tensor<2x3xi1>) -> tensor<3xi1> {
  // expected-error@+2 {{inferred type(s) 'tensor<2xi1>' are incompatible with return type(s) of operation 'tensor<3xi1>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.all %self {dims = array<i64: 1>, keepdim = false} : (tensor<2x3xi1>) -> tensor<3xi1>
  return %0 : tensor<3xi1>
}

// -----

// Element types
func.func @wrong_element_type(%self: tensor<2x3xf32>) -> tensor<2xf32> {
  // expected-error@+1 {{operand #0 must be tensor of bool, but got 'tensor<2x3xf32>'}}
  %0 = graph.all %self {dims = array<i64: 1>, keepdim = false} : (tensor<2x3xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
