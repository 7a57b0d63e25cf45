// RUN: tensorc-opt %s -split-input-file -verify-diagnostics --tensorc-legalize

func.func @dynamic_pool(%x: tensor<1x1x?x?xf32>) -> tensor<1x1x?x?xf32> {
  // expected-error@+1 {{the decomposition of `graph.max_pool` failed: expected images and windows of known sizes for padding, received [?, ?]}}
  %0 = graph.max_pool %x {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>, ceil_mode = false} : (tensor<1x1x?x?xf32>) -> tensor<1x1x?x?xf32>
  return %0 : tensor<1x1x?x?xf32>
}

// -----

func.func @dynamic_gradient(%g: tensor<1x2x?x?xf32>, %w: tensor<2x3x3x3xf32>) -> tensor<1x3x8x8xf32> {
  // expected-error@+1 {{the decomposition of `graph.convolution_backward_input` failed: expected images and windows of known sizes for the gradient, received [8, 8]}}
  %0 = graph.convolution_backward_input %g, %w {input_shape = array<i64: 1, 3, 8, 8>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x2x?x?xf32>, tensor<2x3x3x3xf32>) -> tensor<1x3x8x8xf32>
  return %0 : tensor<1x3x8x8xf32>
}

// -----

func.func @dynamic_groups(%x: tensor<1x4x8x8xf32>, %w: tensor<?x?x3x3xf32>) -> tensor<1x?x6x6xf32> {
  // expected-error@+1 {{the decomposition of `graph.convolution` failed: expected static numbers of channels in groups, received [?, ?, 3, 3]}}
  %0 = graph.convolution %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 2 : i64} : (tensor<1x4x8x8xf32>, tensor<?x?x3x3xf32>) -> tensor<1x?x6x6xf32>
  return %0 : tensor<1x?x6x6xf32>
}
