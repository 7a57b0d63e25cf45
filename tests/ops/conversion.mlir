// RUN: tensorc-check %s

// Towards zero; what isn't held is the least number.
func.func @to_i32() {
  %0 = graph.constant dense<[1.9, -1.9, -0.5, 3000000000.0, -3000000000.0, 0x7F800000, 0x7FC00000]> : tensor<7xf32>
  %result = graph.to %0 {dtype = i32} : (tensor<7xf32>) -> tensor<7xi32>
  check.expect_eq_const %result, dense<[1, -1, 0, -2147483648, -2147483648, -2147483648, -2147483648]> : tensor<7xi32>
  return
}

func.func @to_i64() {
  %0 = graph.constant dense<[1.9, -1.9, 9.3e+18, -1.0e+30, 0x7FF8000000000000]> : tensor<5xf64>
  %result = graph.to %0 {dtype = i64} : (tensor<5xf64>) -> tensor<5xi64>
  check.expect_eq_const %result, dense<[1, -1, -9223372036854775808, -9223372036854775808, -9223372036854775808]> : tensor<5xi64>
  return
}

func.func @to_ui8() {
  %0 = graph.constant dense<[300, -1, 255]> : tensor<3xi32>
  %result = graph.to %0 {dtype = ui8} : (tensor<3xi32>) -> tensor<3xui8>
  check.expect_eq_const %result, dense<[44, 255, 255]> : tensor<3xui8>
  return
}

func.func @to_i8() {
  %0 = graph.constant dense<[200, -129, 127]> : tensor<3xi32>
  %result = graph.to %0 {dtype = i8} : (tensor<3xi32>) -> tensor<3xi8>
  check.expect_eq_const %result, dense<[-56, 127, 127]> : tensor<3xi8>
  return
}

func.func @to_i1() {
  %0 = graph.constant dense<[0.0, -0.0, 0.5, 0x7FC00000]> : tensor<4xf32>
  %result = graph.to %0 {dtype = i1} : (tensor<4xf32>) -> tensor<4xi1>
  check.expect_eq_const %result, dense<[false, false, true, true]> : tensor<4xi1>
  return
}

// To the nearest; half way, to the even one.
func.func @to_f16() {
  %0 = graph.constant dense<[65504.0, 65520.0, 1.0e-08, 1.00048828125]> : tensor<4xf32>
  %result = graph.to %0 {dtype = f16} : (tensor<4xf32>) -> tensor<4xf16>
  check.expect_eq_const %result, dense<[65504.0, 0x7C00, 0.0, 1.0]> : tensor<4xf16>
  return
}

func.func @to_bf16() {
  %0 = graph.constant dense<[3.4e+38, 1.00390625, 1.01171875, 0x7FC00000]> : tensor<4xf32>
  %result = graph.to %0 {dtype = bf16} : (tensor<4xf32>) -> tensor<4xbf16>
  check.expect_eq_const %result, dense<[0x7F80, 1.0, 1.015625, 0x7FC0]> : tensor<4xbf16>
  return
}

func.func @to_f32() {
  %0 = graph.constant dense<[16777217, -1]> : tensor<2xi64>
  %result = graph.to %0 {dtype = f32} : (tensor<2xi64>) -> tensor<2xf32>
  check.expect_eq_const %result, dense<[16777216.0, -1.0]> : tensor<2xf32>
  return
}

func.func @unsigned_to_f32() {
  %0 = graph.constant dense<[200, 0]> : tensor<2xui8>
  %result = graph.to %0 {dtype = f32} : (tensor<2xui8>) -> tensor<2xf32>
  check.expect_eq_const %result, dense<[200.0, 0.0]> : tensor<2xf32>
  return
}

func.func @bool_to_f64() {
  %0 = graph.constant dense<[true, false]> : tensor<2xi1>
  %result = graph.to %0 {dtype = f64} : (tensor<2xi1>) -> tensor<2xf64>
  check.expect_eq_const %result, dense<[1.0, 0.0]> : tensor<2xf64>
  return
}
