// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @max_pool(
func.func @max_pool(%self: tensor<2x3x9x8xf32>) -> tensor<2x3x4x4xf32> {
  // CHECK: graph.max_pool %{{.*}} {ceil_mode = false, dilation = array<i64: 1, 1>, kernel_size = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : (tensor<2x3x9x8xf32>) -> tensor<2x3x4x4xf32>
  %0 = graph.max_pool %self {ceil_mode = false, dilation = array<i64: 1, 1>, kernel_size = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : (tensor<2x3x9x8xf32>) -> tensor<2x3x4x4xf32>
  return %0 : tensor<2x3x4x4xf32>
}

// -----

// CHECK-LABEL: @ceil_mode(
func.func @ceil_mode(%self: tensor<2x3x9x8xf32>) -> tensor<2x3x5x4xf32> {
  // CHECK: graph.max_pool %{{.*}} {ceil_mode = true, dilation = array<i64: 1, 1>, kernel_size = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : (tensor<2x3x9x8xf32>) -> tensor<2x3x5x4xf32>
  %0 = graph.max_pool %self {ceil_mode = true, dilation = array<i64: 1, 1>, kernel_size = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : (tensor<2x3x9x8xf32>) -> tensor<2x3x5x4xf32>
  return %0 : tensor<2x3x5x4xf32>
}

// -----

// (C1)
func.func @rank_3(%self: tensor<3x8x8xf32>) -> tensor<3x4x4xf32> {
  // expected-error@+2 {{expected `self` of 4 dimensions, received float32[3, 8, 8]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.max_pool %self {ceil_mode = false, dilation = array<i64: 1, 1>, kernel_size = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : (tensor<3x8x8xf32>) -> tensor<3x4x4xf32>
  return %0 : tensor<3x4x4xf32>
}

// -----

// (C2)
func.func @stride_0(%self: tensor<2x3x8x8xf32>) -> tensor<2x3x4x4xf32> {
  // expected-error@+2 {{expected `stride` of 2 numbers of at least 1, received [0, 2]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.max_pool %self {ceil_mode = false, dilation = array<i64: 1, 1>, kernel_size = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 0, 2>} : (tensor<2x3x8x8xf32>) -> tensor<2x3x4x4xf32>
  return %0 : tensor<2x3x4x4xf32>
}

// -----

// (C2)
func.func @padding_over_half(%self: tensor<2x3x8x8xf32>) -> tensor<2x3x4x4xf32> {
  // expected-error@+2 {{expected padding of at most half the kernel size [2, 2], received [2, 0]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.max_pool %self {ceil_mode = false, dilation = array<i64: 1, 1>, kernel_size = array<i64: 2, 2>, padding = array<i64: 2, 0>, stride = array<i64: 2, 2>} : (tensor<2x3x8x8xf32>) -> tensor<2x3x4x4xf32>
  return %0 : tensor<2x3x4x4xf32>
}

// -----

// (C3)
func.func @another_shape(%self: tensor<2x3x9x8xf32>) -> tensor<2x3x5x4xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<2x3x4x4xf32>' are incompatible with return type(s) of operation 'tensor<2x3x5x4xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.max_pool %self {ceil_mode = false, dilation = array<i64: 1, 1>, kernel_size = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : (tensor<2x3x9x8xf32>) -> tensor<2x3x5x4xf32>
  return %0 : tensor<2x3x5x4xf32>
}

// -----

// (C3)
func.func @no_window_fits(%self: tensor<2x3x1x8xf32>) -> tensor<2x3x1x4xf32> {
  // expected-error@+2 {{expected input that holds a window of [2, 2], received float32[2, 3, 1, 8] with padding [0, 0]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.max_pool %self {ceil_mode = false, dilation = array<i64: 1, 1>, kernel_size = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : (tensor<2x3x1x8xf32>) -> tensor<2x3x1x4xf32>
  return %0 : tensor<2x3x1x4xf32>
}
