// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @convolution(
func.func @convolution(%input: tensor<2x3x32x32xf32>, %weight: tensor<8x3x3x3xf32>) -> tensor<2x8x32x32xf32> {
  // CHECK: graph.convolution %{{.*}}, %{{.*}} {dilation = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 1, 1>, stride = array<i64: 1, 1>} : (tensor<2x3x32x32xf32>, tensor<8x3x3x3xf32>) -> tensor<2x8x32x32xf32>
  %0 = graph.convolution %input, %weight {dilation = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 1, 1>, stride = array<i64: 1, 1>} : (tensor<2x3x32x32xf32>, tensor<8x3x3x3xf32>) -> tensor<2x8x32x32xf32>
  return %0 : tensor<2x8x32x32xf32>
}

// -----

// CHECK-LABEL: @strided_dilated_grouped(
func.func @strided_dilated_grouped(%input: tensor<?x4x9x8xf32>, %weight: tensor<6x2x3x2xf32>) -> tensor<?x6x4x6xf32> {
  // CHECK: graph.convolution %{{.*}}, %{{.*}} {dilation = array<i64: 1, 2>, groups = 2 : i64, padding = array<i64: 0, 0>, stride = array<i64: 2, 1>} : (tensor<?x4x9x8xf32>, tensor<6x2x3x2xf32>) -> tensor<?x6x4x6xf32>
  %0 = graph.convolution %input, %weight {dilation = array<i64: 1, 2>, groups = 2 : i64, padding = array<i64: 0, 0>, stride = array<i64: 2, 1>} : (tensor<?x4x9x8xf32>, tensor<6x2x3x2xf32>) -> tensor<?x6x4x6xf32>
  return %0 : tensor<?x6x4x6xf32>
}

// -----

// (C1)
func.func @rank_3(%input: tensor<3x32x32xf32>, %weight: tensor<8x3x3x3xf32>) -> tensor<8x30x30xf32> {
  // expected-error@+2 {{expected `input` of 4 dimensions, received float32[3, 32, 32]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.convolution %input, %weight {dilation = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0>, stride = array<i64: 1, 1>} : (tensor<3x32x32xf32>, tensor<8x3x3x3xf32>) -> tensor<8x30x30xf32>
  return %0 : tensor<8x30x30xf32>
}

// -----

// (C1)
func.func @element_types_differ(%input: tensor<2x3x8x8xf32>, %weight: tensor<8x3x3x3xf64>) -> tensor<2x8x6x6xf32> {
  // expected-error@+2 {{expected operands of one element type, received float32[2, 3, 8, 8] and float64[8, 3, 3, 3]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.convolution %input, %weight {dilation = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0>, stride = array<i64: 1, 1>} : (tensor<2x3x8x8xf32>, tensor<8x3x3x3xf64>) -> tensor<2x8x6x6xf32>
  return %0 : tensor<2x8x6x6xf32>
}

// -----

// (C2)
func.func @one_stride(%input: tensor<2x3x8x8xf32>, %weight: tensor<8x3x3x3xf32>) -> tensor<2x8x6x6xf32> {
  // expected-error@+2 {{expected `padding` of 1 numbers of at least 0, received [0, 0]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.convolution %input, %weight {dilation = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0>, stride = array<i64: 1>} : (tensor<2x3x8x8xf32>, tensor<8x3x3x3xf32>) -> tensor<2x8x6x6xf32>
  return %0 : tensor<2x8x6x6xf32>
}

// -----

// (C2)
func.func @stride_0(%input: tensor<2x3x8x8xf32>, %weight: tensor<8x3x3x3xf32>) -> tensor<2x8x6x6xf32> {
  // expected-error@+2 {{expected `stride` of 2 numbers of at least 1, received [0, 1]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.convolution %input, %weight {dilation = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0>, stride = array<i64: 0, 1>} : (tensor<2x3x8x8xf32>, tensor<8x3x3x3xf32>) -> tensor<2x8x6x6xf32>
  return %0 : tensor<2x8x6x6xf32>
}

// -----

// (C2)
func.func @negative_padding(%input: tensor<2x3x8x8xf32>, %weight: tensor<8x3x3x3xf32>) -> tensor<2x8x6x6xf32> {
  // expected-error@+2 {{expected `padding` of 2 numbers of at least 0, received [-1, 0]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.convolution %input, %weight {dilation = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: -1, 0>, stride = array<i64: 1, 1>} : (tensor<2x3x8x8xf32>, tensor<8x3x3x3xf32>) -> tensor<2x8x6x6xf32>
  return %0 : tensor<2x8x6x6xf32>
}

// -----

// (C3)
func.func @channels_differ(%input: tensor<2x3x8x8xf32>, %weight: tensor<8x4x3x3xf32>) -> tensor<2x8x6x6xf32> {
  // expected-error@+2 {{expected input with 4 channels for weight float32[8, 4, 3, 3], received input float32[2, 3, 8, 8]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.convolution %input, %weight {dilation = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0>, stride = array<i64: 1, 1>} : (tensor<2x3x8x8xf32>, tensor<8x4x3x3xf32>) -> tensor<2x8x6x6xf32>
  return %0 : tensor<2x8x6x6xf32>
}

// -----

// (C3)
func.func @groups_do_not_divide(%input: tensor<2x4x8x8xf32>, %weight: tensor<8x1x3x3xf32>) -> tensor<2x8x6x6xf32> {
  // expected-error@+2 {{expected a number of output channels that 3 groups divide, received weight float32[8, 1, 3, 3]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.convolution %input, %weight {dilation = array<i64: 1, 1>, groups = 3 : i64, padding = array<i64: 0, 0>, stride = array<i64: 1, 1>} : (tensor<2x4x8x8xf32>, tensor<8x1x3x3xf32>) -> tensor<2x8x6x6xf32>
  return %0 : tensor<2x8x6x6xf32>
}

// -----

// (C4)
func.func @another_shape(%input: tensor<2x3x8x8xf32>, %weight: tensor<8x3x3x3xf32>) -> tensor<2x8x8x8xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<2x8x6x6xf32>' are incompatible with return type(s) of operation 'tensor<2x8x8x8xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.convolution %input, %weight {dilation = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0>, stride = array<i64: 1, 1>} : (tensor<2x3x8x8xf32>, tensor<8x3x3x3xf32>) -> tensor<2x8x8x8xf32>
  return %0 : tensor<2x8x8x8xf32>
}

// -----

// (C4)
func.func @kernel_larger_than_input(%input: tensor<2x3x2x2xf32>, %weight: tensor<8x3x5x5xf32>) -> tensor<2x8x1x1xf32> {
  // expected-error@+2 {{expected input that holds the kernel of weight float32[8, 3, 5, 5], received input float32[2, 3, 2, 2] with padding [0, 0]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.convolution %input, %weight {dilation = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0>, stride = array<i64: 1, 1>} : (tensor<2x3x2x2xf32>, tensor<8x3x5x5xf32>) -> tensor<2x8x1x1xf32>
  return %0 : tensor<2x8x1x1xf32>
}
