// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @one_hot(
func.func @one_hot(%self: tensor<2x3xi64>) -> tensor<2x3x10xf32> {
  // CHECK: graph.one_hot %{{.*}} {dtype = f32, num_classes = 10 : i64} : (tensor<2x3xi64>) -> tensor<2x3x10xf32>
  %0 = graph.one_hot %self {dtype = f32, num_classes = 10 : i64} : (tensor<2x3xi64>) -> tensor<2x3x10xf32>
  return %0 : tensor<2x3x10xf32>
}

// -----

// (C1)
func.func @another_shape(%self: tensor<2xi64>) -> tensor<10x2xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<2x10xf32>' are incompatible with return type(s) of operation 'tensor<10x2xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.one_hot %self {dtype = f32, num_classes = 10 : i64} : (tensor<2xi64>) -> tensor<10x2xf32>
  return %0 : tensor<10x2xf32>
}

// -----

// (C2)
func.func @negative_number_of_classes(%self: tensor<2xi64>) -> tensor<2x1xf32> {
  // expected-error@+2 {{expected `num_classes` to be at least 0, received -1}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.one_hot %self {dtype = f32, num_classes = -1 : i64} : (tensor<2xi64>) -> tensor<2x1xf32>
  return %0 : tensor<2x1xf32>
}

// -----

// Element types
func.func @float_labels(%self: tensor<2xf32>) -> tensor<2x10xf32> {
  // expected-error@+1 {{operand #0 must be tensor of int64, but got 'tensor<2xf32>'}}
  %0 = graph.one_hot %self {dtype = f32, num_classes = 10 : i64} : (tensor<2xf32>) -> tensor<2x10xf32>
  return %0 : tensor<2x10xf32>
}
