// RUN: tensorc-check %s

func.func @sum() {
  %0 = graph.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %result = graph.sum %0 {dims = array<i64: 0>, keepdim = false} : (tensor<2x2xf32>) -> tensor<2xf32>
  check.expect_eq_const %result, dense<[4.0, 6.0]> : tensor<2xf32>
  return
}

func.func @sum_all() {
  %0 = graph.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xbf16>
  %result = graph.sum %0 {dims = array<i64: 0, 1>, keepdim = true} : (tensor<2x2xbf16>) -> tensor<1x1xbf16>
  check.expect_eq_const %result, dense<[[10.0]]> : tensor<1x1xbf16>
  return
}

// Of nothing: what adds nothing.
func.func @sum_nothing() {
  %0 = graph.constant dense<> : tensor<0x2xf64>
  %result = graph.sum %0 {dims = array<i64: 0>, keepdim = false} : (tensor<0x2xf64>) -> tensor<2xf64>
  check.expect_eq_const %result, dense<[0.0, 0.0]> : tensor<2xf64>
  return
}

func.func @prod_nothing() {
  %0 = graph.constant dense<> : tensor<0x2xf32>
  %result = graph.prod %0 {dims = array<i64: 0>, keepdim = false} : (tensor<0x2xf32>) -> tensor<2xf32>
  check.expect_eq_const %result, dense<[1.0, 1.0]> : tensor<2xf32>
  return
}

func.func @prod() {
  %0 = graph.constant dense<[[3, -4], [5, 0]]> : tensor<2x2xi64>
  %result = graph.prod %0 {dims = array<i64: 1>, keepdim = false} : (tensor<2x2xi64>) -> tensor<2xi64>
  check.expect_eq_const %result, dense<[-12, 0]> : tensor<2xi64>
  return
}

func.func @amax() {
  %0 = graph.constant dense<[[1.0, 3.0], [0x7FC00000, 0xFF800000]]> : tensor<2x2xf32>
  %result = graph.amax %0 {dims = array<i64: 1>, keepdim = false} : (tensor<2x2xf32>) -> tensor<2xf32>
  check.expect_eq_const %result, dense<[3.0, 0x7FC00000]> : tensor<2xf32>
  return
}

func.func @amax_ui8() {
  %0 = graph.constant dense<[200, 100]> : tensor<2xui8>
  %result = graph.amax %0 {dims = array<i64: 0>, keepdim = false} : (tensor<2xui8>) -> tensor<ui8>
  check.expect_eq_const %result, dense<200> : tensor<ui8>
  return
}

func.func @amin_i8() {
  %0 = graph.constant dense<[[-128, 127]]> : tensor<1x2xi8>
  %result = graph.amin %0 {dims = array<i64: 1>, keepdim = false} : (tensor<1x2xi8>) -> tensor<1xi8>
  check.expect_eq_const %result, dense<[-128]> : tensor<1xi8>
  return
}

// The first one; NaN is the greatest.
func.func @argmax() {
  %0 = graph.constant dense<[[1.0, 3.0, 3.0], [1.0, 0x7FF8000000000000, 0x7FF8000000000000]]> : tensor<2x3xf64>
  %result = graph.argmax %0 {dim = 1 : i64, keepdim = false} : (tensor<2x3xf64>) -> tensor<2xi64>
  check.expect_eq_const %result, dense<[1, 1]> : tensor<2xi64>
  return
}

func.func @first_max() {
  %0 = graph.constant dense<[[[1.0, 3.0], [3.0, 2.0]], [[1.0, 0.0], [0x7FC00000, 2.0]]]> : tensor<2x2x2xf32>
  %result = graph.first_max %0 {dims = array<i64: 1, 2>, keepdim = false} : (tensor<2x2x2xf32>) -> tensor<2xi32>
  check.expect_eq_const %result, dense<[1, 2]> : tensor<2xi32>
  return
}

