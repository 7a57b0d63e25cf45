// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @max(
func.func @max(%self: tensor<2x3xf32>) -> tensor<f32> {
  // CHECK: graph.max %{{.*}} : (tensor<2x3xf32>) -> tensor<f32>
  %0 = graph.max %self : (tensor<2x3xf32>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

// (C1)
func.func @no_elements(%self: tensor<2x0xf32>) -> tensor<f32> {
  // expected-error@+2 {{expected reduced dimensions that aren't empty, received float32[2, 0]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.max %self : (tensor<2x0xf32>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

// (C2)
func.func @another_shape(%self: tensor<2xf32>) -> tensor<1xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<f32>' are incompatible with return type(s) of operation 'tensor<1xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.max %self : (tensor<2xf32>) -> tensor<1xf32>
  return %0 : tensor<1xf32>
}

// -----

// Element types
func.func @wrong_element_type(%self: tensor<2xi1>) -> tensor<i1> {
  // expected-error@+1 {{operand #0 must be tensor of numbers, but got 'tensor<2xi1>'}}
  %0 = graph.max %self : (tensor<2xi1>) -> tensor<i1>
  return %0 : tensor<i1>
}
