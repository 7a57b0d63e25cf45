// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @unfold_backward(
func.func @unfold_backward(%grad: tensor<2x3x3x2xf32>) -> tensor<2x7x3xf32> {
  // CHECK: graph.unfold_backward %{{.*}} {dim = 1 : i64, input_shape = array<i64: 2, 7, 3>, size = 2 : i64, step = 2 : i64} : (tensor<2x3x3x2xf32>) -> tensor<2x7x3xf32>
  %0 = graph.unfold_backward %grad {dim = 1 : i64, input_shape = array<i64: 2, 7, 3>, size = 2 : i64, step = 2 : i64} : (tensor<2x3x3x2xf32>) -> tensor<2x7x3xf32>
  return %0 : tensor<2x7x3xf32>
}

// -----

// (C1)
func.func @other_windows(%grad: tensor<2x2xf32>) -> tensor<7xf32> {
  // expected-error@+2 {{expected `grad_output` of shape [3, 2], received float32[2, 2]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.unfold_backward %grad {dim = 0 : i64, input_shape = array<i64: 7>, size = 2 : i64, step = 2 : i64} : (tensor<2x2xf32>) -> tensor<7xf32>
  return %0 : tensor<7xf32>
}

// -----

// (C2)
func.func @another_shape(%grad: tensor<3x2xf32>) -> tensor<6xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<7xf32>' are incompatible with return type(s) of operation 'tensor<6xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.unfold_backward %grad {dim = 0 : i64, input_shape = array<i64: 7>, size = 2 : i64, step = 2 : i64} : (tensor<3x2xf32>) -> tensor<6xf32>
  return %0 : tensor<6xf32>
}
