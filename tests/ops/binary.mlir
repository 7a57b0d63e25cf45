// RUN: tensorc-check %s

// Whole numbers wrap.
func.func @add_i8() {
  %0 = graph.constant dense<[127, -128, 5]> : tensor<3xi8>
  %1 = graph.constant dense<[1, -1, -7]> : tensor<3xi8>
  %result = graph.add %0, %1 : (tensor<3xi8>, tensor<3xi8>) -> tensor<3xi8>
  check.expect_eq_const %result, dense<[-128, 127, -2]> : tensor<3xi8>
  return
}

func.func @add_f32() {
  %0 = graph.constant dense<[0x7F800000, 1.0, 16777216.0]> : tensor<3xf32>
  %1 = graph.constant dense<[0xFF800000, 0x7FC00000, 1.0]> : tensor<3xf32>
  %result = graph.add %0, %1 : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  check.expect_eq_const %result, dense<[0x7FC00000, 0x7FC00000, 16777216.0]> : tensor<3xf32>
  return
}

func.func @sub_ui8() {
  %0 = graph.constant dense<[0, 255]> : tensor<2xui8>
  %1 = graph.constant dense<[1, 1]> : tensor<2xui8>
  %result = graph.sub %0, %1 : (tensor<2xui8>, tensor<2xui8>) -> tensor<2xui8>
  check.expect_eq_const %result, dense<[255, 254]> : tensor<2xui8>
  return
}

func.func @mul_i64() {
  %0 = graph.constant dense<[3037000500, -1]> : tensor<2xi64>
  %1 = graph.constant dense<[3037000500, -9223372036854775808]> : tensor<2xi64>
  %result = graph.mul %0, %1 : (tensor<2xi64>, tensor<2xi64>) -> tensor<2xi64>
  check.expect_eq_const %result, dense<[-9223372036709301616, -9223372036854775808]> : tensor<2xi64>
  return
}

// Rounded to the type.
func.func @mul_bf16() {
  %0 = graph.constant dense<[1.0078125, 256.0]> : tensor<2xbf16>
  %1 = graph.constant dense<[1.0078125, 2.0]> : tensor<2xbf16>
  %result = graph.mul %0, %1 : (tensor<2xbf16>, tensor<2xbf16>) -> tensor<2xbf16>
  check.expect_eq_const %result, dense<[1.015625, 512.0]> : tensor<2xbf16>
  return
}

func.func @div_f64() {
  %0 = graph.constant dense<[1.0, -1.0, 0.0, 1.0]> : tensor<4xf64>
  %1 = graph.constant dense<[0.0, 0.0, 0.0, 3.0]> : tensor<4xf64>
  %result = graph.div %0, %1 : (tensor<4xf64>, tensor<4xf64>) -> tensor<4xf64>
  check.expect_eq_const %result, dense<[0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000, 0.3333333333333333]> : tensor<4xf64>
  return
}

// With the sign of the divisor.
func.func @remainder_f32() {
  %0 = graph.constant dense<[5.0, -5.0, 5.0, -5.0, 0x7F800000, 1.0, -0.0]> : tensor<7xf32>
  %1 = graph.constant dense<[3.0, 3.0, -3.0, -3.0, 2.0, 0x7F800000, 3.0]> : tensor<7xf32>
  %result = graph.remainder %0, %1 : (tensor<7xf32>, tensor<7xf32>) -> tensor<7xf32>
  check.expect_eq_const %result, dense<[2.0, 1.0, -1.0, -2.0, 0x7FC00000, 1.0, -0.0]> : tensor<7xf32>
  return
}

func.func @pow_f32() {
  %0 = graph.constant dense<[0.0, 0.0, -2.0, -2.0, 2.0, -8.0, 0x7FC00000, 1.0]> : tensor<8xf32>
  %1 = graph.constant dense<[0.0, -1.0, 3.0, -3.0, 0.5, 0.5, 0.0, 0x7FC00000]> : tensor<8xf32>
  %result = graph.pow %0, %1 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  check.expect_almost_eq_const %result, dense<[1.0, 0x7F800000, -8.0, -0.125, 1.41421354, 0x7FC00000, 1.0, 1.0]> : tensor<8xf32> {ulps = 1 : i64}
  return
}

