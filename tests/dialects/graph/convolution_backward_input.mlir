// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @convolution_backward_input(
func.func @convolution_backward_input(%grad_output: tensor<2x8x6x6xf32>, %weight: tensor<8x3x3x3xf32>) -> tensor<2x3x8x8xf32> {
  // CHECK: graph.convolution_backward_input %{{.*}}, %{{.*}} {dilation = array<i64: 1, 1>, groups = 1 : i64, input_shape = array<i64: 2, 3, 8, 8>, padding = array<i64: 0, 0>, stride = array<i64: 1, 1>} : (tensor<2x8x6x6xf32>, tensor<8x3x3x3xf32>) -> tensor<2x3x8x8xf32>
  %0 = graph.convolution_backward_input %grad_output, %weight {dilation = array<i64: 1, 1>, groups = 1 : i64, input_shape = array<i64: 2, 3, 8, 8>, padding = array<i64: 0, 0>, stride = array<i64: 1, 1>} : (tensor<2x8x6x6xf32>, tensor<8x3x3x3xf32>) -> tensor<2x3x8x8xf32>
  return %0 : tensor<2x3x8x8xf32>
}

// -----

// (C1)
func.func @grad_output_of_another_shape(%grad_output: tensor<2x8x5x6xf32>, %weight: tensor<8x3x3x3xf32>) -> tensor<2x3x8x8xf32> {
  // expected-error@+2 {{expected `grad_output` of shape [2, 8, 6, 6], received float32[2, 8, 5, 6]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.convolution_backward_input %grad_output, %weight {dilation = array<i64: 1, 1>, groups = 1 : i64, input_shape = array<i64: 2, 3, 8, 8>, padding = array<i64: 0, 0>, stride = array<i64: 1, 1>} : (tensor<2x8x5x6xf32>, tensor<8x3x3x3xf32>) -> tensor<2x3x8x8xf32>
  return %0 : tensor<2x3x8x8xf32>
}

// -----

// (C2)
func.func @another_shape(%grad_output: tensor<2x8x6x6xf32>, %weight: tensor<8x3x3x3xf32>) -> tensor<2x3x9x9xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<2x3x8x8xf32>' are incompatible with return type(s) of operation 'tensor<2x3x9x9xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.convolution_backward_input %grad_output, %weight {dilation = array<i64: 1, 1>, groups = 1 : i64, input_shape = array<i64: 2, 3, 8, 8>, padding = array<i64: 0, 0>, stride = array<i64: 1, 1>} : (tensor<2x8x6x6xf32>, tensor<8x3x3x3xf32>) -> tensor<2x3x9x9xf32>
  return %0 : tensor<2x3x9x9xf32>
}
