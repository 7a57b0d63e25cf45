// RUN: tensorc-check %s

func.func @max_pool() {
  %0 = graph.constant dense<[[[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]]]> : tensor<1x1x3x3xf32>
  %result = graph.max_pool %0 {kernel_size = array<i64: 2, 2>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, ceil_mode = false} : (tensor<1x1x3x3xf32>) -> tensor<1x1x2x2xf32>
  check.expect_eq_const %result, dense<[[[[4.0, 5.0], [7.0, 8.0]]]]> : tensor<1x1x2x2xf32>
  return
}

// Padding is never the greatest.
func.func @max_pool_padded() {
  %0 = graph.constant dense<[[[[0xFF800000, 0xFF800000], [0xFF800000, -1.0]]]]> : tensor<1x1x2x2xf32>
  %result = graph.max_pool %0 {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>, ceil_mode = false} : (tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32>
  check.expect_eq_const %result, dense<[[[[0xFF800000, 0xFF800000], [0xFF800000, -1.0]]]]> : tensor<1x1x2x2xf32>
  return
}

func.func @max_pool_nan() {
  %0 = graph.constant dense<[[[[1.0, 0x7FC0], [3.0, 4.0]]]]> : tensor<1x1x2x2xbf16>
  %result = graph.max_pool %0 {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, ceil_mode = false} : (tensor<1x1x2x2xbf16>) -> tensor<1x1x1x1xbf16>
  check.expect_eq_const %result, dense<[[[[0x7FC0]]]]> : tensor<1x1x1x1xbf16>
  return
}

func.func @max_pool_i8() {
  %0 = graph.constant dense<[[[[-5, -128], [-7, -6]]]]> : tensor<1x1x2x2xi8>
  %result = graph.max_pool %0 {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, ceil_mode = false} : (tensor<1x1x2x2xi8>) -> tensor<1x1x1x1xi8>
  check.expect_eq_const %result, dense<[[[[-5]]]]> : tensor<1x1x1x1xi8>
  return
}

// To the first of equal ones.
func.func @max_pool_backward() {
  %0 = graph.constant dense<[[[[1.0, 2.0], [3.0, 4.0]]]]> : tensor<1x1x2x2xf32>
  %1 = graph.constant dense<[[[[1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]]]> : tensor<1x1x3x3xf32>
  %result = graph.max_pool_backward %0, %1 {kernel_size = array<i64: 2, 2>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, ceil_mode = false} : (tensor<1x1x2x2xf32>, tensor<1x1x3x3xf32>) -> tensor<1x1x3x3xf32>
  check.expect_eq_const %result, dense<[[[[1.0, 2.0, 0.0], [3.0, 4.0, 0.0], [0.0, 0.0, 0.0]]]]> : tensor<1x1x3x3xf32>
  return
}

func.func @avg_pool_padded() {
  %0 = graph.constant dense<[[[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]]]> : tensor<1x1x3x3xf32>
  %result = graph.avg_pool %0 {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 1, 1>, ceil_mode = false, count_include_pad = true} : (tensor<1x1x3x3xf32>) -> tensor<1x1x2x2xf32>
  check.expect_eq_const %result, dense<[[[[0.0, 0.75], [2.25, 6.0]]]]> : tensor<1x1x2x2xf32>
  return
}

func.func @avg_pool_of_inside() {
  %0 = graph.constant dense<[[[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]]]> : tensor<1x1x3x3xf64>
  %result = graph.avg_pool %0 {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 1, 1>, ceil_mode = false, count_include_pad = false} : (tensor<1x1x3x3xf64>) -> tensor<1x1x2x2xf64>
  check.expect_eq_const %result, dense<[[[[0.0, 1.5], [4.5, 6.0]]]]> : tensor<1x1x2x2xf64>
  return
}

func.func @avg_pool_ceil() {
  %0 = graph.constant dense<[[[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]]]> : tensor<1x1x3x3xf16>
  %result = graph.avg_pool %0 {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, ceil_mode = true, count_include_pad = true} : (tensor<1x1x3x3xf16>) -> tensor<1x1x2x2xf16>
  check.expect_eq_const %result, dense<[[[[2.0, 3.5], [6.5, 8.0]]]]> : tensor<1x1x2x2xf16>
  return
}

func.func @avg_pool_backward() {
  %0 = graph.constant dense<[[[[4.0, 8.0], [12.0, 16.0]]]]> : tensor<1x1x2x2xf32>
  %result = graph.avg_pool_backward %0 {input_shape = array<i64: 1, 1, 3, 3>, kernel_size = array<i64: 2, 2>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, ceil_mode = false, count_include_pad = true} : (tensor<1x1x2x2xf32>) -> tensor<1x1x3x3xf32>
  check.expect_eq_const %result, dense<[[[[1.0, 3.0, 2.0], [4.0, 10.0, 6.0], [3.0, 7.0, 4.0]]]]> : tensor<1x1x3x3xf32>
  return
}

// Rounded once, at the end: not 2048 + 1 = 2048, + 1.
func.func @max_pool2d_backward_f16() {
  %0 = graph.constant dense<[[[[2048.0, 1.0], [1.0, 0.0]]]]> : tensor<1x1x2x2xf16>
  %1 = graph.constant dense<[[[[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]]]> : tensor<1x1x3x3xf16>
  %result = graph.max_pool_backward %0, %1 {kernel_size = array<i64: 2, 2>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, ceil_mode = false} : (tensor<1x1x2x2xf16>, tensor<1x1x3x3xf16>) -> tensor<1x1x3x3xf16>
  check.expect_eq_const %result, dense<[[[[0.0, 0.0, 0.0], [0.0, 2050.0, 0.0], [0.0, 0.0, 0.0]]]]> : tensor<1x1x3x3xf16>
  return
}
