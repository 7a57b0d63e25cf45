// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @nll_loss(
func.func @nll_loss(%log_probs: tensor<4x10xf32>, %target: tensor<4xi64>) -> tensor<f32> {
  // CHECK: graph.nll_loss %{{.*}}, %{{.*}} {ignore_index = -100 : i64, reduction = "mean"} : (tensor<4x10xf32>, tensor<4xi64>) -> tensor<f32>
  %0 = graph.nll_loss %log_probs, %target {ignore_index = -100 : i64, reduction = "mean"} : (tensor<4x10xf32>, tensor<4xi64>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

// CHECK-LABEL: @none(
func.func @none(%log_probs: tensor<4x10xf32>, %target: tensor<4xi64>) -> tensor<4xf32> {
  // CHECK: graph.nll_loss %{{.*}}, %{{.*}} {ignore_index = -100 : i64, reduction = "none"} : (tensor<4x10xf32>, tensor<4xi64>) -> tensor<4xf32>
  %0 = graph.nll_loss %log_probs, %target {ignore_index = -100 : i64, reduction = "none"} : (tensor<4x10xf32>, tensor<4xi64>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// (C1)
func.func @batch_sizes_differ(%log_probs: tensor<4x10xf32>, %target: tensor<5xi64>) -> tensor<f32> {
  // expected-error@+2 {{expected targets of shape [4] for input float32[4, 10], received int64[5]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.nll_loss %log_probs, %target {ignore_index = -100 : i64, reduction = "mean"} : (tensor<4x10xf32>, tensor<5xi64>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

// (C1)
func.func @rank_3(%log_probs: tensor<4x10x2xf32>, %target: tensor<4xi64>) -> tensor<f32> {
  // expected-error@+2 {{expected `input` of 2 dimensions, received float32[4, 10, 2]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.nll_loss %log_probs, %target {ignore_index = -100 : i64, reduction = "mean"} : (tensor<4x10x2xf32>, tensor<4xi64>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

// (C2)
func.func @unknown_reduction(%log_probs: tensor<4x10xf32>, %target: tensor<4xi64>) -> tensor<f32> {
  // expected-error@+2 {{expected a reduction `none`, `mean` or `sum`, received `max`}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.nll_loss %log_probs, %target {ignore_index = -100 : i64, reduction = "max"} : (tensor<4x10xf32>, tensor<4xi64>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

// (C3)
func.func @another_shape(%log_probs: tensor<4x10xf32>, %target: tensor<4xi64>) -> tensor<4xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<f32>' are incompatible with return type(s) of operation 'tensor<4xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.nll_loss %log_probs, %target {ignore_index = -100 : i64, reduction = "mean"} : (tensor<4x10xf32>, tensor<4xi64>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