func.func @atan2_f64() {
  %0 = graph.constant dense<[0.0, -0.0, 0.0, -0.0, 1.0, 0x7FF0000000000000, 0xFFF0000000000000]> : tensor<7xf64>
  %1 = graph.constant dense<[0.0, 0.0, -1.0, -1.0, 0.0, 0x7FF0000000000000, 0xFFF0000000000000]> : tensor<7xf64>
  %result = graph.atan2 %0, %1 : (tensor<7xf64>, tensor<7xf64>) -> tensor<7xf64>
  check.expect_almost_eq_const %result, dense<[0.0, -0.0, 3.141592653589793, -3.141592653589793, 1.5707963267948966, 0.7853981633974483, -2.356194490192345]> : tensor<7xf64> {ulps = 1 : i64}
  return
}

func.func @maximum_f32() {
  %0 = graph.constant dense<[1.0, 0x7FC00000, 0xFF800000]> : tensor<3xf32>
  %1 = graph.constant dense<[2.0, 1.0, 0x7FC00000]> : tensor<3xf32>
  %result = graph.maximum %0, %1 : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  check.expect_eq_const %result, dense<[2.0, 0x7FC00000, 0x7FC00000]> : tensor<3xf32>
  return
}

func.func @minimum_f16() {
  %0 = graph.constant dense<[1.0, 0x7E00, 0xFC00]> : tensor<3xf16>
  %1 = graph.constant dense<[2.0, 1.0, 3.0]> : tensor<3xf16>
  %result = graph.minimum %0, %1 : (tensor<3xf16>, tensor<3xf16>) -> tensor<3xf16>
  check.expect_eq_const %result, dense<[1.0, 0x7E00, 0xFC00]> : tensor<3xf16>
  return
}

// As numbers without a sign.
func.func @maximum_ui8() {
  %0 = graph.constant dense<[200, 1]> : tensor<2xui8>
  %1 = graph.constant dense<[100, 2]> : tensor<2xui8>
  %result = graph.maximum %0, %1 : (tensor<2xui8>, tensor<2xui8>) -> tensor<2xui8>
  check.expect_eq_const %result, dense<[200, 2]> : tensor<2xui8>
  return
}

func.func @eq_f32() {
  %0 = graph.constant dense<[0.0, 0x7FC00000, 0x7F800000, 1.0]> : tensor<4xf32>
  %1 = graph.constant dense<[-0.0, 0x7FC00000, 0x7F800000, 0xFF800000]> : tensor<4xf32>
  %result = graph.eq %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  check.expect_eq_const %result, dense<[true, false, true, false]> : tensor<4xi1>
  return
}

func.func @ne_f32() {
  %0 = graph.constant dense<[0.0, 0x7FC00000, 0x7F800000, 1.0]> : tensor<4xf32>
  %1 = graph.constant dense<[-0.0, 0x7FC00000, 0x7F800000, 0xFF800000]> : tensor<4xf32>
  %result = graph.ne %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  check.expect_eq_const %result, dense<[false, true, false, true]> : tensor<4xi1>
  return
}

func.func @lt_f32() {
  %0 = graph.constant dense<[0.0, 0x7FC00000, 0x7F800000, 1.0]> : tensor<4xf32>
  %1 = graph.constant dense<[-0.0, 0x7FC00000, 0x7F800000, 0xFF800000]> : tensor<4xf32>
  %result = graph.lt %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  check.expect_eq_const %result, dense<[false, false, false, false]> : tensor<4xi1>
  return
}

func.func @le_f32() {
  %0 = graph.constant dense<[0.0, 0x7FC00000, 0x7F800000, 1.0]> : tensor<4xf32>
  %1 = graph.constant dense<[-0.0, 0x7FC00000, 0x7F800000, 0xFF800000]> : tensor<4xf32>
  %result = graph.le %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  check.expect_eq_const %result, dense<[true, false, true, false]> : tensor<4xi1>
  return
}

func.func @gt_f32() {
  %0 = graph.constant dense<[0.0, 0x7FC00000, 0x7F800000, 1.0]> : tensor<4xf32>
  %1 = graph.constant dense<[-0.0, 0x7FC00000, 0x7F800000, 0xFF800000]> : tensor<4xf32>
  %result = graph.gt %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  check.expect_eq_const %result, dense<[false, false, false, true]> : tensor<4xi1>
  return
}

func.func @ge_f32() {
  %0 = graph.constant dense<[0.0, 0x7FC00000, 0x7F800000, 1.0]> : tensor<4xf32>
  %1 = graph.constant dense<[-0.0, 0x7FC00000, 0x7F800000, 0xFF800000]> : tensor<4xf32>
  %result = graph.ge %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  check.expect_eq_const %result, dense<[true, false, true, true]> : tensor<4xi1>
  return
}

