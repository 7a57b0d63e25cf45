// RUN: tensorc-check %s

func.func @full_f32() {
  %result = graph.full {value = 1.0e-1 : f64, shape = array<i64: 1, 2>, dtype = f32} : () -> tensor<1x2xf32>
  check.expect_eq_const %result, dense<[[0.1, 0.1]]> : tensor<1x2xf32>
  return
}

func.func @full_i1() {
  %result = graph.full {value = 1.0 : f64, shape = array<i64: 1>, dtype = i1} : () -> tensor<1xi1>
  check.expect_eq_const %result, dense<[true]> : tensor<1xi1>
  return
}

func.func @full_number() {
  %result = graph.full {value = -7.0 : f64, shape = array<i64>, dtype = i16} : () -> tensor<i16>
  check.expect_eq_const %result, dense<-7> : tensor<i16>
  return
}

func.func @size_value() {
  %result = graph.size_value {size = array<i64: 9007199254740993>} : () -> tensor<i64>
  check.expect_eq_const %result, dense<9007199254740993> : tensor<i64>
  return
}

func.func @iota_rows() {
  %result = graph.iota {dim = 0 : i64, shape = array<i64: 3, 2>, dtype = i64} : () -> tensor<3x2xi64>
  check.expect_eq_const %result, dense<[[0, 0], [1, 1], [2, 2]]> : tensor<3x2xi64>
  return
}

func.func @iota_columns() {
  %result = graph.iota {dim = 1 : i64, shape = array<i64: 2, 2>, dtype = bf16} : () -> tensor<2x2xbf16>
  check.expect_eq_const %result, dense<[[0.0, 1.0], [0.0, 1.0]]> : tensor<2x2xbf16>
  return
}

func.func @iota_empty() {
  %result = graph.iota {dim = 1 : i64, shape = array<i64: 0, 2>, dtype = i32} : () -> tensor<0x2xi32>
  check.expect_eq_const %result, dense<> : tensor<0x2xi32>
  return
}
