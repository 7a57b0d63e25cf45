// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @pad(
func.func @pad(%self: tensor<2x3xf32>) -> tensor<5x5xf32> {
  // CHECK: graph.pad %{{.*}} {high = array<i64: 2, 0>, interior = array<i64: 0, 1>, low = array<i64: 1, 0>, value = 0.000000e+00 : f64} : (tensor<2x3xf32>) -> tensor<5x5xf32>
  %0 = graph.pad %self {high = array<i64: 2, 0>, interior = array<i64: 0, 1>, low = array<i64: 1, 0>, value = 0.000000e+00 : f64} : (tensor<2x3xf32>) -> tensor<5x5xf32>
  return %0 : tensor<5x5xf32>
}

// -----

// CHECK-LABEL: @crop(
func.func @crop(%self: tensor<5xf32>) -> tensor<2xf32> {
  // CHECK: graph.pad %{{.*}} {high = array<i64: -2>, interior = array<i64: 0>, low = array<i64: -1>, value = 0.000000e+00 : f64} : (tensor<5xf32>) -> tensor<2xf32>
  %0 = graph.pad %self {high = array<i64: -2>, interior = array<i64: 0>, low = array<i64: -1>, value = 0.000000e+00 : f64} : (tensor<5xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// (C1)
func.func @too_few(%self: tensor<2x3xf32>) -> tensor<4x3xf32> {
  // expected-error@+2 {{expected `low` of 2 numbers}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.pad %self {high = array<i64: 1>, interior = array<i64: 0>, low = array<i64: 1>, value = 0.000000e+00 : f64} : (tensor<2x3xf32>) -> tensor<4x3xf32>
  return %0 : tensor<4x3xf32>
}

// -----

// (C2)
func.func @negative_interior(%self: tensor<2xf32>) -> tensor<1xf32> {
  // expected-error@+2 {{expected `interior` of 1 numbers of at least 0, received [-1]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.pad %self {high = array<i64: 0>, interior = array<i64: -1>, low = array<i64: 0>, value = 0.000000e+00 : f64} : (tensor<2xf32>) -> tensor<1xf32>
  return %0 : tensor<1xf32>
}

// -----

// (C3)
func.func @another_shape(%self: tensor<2xf32>) -> tensor<3xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<4xf32>' are incompatible with return type(s) of operation 'tensor<3xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.pad %self {high = array<i64: 1>, interior = array<i64: 0>, low = array<i64: 1>, value = 0.000000e+00 : f64} : (tensor<2xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

// (C3)
func.func @cut_off_more_than_there_is(%self: tensor<2xf32>) -> tensor<0xf32> {
  // expected-error@+2 {{expected padding that leaves sizes of at least 0 of float32[2], received low [-2] and high [-1]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.pad %self {high = array<i64: -1>, interior = array<i64: 0>, low = array<i64: -2>, value = 0.000000e+00 : f64} : (tensor<2xf32>) -> tensor<0xf32>
  return %0 : tensor<0xf32>
}

// -----

// (C4)
func.func @does_not_fit(%self: tensor<2xui8>) -> tensor<3xui8> {
  // expected-error@+2 {{expected a value that uint8 holds, received -1}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.pad %self {high = array<i64: 1>, interior = array<i64: 0>, low = array<i64: 0>, value = -1.0 : f64} : (tensor<2xui8>) -> tensor<3xui8>
  return %0 : tensor<3xui8>
}
