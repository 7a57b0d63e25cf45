// RUN: tensorc-check %s

func.func @abs_f32() {
  %0 = graph.constant dense<[0.0, -0.0, 1.0, -2.5, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<7xf32>
  %result = graph.abs %0 : (tensor<7xf32>) -> tensor<7xf32>
  check.expect_eq_const %result, dense<[0.0, 0.0, 1.0, 2.5, 0x7F800000, 0x7F800000, 0x7FC00000]> : tensor<7xf32>
  return
}

func.func @abs_f64() {
  %0 = graph.constant dense<[0.0, -0.0, 1.0, -2.5, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<7xf64>
  %result = graph.abs %0 : (tensor<7xf64>) -> tensor<7xf64>
  check.expect_eq_const %result, dense<[0.0, 0.0, 1.0, 2.5, 0x7FF0000000000000, 0x7FF0000000000000, 0x7FF8000000000000]> : tensor<7xf64>
  return
}

func.func @abs_f16() {
  %0 = graph.constant dense<[0.0, -0.0, 1.0, -2.5, 0x7C00, 0xFC00, 0x7E00]> : tensor<7xf16>
  %result = graph.abs %0 : (tensor<7xf16>) -> tensor<7xf16>
  check.expect_eq_const %result, dense<[0.0, 0.0, 1.0, 2.5, 0x7C00, 0x7C00, 0x7E00]> : tensor<7xf16>
  return
}

func.func @abs_bf16() {
  %0 = graph.constant dense<[0.0, -0.0, 1.0, -2.5, 0x7F80, 0xFF80, 0x7FC0]> : tensor<7xbf16>
  %result = graph.abs %0 : (tensor<7xbf16>) -> tensor<7xbf16>
  check.expect_eq_const %result, dense<[0.0, 0.0, 1.0, 2.5, 0x7F80, 0x7F80, 0x7FC0]> : tensor<7xbf16>
  return
}

// What a type doesn't hold wraps.
func.func @abs_i8() {
  %0 = graph.constant dense<[-128, -1, 0, 127]> : tensor<4xi8>
  %result = graph.abs %0 : (tensor<4xi8>) -> tensor<4xi8>
  check.expect_eq_const %result, dense<[-128, 1, 0, 127]> : tensor<4xi8>
  return
}

func.func @neg_f32() {
  %0 = graph.constant dense<[0.0, -0.0, 1.0, -2.5, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<7xf32>
  %result = graph.neg %0 : (tensor<7xf32>) -> tensor<7xf32>
  check.expect_eq_const %result, dense<[-0.0, 0.0, -1.0, 2.5, 0xFF800000, 0x7F800000, 0x7FC00000]> : tensor<7xf32>
  return
}

func.func @neg_i32() {
  %0 = graph.constant dense<[-2147483648, 5, 0]> : tensor<3xi32>
  %result = graph.neg %0 : (tensor<3xi32>) -> tensor<3xi32>
  check.expect_eq_const %result, dense<[-2147483648, -5, 0]> : tensor<3xi32>
  return
}

func.func @sign_f64() {
  %0 = graph.constant dense<[0.0, -0.0, 1.0, -2.5, 0x7FF0000000000000, 0xFFF0000000000000]> : tensor<6xf64>
  %result = graph.sign %0 : (tensor<6xf64>) -> tensor<6xf64>
  check.expect_eq_const %result, dense<[0.0, 0.0, 1.0, -1.0, 1.0, -1.0]> : tensor<6xf64>
  return
}

func.func @square_ui8() {
  %0 = graph.constant dense<[15, 16, 255]> : tensor<3xui8>
  %result = graph.square %0 : (tensor<3xui8>) -> tensor<3xui8>
  check.expect_eq_const %result, dense<[225, 0, 1]> : tensor<3xui8>
  return
}

func.func @relu_f32() {
  %0 = graph.constant dense<[1.0, -2.5, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<5xf32>
  %result = graph.relu %0 : (tensor<5xf32>) -> tensor<5xf32>
  check.expect_eq_const %result, dense<[1.0, 0.0, 0x7F800000, 0.0, 0x7FC00000]> : tensor<5xf32>
  return
}

func.func @sqrt_f32() {
  %0 = graph.constant dense<[4.0, -0.0, -1.0, 0x7F800000, 2.0]> : tensor<5xf32>
  %result = graph.sqrt %0 : (tensor<5xf32>) -> tensor<5xf32>
  check.expect_eq_const %result, dense<[2.0, -0.0, 0x7FC00000, 0x7F800000, 1.41421354]> : tensor<5xf32>
  return
}

func.func @reciprocal_f64() {
  %0 = graph.constant dense<[4.0, 0.0, -0.0, 0x7FF0000000000000, 0xFFF0000000000000]> : tensor<5xf64>
  %result = graph.reciprocal %0 : (tensor<5xf64>) -> tensor<5xf64>
  check.expect_eq_const %result, dense<[0.25, 0x7FF0000000000000, 0xFFF0000000000000, 0.0, -0.0]> : tensor<5xf64>
  return
}

func.func @rsqrt_f32() {
  %0 = graph.constant dense<[4.0, 0.0, -1.0, 0x7F800000]> : tensor<4xf32>
  %result = graph.rsqrt %0 : (tensor<4xf32>) -> tensor<4xf32>
  check.expect_almost_eq_const %result, dense<[0.5, 0x7F800000, 0x7FC00000, 0.0]> : tensor<4xf32> {ulps = 1 : i64}
  return
}

// Half way, to the even one.
func.func @round_f32() {
  %0 = graph.constant dense<[0.5, 1.5, 2.5, -0.5, -1.5, 8388609.0]> : tensor<6xf32>
  %result = graph.round %0 : (tensor<6xf32>) -> tensor<6xf32>
  check.expect_eq_const %result, dense<[0.0, 2.0, 2.0, -0.0, -2.0, 8388609.0]> : tensor<6xf32>
  return
}

func.func @floor_f64() {
  %0 = graph.constant dense<[1.5, -1.5, -0.0, 0x7FF0000000000000]> : tensor<4xf64>
  %result = graph.floor %0 : (tensor<4xf64>) -> tensor<4xf64>
  check.expect_eq_const %result, dense<[1.0, -2.0, -0.0, 0x7FF0000000000000]> : tensor<4xf64>
  return
}

func.func @ceil_f64() {
  %0 = graph.constant dense<[1.5, -1.5, -0.0, 0x7FF0000000000000]> : tensor<4xf64>
  %result = graph.ceil %0 : (tensor<4xf64>) -> tensor<4xf64>
  check.expect_eq_const %result, dense<[2.0, -1.0, -0.0, 0x7FF0000000000000]> : tensor<4xf64>
  return
}

func.func @trunc_f64() {
  %0 = graph.constant dense<[1.5, -1.5, -0.0, 0x7FF0000000000000]> : tensor<4xf64>
  %result = graph.trunc %0 : (tensor<4xf64>) -> tensor<4xf64>
  check.expect_eq_const %result, dense<[1.0, -1.0, -0.0, 0x7FF0000000000000]> : tensor<4xf64>
  return
}

func.func @isnan_f16() {
  %0 = graph.constant dense<[0.0, -0.0, 1.0, -2.5, 0x7C00, 0xFC00, 0x7E00]> : tensor<7xf16>
  %result = graph.isnan %0 : (tensor<7xf16>) -> tensor<7xi1>
  check.expect_eq_const %result, dense<[false, false, false, false, false, false, true]> : tensor<7xi1>
  return
}

func.func @logical_not() {
  %0 = graph.constant dense<[true, false]> : tensor<2xi1>
  %result = graph.logical_not %0 : (tensor<2xi1>) -> tensor<2xi1>
  check.expect_eq_const %result, dense<[false, true]> : tensor<2xi1>
  return
}

func.func @exp_f64() {
  %0 = graph.constant dense<[0.0, -0.0, 1.0, -2.5, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<7xf64>
  %result = graph.exp %0 : (tensor<7xf64>) -> tensor<7xf64>
  check.expect_almost_eq_const %result, dense<[1.0, 1.0, 2.718281828459045, 0.0820849986238988, 0x7FF0000000000000, 0.0, 0x7FF8000000000000]> : tensor<7xf64> {ulps = 2 : i64}
  return
}

func.func @exp2_f32() {
  %0 = graph.constant dense<[3.0, -1.0, 0xFF800000, 128.0]> : tensor<4xf32>
  %result = graph.exp2 %0 : (tensor<4xf32>) -> tensor<4xf32>
  check.expect_eq_const %result, dense<[8.0, 0.5, 0.0, 0x7F800000]> : tensor<4xf32>
  return
}

func.func @expm1_f64() {
  %0 = graph.constant dense<[0.0, -0.0, 1.0, -2.5, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<7xf64>
  %result = graph.expm1 %0 : (tensor<7xf64>) -> tensor<7xf64>
  check.expect_almost_eq_const %result, dense<[0.0, -0.0, 1.7182818284590453, -0.9179150013761012, 0x7FF0000000000000, -1.0, 0x7FF8000000000000]> : tensor<7xf64> {ulps = 2 : i64}
  return
}

func.func @log_f64() {
  %0 = graph.constant dense<[0.0, 1.0, -1.0, 0x7FF0000000000000, 2.0]> : tensor<5xf64>
  %result = graph.log %0 : (tensor<5xf64>) -> tensor<5xf64>
  check.expect_almost_eq_const %result, dense<[0xFFF0000000000000, 0.0, 0x7FF8000000000000, 0x7FF0000000000000, 0.6931471805599453]> : tensor<5xf64> {ulps = 2 : i64}
  return
}

func.func @log1p_f64() {
  %0 = graph.constant dense<[0.0, -0.0, 1.0, -2.5, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<7xf64>
  %result = graph.log1p %0 : (tensor<7xf64>) -> tensor<7xf64>
  check.expect_almost_eq_const %result, dense<[0.0, -0.0, 0.6931471805599453, 0x7FF8000000000000, 0x7FF0000000000000, 0x7FF8000000000000, 0x7FF8000000000000]> : tensor<7xf64> {ulps = 2 : i64}
  return
}

func.func @log2_f32() {
  %0 = graph.constant dense<[8.0, 0.5, 0.0]> : tensor<3xf32>
  %result = graph.log2 %0 : (tensor<3xf32>) -> tensor<3xf32>
  check.expect_eq_const %result, dense<[3.0, -1.0, 0xFF800000]> : tensor<3xf32>
  return
}

func.func @sin_f64() {
  %0 = graph.constant dense<[0.0, -0.0, 1.0, -2.5, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<7xf64>
  %result = graph.sin %0 : (tensor<7xf64>) -> tensor<7xf64>
  check.expect_almost_eq_const %result, dense<[0.0, -0.0, 0.8414709848078965, -0.5984721441039565, 0x7FF8000000000000, 0x7FF8000000000000, 0x7FF8000000000000]> : tensor<7xf64> {ulps = 2 : i64}
  return
}

func.func @cos_f64() {
  %0 = graph.constant dense<[0.0, 0x7FF0000000000000, 1.0]> : tensor<3xf64>
  %result = graph.cos %0 : (tensor<3xf64>) -> tensor<3xf64>
  check.expect_almost_eq_const %result, dense<[1.0, 0x7FF8000000000000, 0.5403023058681398]> : tensor<3xf64> {ulps = 2 : i64}
  return
}

func.func @tan_f64() {
  %0 = graph.constant dense<[-0.0, 0x7FF0000000000000, 1.0]> : tensor<3xf64>
  %result = graph.tan %0 : (tensor<3xf64>) -> tensor<3xf64>
  check.expect_almost_eq_const %result, dense<[-0.0, 0x7FF8000000000000, 1.5574077246549023]> : tensor<3xf64> {ulps = 2 : i64}
  return
}

func.func @tanh_f64() {
  %0 = graph.constant dense<[0.0, -0.0, 1.0, -2.5, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<7xf64>
  %result = graph.tanh %0 : (tensor<7xf64>) -> tensor<7xf64>
  check.expect_almost_eq_const %result, dense<[0.0, -0.0, 0.7615941559557649, -0.9866142981514303, 1.0, -1.0, 0x7FF8000000000000]> : tensor<7xf64> {ulps = 2 : i64}
  return
}

func.func @erf_f64() {
  %0 = graph.constant dense<[0.0, -0.0, 1.0, -2.5, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<7xf64>
  %result = graph.erf %0 : (tensor<7xf64>) -> tensor<7xf64>
  check.expect_almost_eq_const %result, dense<[0.0, -0.0, 0.8427007929497149, -0.999593047982555, 1.0, -1.0, 0x7FF8000000000000]> : tensor<7xf64> {ulps = 2 : i64}
  return
}

func.func @sigmoid_f64() {
  %0 = graph.constant dense<[0.0, -0.0, 1.0, -2.5, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]> : tensor<7xf64>
  %result = graph.sigmoid %0 : (tensor<7xf64>) -> tensor<7xf64>
  check.expect_almost_eq_const %result, dense<[0.5, 0.5, 0.7310585786300049, 0.07585818002124355, 1.0, 0.0, 0x7FF8000000000000]> : tensor<7xf64>
  return
}

func.func @softplus_f64() {
  %0 = graph.constant dense<[0.0, 100.0, -100.0]> : tensor<3xf64>
  %result = graph.softplus %0 : (tensor<3xf64>) -> tensor<3xf64>
  check.expect_almost_eq_const %result, dense<[0.6931471805599453, 100.0, 3.720075976020836e-44]> : tensor<3xf64>
  return
}

func.func @silu_f64() {
  %0 = graph.constant dense<[0.0, 1.0, -1.0]> : tensor<3xf64>
  %result = graph.silu %0 : (tensor<3xf64>) -> tensor<3xf64>
  check.expect_almost_eq_const %result, dense<[0.0, 0.7310585786300049, -0.2689414213699951]> : tensor<3xf64>
  return
}

func.func @gelu_f64() {
  %0 = graph.constant dense<[0.0, 1.0, -1.0]> : tensor<3xf64>
  %result = graph.gelu %0 {approximate = "none"} : (tensor<3xf64>) -> tensor<3xf64>
  check.expect_almost_eq_const %result, dense<[0.0, 0.841344746068543, -0.15865525393145702]> : tensor<3xf64>
  return
}

func.func @gelu_tanh_f64() {
  %0 = graph.constant dense<[0.0, 1.0, -1.0]> : tensor<3xf64>
  %result = graph.gelu %0 {approximate = "tanh"} : (tensor<3xf64>) -> tensor<3xf64>
  check.expect_almost_eq_const %result, dense<[0.0, 0.8411919906082768, -0.15880800939172324]> : tensor<3xf64> {ulps = 8 : i64}
  return
}

func.func @leaky_relu_f32() {
  %0 = graph.constant dense<[2.0, -2.0, 0xFF800000, 0x7FC00000]> : tensor<4xf32>
  %result = graph.leaky_relu %0 {negative_slope = 2.5e-1 : f64} : (tensor<4xf32>) -> tensor<4xf32>
  check.expect_eq_const %result, dense<[2.0, -0.5, 0xFF800000, 0x7FC00000]> : tensor<4xf32>
  return
}

func.func @clamp_f32() {
  %0 = graph.constant dense<[2.0, -2.0, 0.5, 0x7F800000, 0x7FC00000]> : tensor<5xf32>
  %result = graph.clamp %0 {max = 1.0 : f64, min = -1.0 : f64} : (tensor<5xf32>) -> tensor<5xf32>
  check.expect_eq_const %result, dense<[1.0, -1.0, 0.5, 1.0, 0x7FC00000]> : tensor<5xf32>
  return
}

func.func @abs_empty() {
  %0 = graph.constant dense<> : tensor<0x3xf32>
  %result = graph.abs %0 : (tensor<0x3xf32>) -> tensor<0x3xf32>
  check.expect_eq_const %result, dense<> : tensor<0x3xf32>
  return
}

func.func @exp_number() {
  %0 = graph.constant dense<0.0> : tensor<f32>
  %result = graph.exp %0 : (tensor<f32>) -> tensor<f32>
  check.expect_eq_const %result, dense<1.0> : tensor<f32>
  return
}
