// RUN: tensorc-check %s

func.func @softmax() {
  %0 = graph.constant dense<[1000.0, 999.0, 0xFFF0000000000000]> : tensor<3xf64>
  %result = graph.softmax %0 {dim = 0 : i64} : (tensor<3xf64>) -> tensor<3xf64>
  check.expect_almost_eq_const %result, dense<[0.7310585786300049, 0.26894142136999516, 0.0]> : tensor<3xf64>
  return
}

func.func @log_softmax() {
  %0 = graph.constant dense<[1000.0, 999.0, 0xFFF0000000000000]> : tensor<3xf64>
  %result = graph.log_softmax %0 {dim = 0 : i64} : (tensor<3xf64>) -> tensor<3xf64>
  check.expect_almost_eq_const %result, dense<[-0.31326168751822286, -1.3132616875182228, 0xFFF0000000000000]> : tensor<3xf64>
  return
}

func.func @softmax_of_one() {
  %0 = graph.constant dense<[[3.0], [-4.0]]> : tensor<2x1xf32>
  %result = graph.softmax %0 {dim = 1 : i64} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  check.expect_eq_const %result, dense<[[1.0], [1.0]]> : tensor<2x1xf32>
  return
}

func.func @cross_entropy_ignored() {
  %0 = graph.constant dense<[[0.0, 1.0, 2.0], [3.0, 1.0, 0.0]]> : tensor<2x3xf64>
  %1 = graph.constant dense<[2, -100]> : tensor<2xi64>
  %result = graph.cross_entropy %0, %1 {reduction = "mean", ignore_index = -100 : i64, label_smoothing = 0.0 : f64} : (tensor<2x3xf64>, tensor<2xi64>) -> tensor<f64>
  check.expect_almost_eq_const %result, dense<0.4076059644443804> : tensor<f64>
  return
}

func.func @cross_entropy_each() {
  %0 = graph.constant dense<[[0.0, 1.0, 2.0], [3.0, 1.0, 0.0]]> : tensor<2x3xf64>
  %1 = graph.constant dense<[2, 0]> : tensor<2xi64>
  %result = graph.cross_entropy %0, %1 {reduction = "none", ignore_index = -100 : i64, label_smoothing = 0.0 : f64} : (tensor<2x3xf64>, tensor<2xi64>) -> tensor<2xf64>
  check.expect_almost_eq_const %result, dense<[0.4076059644443804, 0.16984601955628567]> : tensor<2xf64> {ulps = 8 : i64}
  return
}

func.func @cross_entropy_smoothed() {
  %0 = graph.constant dense<[[0.0, 1.0, 2.0], [3.0, 1.0, 0.0]]> : tensor<2x3xf64>
  %1 = graph.constant dense<[2, 0]> : tensor<2xi64>
  %result = graph.cross_entropy %0, %1 {reduction = "mean", ignore_index = -100 : i64, label_smoothing = 0.25 : f64} : (tensor<2x3xf64>, tensor<2xi64>) -> tensor<f64>
  check.expect_almost_eq_const %result, dense<0.6220593253336664> : tensor<f64> {ulps = 8 : i64}
  return
}

// The mean of no row.
func.func @cross_entropy_of_nothing() {
  %0 = graph.constant dense<[[0.0, 1.0, 2.0], [3.0, 1.0, 0.0]]> : tensor<2x3xf64>
  %1 = graph.constant dense<[-100, -100]> : tensor<2xi64>
  %result = graph.cross_entropy %0, %1 {reduction = "mean", ignore_index = -100 : i64, label_smoothing = 0.0 : f64} : (tensor<2x3xf64>, tensor<2xi64>) -> tensor<f64>
  check.expect_eq_const %result, dense<0x7FF8000000000000> : tensor<f64>
  return
}

func.func @nll_loss() {
  %0 = graph.constant dense<[[0.0, 1.0, 2.0], [3.0, 1.0, 0.0]]> : tensor<2x3xf32>
  %1 = graph.constant dense<[2, 0]> : tensor<2xi64>
  %result = graph.nll_loss %0, %1 {reduction = "sum", ignore_index = -100 : i64} : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<f32>
  check.expect_eq_const %result, dense<-5.0> : tensor<f32>
  return
}

func.func @mse_loss() {
  %0 = graph.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %1 = graph.constant dense<[3.0, 2.0]> : tensor<2xf32>
  %result = graph.mse_loss %0, %1 {reduction = "mean"} : (tensor<2xf32>, tensor<2xf32>) -> tensor<f32>
  check.expect_eq_const %result, dense<2.0> : tensor<f32>
  return
}

func.func @one_hot() {
  %0 = graph.constant dense<[2, 0]> : tensor<2xi64>
  %result = graph.one_hot %0 {num_classes = 3 : i64, dtype = f32} : (tensor<2xi64>) -> tensor<2x3xf32>
  check.expect_eq_const %result, dense<[[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]> : tensor<2x3xf32>
  return
}

func.func @max_with_nan() {
  %0 = graph.constant dense<[[1.0, 0x7FC00000], [7.0, -2.0]]> : tensor<2x2xf32>
  %result = graph.max %0 : (tensor<2x2xf32>) -> tensor<f32>
  check.expect_eq_const %result, dense<0x7FC00000> : tensor<f32>
  return
}

func.func @min_of_bytes() {
  %0 = graph.constant dense<[200, 100, 255]> : tensor<3xui8>
  %result = graph.min %0 : (tensor<3xui8>) -> tensor<ui8>
  check.expect_eq_const %result, dense<100> : tensor<ui8>
  return
}
