// RUN: tensorc-check %s

func.func @broadcast_to() {
  %0 = graph.constant dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %result = graph.broadcast_to %0 {shape = array<i64: 2, 2, 2>} : (tensor<2x1xf32>) -> tensor<2x2x2xf32>
  check.expect_eq_const %result, dense<[[[1.0, 1.0], [2.0, 2.0]], [[1.0, 1.0], [2.0, 2.0]]]> : tensor<2x2x2xf32>
  return
}

func.func @broadcast_to_empty() {
  %0 = graph.constant dense<[[5]]> : tensor<1x1xi32>
  %result = graph.broadcast_to %0 {shape = array<i64: 0, 2>} : (tensor<1x1xi32>) -> tensor<0x2xi32>
  check.expect_eq_const %result, dense<> : tensor<0x2xi32>
  return
}

func.func @reshape() {
  %0 = graph.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi16>
  %result = graph.reshape %0 {shape = array<i64: 3, 2>} : (tensor<2x3xi16>) -> tensor<3x2xi16>
  check.expect_eq_const %result, dense<[[1, 2], [3, 4], [5, 6]]> : tensor<3x2xi16>
  return
}

func.func @permute() {
  %0 = graph.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xui8>
  %result = graph.permute %0 {dims = array<i64: 1, 0>} : (tensor<2x3xui8>) -> tensor<3x2xui8>
  check.expect_eq_const %result, dense<[[1, 4], [2, 5], [3, 6]]> : tensor<3x2xui8>
  return
}

func.func @slice() {
  %0 = graph.constant dense<[0, 1, 2, 3, 4, 5, 6]> : tensor<7xi64>
  %result = graph.slice %0 {starts = array<i64: 1>, ends = array<i64: 6>, steps = array<i64: 2>} : (tensor<7xi64>) -> tensor<3xi64>
  check.expect_eq_const %result, dense<[1, 3, 5]> : tensor<3xi64>
  return
}

func.func @slice_nothing() {
  %0 = graph.constant dense<[0, 1, 2]> : tensor<3xi64>
  %result = graph.slice %0 {starts = array<i64: 2>, ends = array<i64: 2>, steps = array<i64: 1>} : (tensor<3xi64>) -> tensor<0xi64>
  check.expect_eq_const %result, dense<> : tensor<0xi64>
  return
}

func.func @pad() {
  %0 = graph.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf16>
  %result = graph.pad %0 {low = array<i64: 2>, high = array<i64: 1>, interior = array<i64: 1>, value = 9.0 : f64} : (tensor<3xf16>) -> tensor<8xf16>
  check.expect_eq_const %result, dense<[9.0, 9.0, 1.0, 9.0, 2.0, 9.0, 3.0, 9.0]> : tensor<8xf16>
  return
}

func.func @pad_less() {
  %0 = graph.constant dense<[1, 2, 3, 4]> : tensor<4xi32>
  %result = graph.pad %0 {low = array<i64: -1>, high = array<i64: 1>, interior = array<i64: 0>, value = 0.0 : f64} : (tensor<4xi32>) -> tensor<4xi32>
  check.expect_eq_const %result, dense<[2, 3, 4, 0]> : tensor<4xi32>
  return
}

// Of whole numbers, an infinite value is their least or greatest.
func.func @pad_least_ui8() {
  %0 = graph.constant dense<5> : tensor<1xui8>
  %result = graph.pad %0 {low = array<i64: 1>, high = array<i64: 0>, interior = array<i64: 0>, value = 0xFFF0000000000000 : f64} : (tensor<1xui8>) -> tensor<2xui8>
  check.expect_eq_const %result, dense<[0, 5]> : tensor<2xui8>
  return
}

func.func @pad_greatest_ui8() {
  %0 = graph.constant dense<5> : tensor<1xui8>
  %result = graph.pad %0 {low = array<i64: 1>, high = array<i64: 0>, interior = array<i64: 0>, value = 0x7FF0000000000000 : f64} : (tensor<1xui8>) -> tensor<2xui8>
  check.expect_eq_const %result, dense<[255, 5]> : tensor<2xui8>
  return
}

func.func @pad_least_i8() {
  %0 = graph.constant dense<5> : tensor<1xi8>
  %result = graph.pad %0 {low = array<i64: 1>, high = array<i64: 0>, interior = array<i64: 0>, value = 0xFFF0000000000000 : f64} : (tensor<1xi8>) -> tensor<2xi8>
  check.expect_eq_const %result, dense<[-128, 5]> : tensor<2xi8>
  return
}

func.func @pad_greatest_i8() {
  %0 = graph.constant dense<5> : tensor<1xi8>
  %result = graph.pad %0 {low = array<i64: 1>, high = array<i64: 0>, interior = array<i64: 0>, value = 0x7FF0000000000000 : f64} : (tensor<1xi8>) -> tensor<2xi8>
  check.expect_eq_const %result, dense<[127, 5]> : tensor<2xi8>
  return
}

