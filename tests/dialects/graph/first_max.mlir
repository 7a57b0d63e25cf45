// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @first_max(
func.func @first_max(%self: tensor<2x3x4xf32>) -> tensor<2x1x1xi32> {
  // CHECK: graph.first_max %{{.*}} {dims = array<i64: 1, 2>, keepdim = true} : (tensor<2x3x4xf32>) -> tensor<2x1x1xi32>
  %0 = graph.first_max %self {dims = array<i64: 1, 2>, keepdim = true} : (tensor<2x3x4xf32>) -> tensor<2x1x1xi32>
  return %0 : tensor<2x1x1xi32>
}

// -----

// (C1)
func.func @not_rising(%self: tensor<2x3xf32>) -> tensor<i32> {
  // expected-error@+2 {{expected rising dimensions below 2, received [1, 0]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.first_max %self {dims = array<i64: 1, 0>, keepdim = false} : (tensor<2x3xf32>) -> tensor<i32>
  return %0 : tensor<i32>
}

// -----

// (C1)
func.func @of_nothing(%self: tensor<2x0xf32>) -> tensor<2xi32> {
  // expected-error@+2 {{expected reduced dimensions that aren't empty, received float32[2, 0]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.first_max %self {dims = array<i64: 1>, keepdim = false} : (tensor<2x0xf32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// -----

// (C2)
func.func @another_shape(%self: tensor<2x3xf32>) -> tensor<3xi32> {
  // expected-error@+2 {{inferred type(s) 'tensor<2xi32>' are incompatible with return type(s) of operation 'tensor<3xi32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.first_max %self {dims = array<i64: 1>, keepdim = false} : (tensor<2x3xf32>) -> tensor<3xi32>
  return %0 : tensor<3xi32>
}