func.func @lt_ui8() {
  %0 = graph.constant dense<[200, 100]> : tensor<2xui8>
  %1 = graph.constant dense<[100, 200]> : tensor<2xui8>
  %result = graph.lt %0, %1 : (tensor<2xui8>, tensor<2xui8>) -> tensor<2xi1>
  check.expect_eq_const %result, dense<[false, true]> : tensor<2xi1>
  return
}

func.func @logical_and() {
  %0 = graph.constant dense<[false, false, true, true]> : tensor<4xi1>
  %1 = graph.constant dense<[false, true, false, true]> : tensor<4xi1>
  %result = graph.logical_and %0, %1 : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  check.expect_eq_const %result, dense<[false, false, false, true]> : tensor<4xi1>
  return
}

func.func @logical_or() {
  %0 = graph.constant dense<[false, false, true, true]> : tensor<4xi1>
  %1 = graph.constant dense<[false, true, false, true]> : tensor<4xi1>
  %result = graph.logical_or %0, %1 : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  check.expect_eq_const %result, dense<[false, true, true, true]> : tensor<4xi1>
  return
}

func.func @logical_xor() {
  %0 = graph.constant dense<[false, false, true, true]> : tensor<4xi1>
  %1 = graph.constant dense<[false, true, false, true]> : tensor<4xi1>
  %result = graph.logical_xor %0, %1 : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  check.expect_eq_const %result, dense<[false, true, true, false]> : tensor<4xi1>
  return
}

func.func @where_f32() {
  %0 = graph.constant dense<[true, false, true]> : tensor<3xi1>
  %1 = graph.constant dense<[1.0, 2.0, 0x7FC00000]> : tensor<3xf32>
  %2 = graph.constant dense<[0x7FC00000, 5.0, 6.0]> : tensor<3xf32>
  %result = graph.where %0, %1, %2 : (tensor<3xi1>, tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  check.expect_eq_const %result, dense<[1.0, 5.0, 0x7FC00000]> : tensor<3xf32>
  return
}

func.func @add_empty() {
  %0 = graph.constant dense<> : tensor<2x0xf64>
  %1 = graph.constant dense<> : tensor<2x0xf64>
  %result = graph.add %0, %1 : (tensor<2x0xf64>, tensor<2x0xf64>) -> tensor<2x0xf64>
  check.expect_eq_const %result, dense<> : tensor<2x0xf64>
  return
}

// Powers wrap; of negative exponents they are 0, but of 1 and -1.
func.func @pow_i8() {
  %0 = graph.constant dense<[2, -2, 3, 0, -128, 1, -1, -1, 2, 0]> : tensor<10xi8>
  %1 = graph.constant dense<[7, 7, 5, 0, 1, -128, -3, -128, -1, -1]> : tensor<10xi8>
  %result = graph.pow %0, %1 : (tensor<10xi8>, tensor<10xi8>) -> tensor<10xi8>
  check.expect_eq_const %result, dense<[-128, -128, -13, 1, -128, 1, -1, 1, 0, 0]> : tensor<10xi8>
  return
}

func.func @pow_ui8() {
  %0 = graph.constant dense<[3, 255, 2, 7]> : tensor<4xui8>
  %1 = graph.constant dense<[5, 255, 200, 128]> : tensor<4xui8>
  %result = graph.pow %0, %1 : (tensor<4xui8>, tensor<4xui8>) -> tensor<4xui8>
  check.expect_eq_const %result, dense<[243, 255, 0, 1]> : tensor<4xui8>
  return
}

func.func @remainder_i64() {
  %0 = graph.constant dense<[5, -5, 5, -5, 6, -9223372036854775808, 0]> : tensor<7xi64>
  %1 = graph.constant dense<[3, 3, -3, -3, -3, -1, 7]> : tensor<7xi64>
  %result = graph.remainder %0, %1 : (tensor<7xi64>, tensor<7xi64>) -> tensor<7xi64>
  check.expect_eq_const %result, dense<[2, 1, -1, -2, 0, 0, 0]> : tensor<7xi64>
  return
}

func.func @remainder_ui8() {
  %0 = graph.constant dense<[250, 7, 0]> : tensor<3xui8>
  %1 = graph.constant dense<[200, 255, 1]> : tensor<3xui8>
  %result = graph.remainder %0, %1 : (tensor<3xui8>, tensor<3xui8>) -> tensor<3xui8>
  check.expect_eq_const %result, dense<[50, 7, 0]> : tensor<3xui8>
  return
}
