// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @avg_pool_backward(
func.func @avg_pool_backward(%grad_output: tensor<2x3x4x4xf32>) -> tensor<2x3x8x8xf32> {
  // CHECK: graph.avg_pool_backward %{{.*}} {ceil_mode = false, count_include_pad = true, input_shape = array<i64: 2, 3, 8, 8>, kernel_size = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : (tensor<2x3x4x4xf32>) -> tensor<2x3x8x8xf32>
  %0 = graph.avg_pool_backward %grad_output {ceil_mode = false, count_include_pad = true, input_shape = array<i64: 2, 3, 8, 8>, kernel_size = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : (tensor<2x3x4x4xf32>) -> tensor<2x3x8x8xf32>
  return %0 : tensor<2x3x8x8xf32>
}

// -----

// (C1)
func.func @grad_output_of_another_shape(%grad_output: tensor<2x3x5x4xf32>) -> tensor<2x3x8x8xf32> {
  // expected-error@+2 {{expected `grad_output` of type float32[2, 3, 4, 4], received float32[2, 3, 5, 4]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.avg_pool_backward %grad_output {ceil_mode = false, count_include_pad = true, input_shape = array<i64: 2, 3, 8, 8>, kernel_size = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : (tensor<2x3x5x4xf32>) -> tensor<2x3x8x8xf32>
  return %0 : tensor<2x3x8x8xf32>
}

// -----

// (C2)
func.func @another_shape(%grad_output: tensor<2x3x4x4xf32>) -> tensor<2x3x4x4xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<2x3x8x8xf32>' are incompatible with return type(s) of operation 'tensor<2x3x4x4xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.avg_pool_backward %grad_output {ceil_mode = false, count_include_pad = true, input_shape = array<i64: 2, 3, 8, 8>, kernel_size = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : (tensor<2x3x4x4xf32>) -> tensor<2x3x4x4xf32>
  return %0 : tensor<2x3x4x4xf32>
}
