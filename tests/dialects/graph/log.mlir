// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @log(
func.func @log(%self: tensor<2x?xf32>) -> tensor<2x?xf32> {
  // CHECK: graph.log %{{.*}} : (tensor<2x?xf32>) -> tensor<2x?xf32>
  %0 = graph.log %self : (tensor<2x?xf32>) -> tensor<2x?xf32>
  return %0 : tensor<2x?xf32>
}

// -----

// (C1)
func.func @another_shape(%self: tensor<2xf32>) -> tensor<3xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<2xf32>' are incompatible with return type(s) of operation 'tensor<3xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.log %self : (tensor<2xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

// Element types
func.func @wrong_element_type(%self: tensor<2xi32>) -> tensor<2xi32> {
  // expected-error@+1 {{operand #0 must be tensor of floating-point numbers, but got 'tensor<2xi32>'}}
  %0 = graph.log %self : (tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}
