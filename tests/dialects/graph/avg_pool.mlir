// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @avg_pool(
func.func @avg_pool(%self: tensor<2x3x9x8xf32>) -> tensor<2x3x4x4xf32> {
  // CHECK: graph.avg_pool %{{.*}} {ceil_mode = false, count_include_pad = true, kernel_size = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : (tensor<2x3x9x8xf32>) -> tensor<2x3x4x4xf32>
  %0 = graph.avg_pool %self {ceil_mode = false, count_include_pad = true, kernel_size = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : (tensor<2x3x9x8xf32>) -> tensor<2x3x4x4xf32>
  return %0 : tensor<2x3x4x4xf32>
}

// -----

// (C1)
func.func @rank_3(%self: tensor<3x8x8xf32>) -> tensor<3x4x4xf32> {
  // expected-error@+2 {{expected `self` of 4 dimensions, received float32[3, 8, 8]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.avg_pool %self {ceil_mode = false, count_include_pad = true, kernel_size = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : (tensor<3x8x8xf32>) -> tensor<3x4x4xf32>
  return %0 : tensor<3x4x4xf32>
}

// -----

// (C2)
func.func @kernel_size_0(%self: tensor<2x3x8x8xf32>) -> tensor<2x3x4x4xf32> {
  // expected-error@+2 {{expected `kernel_size` of 2 numbers of at least 1, received [0, 2]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.avg_pool %self {ceil_mode = false, count_include_pad = true, kernel_size = array<i64: 0, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : (tensor<2x3x8x8xf32>) -> tensor<2x3x4x4xf32>
  return %0 : tensor<2x3x4x4xf32>
}

// -----

// (C3)
func.func @another_shape(%self: tensor<2x3x9x8xf32>) -> tensor<2x3x5x4xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<2x3x4x4xf32>' are incompatible with return type(s) of operation 'tensor<2x3x5x4xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.avg_pool %self {ceil_mode = false, count_include_pad = true, kernel_size = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : (tensor<2x3x9x8xf32>) -> tensor<2x3x5x4xf32>
  return %0 : tensor<2x3x5x4xf32>
}
