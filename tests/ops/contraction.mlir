// RUN: tensorc-check %s

func.func @matmul_f32() {
  %0 = graph.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %1 = graph.constant dense<[[5.0, 6.0], [7.0, 8.0]]> : tensor<2x2xf32>
  %result = graph.matmul %0, %1 : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  check.expect_eq_const %result, dense<[[19.0, 22.0], [43.0, 50.0]]> : tensor<2x2xf32>
  return
}

func.func @matmul_bf16() {
  %0 = graph.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xbf16>
  %1 = graph.constant dense<[[5.0, 6.0], [7.0, 8.0]]> : tensor<2x2xbf16>
  %result = graph.matmul %0, %1 : (tensor<2x2xbf16>, tensor<2x2xbf16>) -> tensor<2x2xbf16>
  check.expect_eq_const %result, dense<[[19.0, 22.0], [43.0, 50.0]]> : tensor<2x2xbf16>
  return
}

func.func @matmul_i32() {
  %0 = graph.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi32>
  %1 = graph.constant dense<[[5, 6], [7, 8]]> : tensor<2x2xi32>
  %result = graph.matmul %0, %1 : (tensor<2x2xi32>, tensor<2x2xi32>) -> tensor<2x2xi32>
  check.expect_eq_const %result, dense<[[19, 22], [43, 50]]> : tensor<2x2xi32>
  return
}

func.func @matmul_batches() {
  %0 = graph.constant dense<[[[1.0, 2.0]], [[3.0, 4.0]]]> : tensor<2x1x2xf64>
  %1 = graph.constant dense<[[[1.0], [1.0]], [[2.0], [0.5]]]> : tensor<2x2x1xf64>
  %result = graph.matmul %0, %1 : (tensor<2x1x2xf64>, tensor<2x2x1xf64>) -> tensor<2x1x1xf64>
  check.expect_eq_const %result, dense<[[[3.0]], [[8.0]]]> : tensor<2x1x1xf64>
  return
}

// A sum of no products.
func.func @matmul_nothing() {
  %0 = graph.constant dense<> : tensor<2x0xf32>
  %1 = graph.constant dense<> : tensor<0x2xf32>
  %result = graph.matmul %0, %1 : (tensor<2x0xf32>, tensor<0x2xf32>) -> tensor<2x2xf32>
  check.expect_eq_const %result, dense<[[0.0, 0.0], [0.0, 0.0]]> : tensor<2x2xf32>
  return
}

