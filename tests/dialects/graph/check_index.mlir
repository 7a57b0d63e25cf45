// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @check_index(
func.func @check_index(%self: tensor<2x?xi64>) -> tensor<2x?xi64> {
  // CHECK: graph.check_index %{{.*}} {function = "check_index", ignore_index = -100 : i64, size = 10 : i64} : (tensor<2x?xi64>) -> tensor<2x?xi64>
  %0 = graph.check_index %self {function = "check_index", ignore_index = -100 : i64, size = 10 : i64} : (tensor<2x?xi64>) -> tensor<2x?xi64>
  return %0 : tensor<2x?xi64>
}

// -----

// (C1)
func.func @another_shape(%self: tensor<2xi64>) -> tensor<3xi64> {
  // expected-error@+2 {{inferred type(s) 'tensor<2xi64>' are incompatible with return type(s) of operation 'tensor<3xi64>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.check_index %self {function = "check_index", ignore_index = -100 : i64, size = 10 : i64} : (tensor<2xi64>) -> tensor<3xi64>
  return %0 : tensor<3xi64>
}

// -----

// Element types
func.func @wrong_element_type(%self: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error@+1 {{operand #0 must be tensor of whole numbers, but got 'tensor<2xf32>'}}
  %0 = graph.check_index %self {function = "check_index", ignore_index = -100 : i64, size = 10 : i64} : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// (C2)
func.func @negative_size(%self: tensor<2xi64>) -> tensor<2xi64> {
  // expected-error@+1 {{attribute 'size' failed to satisfy constraint: 64-bit signless integer attribute whose value is non-negative}}
  %0 = graph.check_index %self {function = "check_index", ignore_index = 0 : i64, size = -1 : i64} : (tensor<2xi64>) -> tensor<2xi64>
  return %0 : tensor<2xi64>
}
