// RUN: tensorc-check %s

// Ops that say where gradients go, or stop.
func.func @copy() {
  %self = graph.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %source = graph.constant dense<[3.0, 4.0]> : tensor<2xf32>
  %seed = graph.constant dense<[5.0, 6.0]> : tensor<2xf32>
  %result = graph.copy %self, %source : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  check.expect_eq_const %result, dense<[3.0, 4.0]> : tensor<2xf32>
  %dself, %dsource = graph.gradients %result wrt(%self, %source) seed(%seed : tensor<2xf32>) : tensor<2xf32>, tensor<2xf32>, tensor<2xf32> -> tensor<2xf32>, tensor<2xf32>
  check.expect_eq_const %dself, dense<0.0> : tensor<2xf32>
  check.expect_eq_const %dsource, dense<[5.0, 6.0]> : tensor<2xf32>
  return
}

func.func @set_data() {
  %self = graph.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %source = graph.constant dense<[3.0, 4.0]> : tensor<2xf32>
  %seed = graph.constant dense<[5.0, 6.0]> : tensor<2xf32>
  %result = graph.set_data %self, %source : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  check.expect_eq_const %result, dense<[3.0, 4.0]> : tensor<2xf32>
  %dself, %dsource = graph.gradients %result wrt(%self, %source) seed(%seed : tensor<2xf32>) : tensor<2xf32>, tensor<2xf32>, tensor<2xf32> -> tensor<2xf32>, tensor<2xf32>
  check.expect_eq_const %dself, dense<[5.0, 6.0]> : tensor<2xf32>
  check.expect_eq_const %dsource, dense<0.0> : tensor<2xf32>
  return
}

func.func @clone() {
  %self = graph.constant dense<[0x7FC00000, -0.0]> : tensor<2xf32>
  %seed = graph.constant dense<[5.0, 6.0]> : tensor<2xf32>
  %result = graph.clone %self : (tensor<2xf32>) -> tensor<2xf32>
  check.expect_eq_const %result, dense<[0x7FC00000, -0.0]> : tensor<2xf32>
  %dself = graph.gradients %result wrt(%self) seed(%seed : tensor<2xf32>) : tensor<2xf32>, tensor<2xf32> -> tensor<2xf32>
  check.expect_eq_const %dself, dense<[5.0, 6.0]> : tensor<2xf32>
  return
}

func.func @detach() {
  %self = graph.constant dense<[1.0, 2.0]> : tensor<2xbf16>
  %seed = graph.constant dense<1.0> : tensor<2xbf16>
  %cut = graph.detach %self : (tensor<2xbf16>) -> tensor<2xbf16>
  %result = graph.mul %cut, %self : (tensor<2xbf16>, tensor<2xbf16>) -> tensor<2xbf16>
  check.expect_eq_const %result, dense<[1.0, 4.0]> : tensor<2xbf16>
  %dself = graph.gradients %result wrt(%self) seed(%seed : tensor<2xbf16>) : tensor<2xbf16>, tensor<2xbf16> -> tensor<2xbf16>
  check.expect_eq_const %dself, dense<[1.0, 2.0]> : tensor<2xbf16>
  return
}

func.func @check_index() {
  %self = graph.constant dense<[0, 9, -100]> : tensor<3xi64>
  %result = graph.check_index %self {function = "check_index", ignore_index = -100 : i64, size = 10 : i64} : (tensor<3xi64>) -> tensor<3xi64>
  check.expect_eq_const %result, dense<[0, 9, -100]> : tensor<3xi64>
  return
}
