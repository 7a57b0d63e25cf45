// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @mse_loss(
func.func @mse_loss(%input: tensor<2x3xf32>, %target: tensor<2x3xf32>) -> tensor<f32> {
  // CHECK: graph.mse_loss %{{.*}}, %{{.*}} {reduction = "mean"} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<f32>
  %0 = graph.mse_loss %input, %target {reduction = "mean"} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

// CHECK-LABEL: @none(
func.func @none(%input: tensor<2x3xf32>, %target: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK: graph.mse_loss %{{.*}}, %{{.*}} {reduction = "none"} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %0 = graph.mse_loss %input, %target {reduction = "none"} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// (C1)
func.func @shapes_differ(%input: tensor<2x3xf32>, %target: tensor<3xf32>) -> tensor<f32> {
  // expected-error@+2 {{expected operands of the same type, received float32[2, 3] and float32[3]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.mse_loss %input, %target {reduction = "mean"} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

// (C2)
func.func @unknown_reduction(%input: tensor<2x3xf32>, %target: tensor<2x3xf32>) -> tensor<f32> {
  // expected-error@+2 {{expected a reduction `none`, `mean` or `sum`, received `max`}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.mse_loss %input, %target {reduction = "max"} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

// (C3)
func.func @another_shape(%input: tensor<2x3xf32>, %target: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<f32>' are incompatible with return type(s) of operation 'tensor<2x3xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.mse_loss %input, %target {reduction = "sum"} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}