func.func @pad_least_i16() {
  %0 = graph.constant dense<5> : tensor<1xi16>
  %result = graph.pad %0 {low = array<i64: 1>, high = array<i64: 0>, interior = array<i64: 0>, value = 0xFFF0000000000000 : f64} : (tensor<1xi16>) -> tensor<2xi16>
  check.expect_eq_const %result, dense<[-32768, 5]> : tensor<2xi16>
  return
}

func.func @pad_greatest_i16() {
  %0 = graph.constant dense<5> : tensor<1xi16>
  %result = graph.pad %0 {low = array<i64: 1>, high = array<i64: 0>, interior = array<i64: 0>, value = 0x7FF0000000000000 : f64} : (tensor<1xi16>) -> tensor<2xi16>
  check.expect_eq_const %result, dense<[32767, 5]> : tensor<2xi16>
  return
}

func.func @pad_least_i32() {
  %0 = graph.constant dense<5> : tensor<1xi32>
  %result = graph.pad %0 {low = array<i64: 1>, high = array<i64: 0>, interior = array<i64: 0>, value = 0xFFF0000000000000 : f64} : (tensor<1xi32>) -> tensor<2xi32>
  check.expect_eq_const %result, dense<[-2147483648, 5]> : tensor<2xi32>
  return
}

func.func @pad_greatest_i32() {
  %0 = graph.constant dense<5> : tensor<1xi32>
  %result = graph.pad %0 {low = array<i64: 1>, high = array<i64: 0>, interior = array<i64: 0>, value = 0x7FF0000000000000 : f64} : (tensor<1xi32>) -> tensor<2xi32>
  check.expect_eq_const %result, dense<[2147483647, 5]> : tensor<2xi32>
  return
}

func.func @pad_least_i64() {
  %0 = graph.constant dense<5> : tensor<1xi64>
  %result = graph.pad %0 {low = array<i64: 1>, high = array<i64: 0>, interior = array<i64: 0>, value = 0xFFF0000000000000 : f64} : (tensor<1xi64>) -> tensor<2xi64>
  check.expect_eq_const %result, dense<[-9223372036854775808, 5]> : tensor<2xi64>
  return
}

func.func @pad_greatest_i64() {
  %0 = graph.constant dense<5> : tensor<1xi64>
  %result = graph.pad %0 {low = array<i64: 1>, high = array<i64: 0>, interior = array<i64: 0>, value = 0x7FF0000000000000 : f64} : (tensor<1xi64>) -> tensor<2xi64>
  check.expect_eq_const %result, dense<[9223372036854775807, 5]> : tensor<2xi64>
  return
}

func.func @cat() {
  %0 = graph.constant dense<[[1], [2]]> : tensor<2x1xi32>
  %1 = graph.constant dense<[[3, 4], [5, 6]]> : tensor<2x2xi32>
  %result = graph.cat %0, %1 {dim = 1 : i64} : (tensor<2x1xi32>, tensor<2x2xi32>) -> tensor<2x3xi32>
  check.expect_eq_const %result, dense<[[1, 3, 4], [2, 5, 6]]> : tensor<2x3xi32>
  return
}

func.func @flip() {
  %0 = graph.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi64>
  %result = graph.flip %0 {dims = array<i64: 0, 1>} : (tensor<2x3xi64>) -> tensor<2x3xi64>
  check.expect_eq_const %result, dense<[[6, 5, 4], [3, 2, 1]]> : tensor<2x3xi64>
  return
}

// What several windows have is there several times, and added up backward.
func.func @unfold() {
  %0 = graph.constant dense<[[1, 2, 3, 4, 5, 6]]> : tensor<1x6xi32>
  %result = graph.unfold %0 {dim = 1 : i64, size = 3 : i64, step = 2 : i64} : (tensor<1x6xi32>) -> tensor<1x2x3xi32>
  check.expect_eq_const %result, dense<[[[1, 2, 3], [3, 4, 5]]]> : tensor<1x2x3xi32>
  return
}

func.func @unfold_backward() {
  %0 = graph.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %result = graph.unfold_backward %0 {input_shape = array<i64: 6>, dim = 0 : i64, size = 3 : i64, step = 2 : i64} : (tensor<2x3xf32>) -> tensor<6xf32>
  check.expect_eq_const %result, dense<[1.0, 2.0, 7.0, 5.0, 6.0, 0.0]> : tensor<6xf32>
  return
}

// Rounded once, at the end: not 2048 + 1 = 2048, + 1.
func.func @unfold_backward_f16() {
  %0 = graph.constant dense<[[0.0, 0.0, 2048.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]> : tensor<3x3xf16>
  %result = graph.unfold_backward %0 {input_shape = array<i64: 5>, dim = 0 : i64, size = 3 : i64, step = 1 : i64} : (tensor<3x3xf16>) -> tensor<5xf16>
  check.expect_eq_const %result, dense<[0.0, 0.0, 2050.0, 0.0, 0.0]> : tensor<5xf16>
  return
}
