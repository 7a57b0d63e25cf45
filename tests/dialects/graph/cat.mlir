// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @cat(
func.func @cat(%a: tensor<2x3xf32>, %b: tensor<2x4xf32>) -> tensor<2x7xf32> {
  // CHECK: graph.cat %{{.*}}, %{{.*}} {dim = 1 : i64} : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<2x7xf32>
  %0 = graph.cat %a, %b {dim = 1 : i64} : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<2x7xf32>
  return %0 : tensor<2x7xf32>
}

// -----

// CHECK-LABEL: @cat_one(
func.func @cat_one(%a: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: graph.cat %{{.*}} {dim = 0 : i64} : (tensor<2xf32>) -> tensor<2xf32>
  %0 = graph.cat %a {dim = 0 : i64} : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// (C1)
func.func @ranks_differ(%a: tensor<2x3xf32>, %b: tensor<2xf32>) -> tensor<4x3xf32> {
  // expected-error@+2 {{expected tensors that differ in dimension 0 alone, received float32[2, 3] and float32[2]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.cat %a, %b {dim = 0 : i64} : (tensor<2x3xf32>, tensor<2xf32>) -> tensor<4x3xf32>
  return %0 : tensor<4x3xf32>
}

// -----

// (C1)
func.func @sizes_differ(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>) -> tensor<2x7xf32> {
  // expected-error@+2 {{expected tensors that differ in dimension 1 alone, received float32[2, 3] and float32[3, 4]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.cat %a, %b {dim = 1 : i64} : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x7xf32>
  return %0 : tensor<2x7xf32>
}

// -----

// (C1)
func.func @element_types_differ(%a: tensor<2xf32>, %b: tensor<2xf64>) -> tensor<4xf32> {
  // expected-error@+2 {{expected tensors that differ in dimension 0 alone, received float32[2] and float64[2]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.cat %a, %b {dim = 0 : i64} : (tensor<2xf32>, tensor<2xf64>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// (C1)
func.func @none() -> tensor<0xf32> {
  // expected-error@+2 {{expected at least one tensor, received none}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.cat {dim = 0 : i64} : () -> tensor<0xf32>
  return %0 : tensor<0xf32>
}

// -----

// (C2)
func.func @no_such_dimension(%a: tensor<2xf32>, %b: tensor<2xf32>) -> tensor<4xf32> {
  // expected-error@+2 {{expected a dimension below 1, received 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.cat %a, %b {dim = 1 : i64} : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// (C3)
func.func @another_shape(%a: tensor<2xf32>, %b: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<4xf32>' are incompatible with return type(s) of operation 'tensor<2xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.cat %a, %b {dim = 0 : i64} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