func.func @convolution() {
  %0 = graph.constant dense<[[[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]]]> : tensor<1x1x3x3xf32>
  %1 = graph.constant dense<[[[[1.0, 2.0], [3.0, 4.0]]]]> : tensor<1x1x2x2xf32>
  %result = graph.convolution %0, %1 {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x1x3x3xf32>, tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32>
  check.expect_eq_const %result, dense<[[[[27.0, 37.0], [57.0, 67.0]]]]> : tensor<1x1x2x2xf32>
  return
}

func.func @convolution_padded() {
  %0 = graph.constant dense<[[[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]]]> : tensor<1x1x3x3xf64>
  %1 = graph.constant dense<[[[[1.0, 2.0], [3.0, 4.0]]]]> : tensor<1x1x2x2xf64>
  %result = graph.convolution %0, %1 {stride = array<i64: 2, 2>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x1x3x3xf64>, tensor<1x1x2x2xf64>) -> tensor<1x1x2x2xf64>
  check.expect_eq_const %result, dense<[[[[0.0, 11.0], [30.0, 67.0]]]]> : tensor<1x1x2x2xf64>
  return
}

func.func @convolution_dilated() {
  %0 = graph.constant dense<[[[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]]]> : tensor<1x1x3x3xf16>
  %1 = graph.constant dense<[[[[1.0, 2.0], [3.0, 4.0]]]]> : tensor<1x1x2x2xf16>
  %result = graph.convolution %0, %1 {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 2, 2>, groups = 1 : i64} : (tensor<1x1x3x3xf16>, tensor<1x1x2x2xf16>) -> tensor<1x1x1x1xf16>
  check.expect_eq_const %result, dense<[[[[54.0]]]]> : tensor<1x1x1x1xf16>
  return
}

func.func @convolution_groups() {
  %0 = graph.constant dense<[[[[1.0]], [[2.0]]]]> : tensor<1x2x1x1xf32>
  %1 = graph.constant dense<[[[[10.0]]], [[[100.0]]]]> : tensor<2x1x1x1xf32>
  %result = graph.convolution %0, %1 {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 2 : i64} : (tensor<1x2x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x1x1xf32>
  check.expect_eq_const %result, dense<[[[[10.0]], [[200.0]]]]> : tensor<1x2x1x1xf32>
  return
}

func.func @convolution_of_rows() {
  %0 = graph.constant dense<[[[1.0, 2.0, 3.0, 4.0]]]> : tensor<1x1x4xf32>
  %1 = graph.constant dense<[[[10.0, 1.0]]]> : tensor<1x1x2xf32>
  %result = graph.convolution %0, %1 {stride = array<i64: 1>, padding = array<i64: 1>, dilation = array<i64: 2>, groups = 1 : i64} : (tensor<1x1x4xf32>, tensor<1x1x2xf32>) -> tensor<1x1x4xf32>
  check.expect_eq_const %result, dense<[[[2.0, 13.0, 24.0, 30.0]]]> : tensor<1x1x4xf32>
  return
}

func.func @convolution_of_space() {
  %0 = graph.constant dense<[[[[[1.0, 2.0]], [[3.0, 4.0]]]]]> : tensor<1x1x2x1x2xf32>
  %1 = graph.constant dense<[[[[[1.0]], [[10.0]]]]]> : tensor<1x1x2x1x1xf32>
  %result = graph.convolution %0, %1 {stride = array<i64: 1, 1, 1>, padding = array<i64: 0, 0, 0>, dilation = array<i64: 1, 1, 1>, groups = 1 : i64} : (tensor<1x1x2x1x2xf32>, tensor<1x1x2x1x1xf32>) -> tensor<1x1x1x1x2xf32>
  check.expect_eq_const %result, dense<[[[[[31.0, 42.0]]]]]> : tensor<1x1x1x1x2xf32>
  return
}

func.func @convolution_backward_input() {
  %0 = graph.constant dense<[[[[1.0, 1.0], [1.0, 1.0]]]]> : tensor<1x1x2x2xf32>
  %1 = graph.constant dense<[[[[1.0, 2.0], [3.0, 4.0]]]]> : tensor<1x1x2x2xf32>
  %result = graph.convolution_backward_input %0, %1 {input_shape = array<i64: 1, 1, 3, 3>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x1x2x2xf32>, tensor<1x1x2x2xf32>) -> tensor<1x1x3x3xf32>
  check.expect_eq_const %result, dense<[[[[1.0, 3.0, 2.0], [4.0, 10.0, 6.0], [3.0, 7.0, 4.0]]]]> : tensor<1x1x3x3xf32>
  return
}

func.func @convolution_backward_weight() {
  %0 = graph.constant dense<[[[[1.0, 1.0], [1.0, 1.0]]]]> : tensor<1x1x2x2xf32>
  %1 = graph.constant dense<[[[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]]]> : tensor<1x1x3x3xf32>
  %result = graph.convolution_backward_weight %0, %1 {weight_shape = array<i64: 1, 1, 2, 2>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x1x2x2xf32>, tensor<1x1x3x3xf32>) -> tensor<1x1x2x2xf32>
  check.expect_eq_const %result, dense<[[[[8.0, 12.0], [20.0, 24.0]]]]> : tensor<1x1x2x2xf32>
  return
}

func.func @einsum() {
  %0 = graph.constant dense<[[[1.0, 2.0]], [[3.0, 4.0]]]> : tensor<2x1x2xf64>
  %1 = graph.constant dense<[[[1.0, 1.0], [2.0, 0.5]], [[1.0, 0.0], [0.0, 1.0]]]> : tensor<2x2x2xf64>
  %result = graph.einsum %0, %1 {equation = "bik,bkj->jbi"} : (tensor<2x1x2xf64>, tensor<2x2x2xf64>) -> tensor<2x2x1xf64>
  check.expect_eq_const %result, dense<[[[5.0], [3.0]], [[2.0], [4.0]]]> : tensor<2x2x1xf64>
  return
}
