// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @cross_entropy(
func.func @cross_entropy(%input: tensor<4x10xf32>, %target: tensor<4xi64>) -> tensor<f32> {
  // CHECK: graph.cross_entropy %{{.*}}, %{{.*}} {ignore_index = -100 : i64, label_smoothing = 1.000000e-01 : f64, reduction = "mean"} : (tensor<4x10xf32>, tensor<4xi64>) -> tensor<f32>
  %0 = graph.cross_entropy %input, %target {ignore_index = -100 : i64, label_smoothing = 1.000000e-01 : f64, reduction = "mean"} : (tensor<4x10xf32>, tensor<4xi64>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

// CHECK-LABEL: @none(
func.func @none(%input: tensor<4x10xf32>, %target: tensor<4xi64>) -> tensor<4xf32> {
  // CHECK: graph.cross_entropy %{{.*}}, %{{.*}} {ignore_index = -100 : i64, label_smoothing = 0.000000e+00 : f64, reduction = "none"} : (tensor<4x10xf32>, tensor<4xi64>) -> tensor<4xf32>
  %0 = graph.cross_entropy %input, %target {ignore_index = -100 : i64, label_smoothing = 0.000000e+00 : f64, reduction = "none"} : (tensor<4x10xf32>, tensor<4xi64>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// (C1)
func.func @batch_sizes_differ(%input: tensor<4x10xf32>, %target: tensor<5xi64>) -> tensor<f32> {
  // expected-error@+2 {{expected targets of shape [4] for input float32[4, 10], received int64[5]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.cross_entropy %input, %target {ignore_index = -100 : i64, label_smoothing = 0.0 : f64, reduction = "mean"} : (tensor<4x10xf32>, tensor<5xi64>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

// (C1)
func.func @rank_1(%input: tensor<10xf32>, %target: tensor<10xi64>) -> tensor<f32> {
  // expected-error@+2 {{expected `input` of 2 dimensions, received float32[10]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.cross_entropy %input, %target {ignore_index = -100 : i64, label_smoothing = 0.0 : f64, reduction = "mean"} : (tensor<10xf32>, tensor<10xi64>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

// (C2)
func.func @unknown_reduction(%input: tensor<4x10xf32>, %target: tensor<4xi64>) -> tensor<f32> {
  // expected-error@+2 {{expected a reduction `none`, `mean` or `sum`, received `max`}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.cross_entropy %input, %target {ignore_index = -100 : i64, label_smoothing = 0.0 : f64, reduction = "max"} : (tensor<4x10xf32>, tensor<4xi64>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

// (C3)
func.func @label_smoothing_over_1(%input: tensor<4x10xf32>, %target: tensor<4xi64>) -> tensor<f32> {
  // expected-error@+2 {{expected `label_smoothing` in [0, 1], received 1.500000}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.cross_entropy %input, %target {ignore_index = -100 : i64, label_smoothing = 1.5 : f64, reduction = "mean"} : (tensor<4x10xf32>, tensor<4xi64>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

// (C4)
func.func @another_shape(%input: tensor<4x10xf32>, %target: tensor<4xi64>) -> tensor<4xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<f32>' are incompatible with return type(s) of operation 'tensor<4xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.cross_entropy %input, %target {ignore_index = -100 : i64, label_smoothing = 0.0 : f64, reduction = "mean"} : (tensor<4x10xf32>, tensor<4xi64>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