// Elements of the results' type, along dimensions of one element, on both sides
// of another, and along none.
func.func @first_max_of_indices() {
  %0 = graph.constant dense<[[[1, 3], [7, 2]], [[7, 9], [1, 2]]]> : tensor<2x2x2xi32>
  %1 = graph.constant dense<[[5, 6, 4]]> : tensor<1x3xi16>
  %two = graph.first_max %0 {dims = array<i64: 0, 2>, keepdim = false} : (tensor<2x2x2xi32>) -> tensor<2xi32>
  check.expect_eq_const %two, dense<[3, 0]> : tensor<2xi32>
  %one = graph.first_max %1 {dims = array<i64: 0>, keepdim = true} : (tensor<1x3xi16>) -> tensor<1x3xi32>
  check.expect_eq_const %one, dense<0> : tensor<1x3xi32>
  %none = graph.first_max %1 {dims = array<i64>, keepdim = false} : (tensor<1x3xi16>) -> tensor<1x3xi32>
  check.expect_eq_const %none, dense<0> : tensor<1x3xi32>
  return
}
func.func @first_max_backward() {
  %0 = graph.constant dense<[5.0, 7.0]> : tensor<2xf32>
  %1 = graph.constant dense<[[[1.0, 3.0], [3.0, 2.0]], [[1.0, 0.0], [0x7FC00000, 2.0]]]> : tensor<2x2x2xf32>
  %result = graph.first_max_backward %0, %1 {dims = array<i64: 1, 2>} : (tensor<2xf32>, tensor<2x2x2xf32>) -> tensor<2x2x2xf32>
  check.expect_eq_const %result, dense<[[[0.0, 5.0], [0.0, 0.0]], [[0.0, 0.0], [7.0, 0.0]]]> : tensor<2x2x2xf32>
  return
}

func.func @any() {
  %0 = graph.constant dense<[[false, true], [false, false]]> : tensor<2x2xi1>
  %result = graph.any %0 {dims = array<i64: 1>, keepdim = false} : (tensor<2x2xi1>) -> tensor<2xi1>
  check.expect_eq_const %result, dense<[true, false]> : tensor<2xi1>
  return
}

func.func @all() {
  %0 = graph.constant dense<[[false, true], [true, true]]> : tensor<2x2xi1>
  %result = graph.all %0 {dims = array<i64: 1>, keepdim = false} : (tensor<2x2xi1>) -> tensor<2xi1>
  check.expect_eq_const %result, dense<[false, true]> : tensor<2xi1>
  return
}

func.func @all_of_nothing() {
  %0 = graph.constant dense<> : tensor<2x0xi1>
  %result = graph.all %0 {dims = array<i64: 1>, keepdim = false} : (tensor<2x0xi1>) -> tensor<2xi1>
  check.expect_eq_const %result, dense<[true, true]> : tensor<2xi1>
  return
}

func.func @any_of_nothing() {
  %0 = graph.constant dense<> : tensor<2x0xi1>
  %result = graph.any %0 {dims = array<i64: 1>, keepdim = false} : (tensor<2x0xi1>) -> tensor<2xi1>
  check.expect_eq_const %result, dense<[false, false]> : tensor<2xi1>
  return
}

func.func @mean() {
  %0 = graph.constant dense<[[100.0, 200.0], [30.0, 10.0]]> : tensor<2x2xf16>
  %result = graph.mean %0 {dims = array<i64: 1>, keepdim = false} : (tensor<2x2xf16>) -> tensor<2xf16>
  check.expect_eq_const %result, dense<[150.0, 20.0]> : tensor<2xf16>
  return
}

func.func @mean_of_nothing() {
  %0 = graph.constant dense<> : tensor<0xf32>
  %result = graph.mean %0 {dims = array<i64: 0>, keepdim = false} : (tensor<0xf32>) -> tensor<f32>
  check.expect_eq_const %result, dense<0x7FC00000> : tensor<f32>
  return
}

func.func @logsumexp() {
  %0 = graph.constant dense<[[1000.0, 1000.0], [0xFFF0000000000000, 0xFFF0000000000000], [0x7FF0000000000000, 1.0]]> : tensor<3x2xf64>
  %result = graph.logsumexp %0 {dims = array<i64: 1>, keepdim = false} : (tensor<3x2xf64>) -> tensor<3xf64>
  check.expect_almost_eq_const %result, dense<[1000.6931471805599, 0xFFF0000000000000, 0x7FF0000000000000]> : tensor<3xf64> {ulps = 2 : i64}
  return
}
