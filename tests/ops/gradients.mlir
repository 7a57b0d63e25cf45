// RUN: tensorc-check %s

// Where functions have a corner, the gradients that PyTorch has.
func.func @relu() {
  %x = graph.constant dense<[0.0, 1.0, -1.0]> : tensor<3xf64>
  %seed = graph.constant dense<[2.0, 3.0, 4.0]> : tensor<3xf64>
  %y = graph.relu %x : (tensor<3xf64>) -> tensor<3xf64>
  %dx = graph.gradients %y wrt(%x) seed(%seed : tensor<3xf64>) : tensor<3xf64>, tensor<3xf64> -> tensor<3xf64>
  check.expect_eq_const %dx, dense<[0.0, 3.0, 0.0]> : tensor<3xf64>
  return
}

func.func @abs() {
  %x = graph.constant dense<[0.0, 2.0, -2.0]> : tensor<3xf32>
  %seed = graph.constant dense<1.0> : tensor<3xf32>
  %y = graph.abs %x : (tensor<3xf32>) -> tensor<3xf32>
  %dx = graph.gradients %y wrt(%x) seed(%seed : tensor<3xf32>) : tensor<3xf32>, tensor<3xf32> -> tensor<3xf32>
  check.expect_eq_const %dx, dense<[0.0, 1.0, -1.0]> : tensor<3xf32>
  return
}

func.func @clamp() {
  %x = graph.constant dense<[-1.0, 1.0, 0.0, 2.0]> : tensor<4xf16>
  %seed = graph.constant dense<1.0> : tensor<4xf16>
  %y = graph.clamp %x {max = 1.0 : f64, min = -1.0 : f64} : (tensor<4xf16>) -> tensor<4xf16>
  %dx = graph.gradients %y wrt(%x) seed(%seed : tensor<4xf16>) : tensor<4xf16>, tensor<4xf16> -> tensor<4xf16>
  check.expect_eq_const %dx, dense<[0.0, 0.0, 1.0, 0.0]> : tensor<4xf16>
  return
}

func.func @maximum() {
  %x = graph.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf64>
  %z = graph.constant dense<[1.0, 3.0, 2.0]> : tensor<3xf64>
  %seed = graph.constant dense<1.0> : tensor<3xf64>
  %y = graph.maximum %x, %z : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
  %dx, %dz = graph.gradients %y wrt(%x, %z) seed(%seed : tensor<3xf64>) : tensor<3xf64>, tensor<3xf64>, tensor<3xf64> -> tensor<3xf64>, tensor<3xf64>
  check.expect_eq_const %dx, dense<[0.5, 0.0, 1.0]> : tensor<3xf64>
  check.expect_eq_const %dz, dense<[0.5, 1.0, 0.0]> : tensor<3xf64>
  return
}

// Equal maxima share; a zero among factors leaves the product of the others.
func.func @reductions() {
  %x = graph.constant dense<[3.0, 1.0, 3.0]> : tensor<3xf32>
  %most = graph.amax %x {dims = array<i64: 0>, keepdim = false} : (tensor<3xf32>) -> tensor<f32>
  %dmost = graph.gradients %most wrt(%x) : tensor<f32>, tensor<3xf32> -> tensor<3xf32>
  check.expect_eq_const %dmost, dense<[0.5, 0.0, 0.5]> : tensor<3xf32>
  %z = graph.constant dense<[0.0, 2.0, 3.0]> : tensor<3xf32>
  %product = graph.prod %z {dims = array<i64: 0>, keepdim = false} : (tensor<3xf32>) -> tensor<f32>
  %dproduct = graph.gradients %product wrt(%z) : tensor<f32>, tensor<3xf32> -> tensor<3xf32>
  check.expect_eq_const %dproduct, dense<[6.0, 0.0, 0.0]> : tensor<3xf32>
  return
}

// Finite, where exp(x) isn't; the rule reads the rounded result, as PyTorch's.
func.func @logsumexp() {
  %x = graph.constant dense<[1000.0, 1000.0]> : tensor<2xf64>
  %y = graph.logsumexp %x {dims = array<i64: 0>, keepdim = false} : (tensor<2xf64>) -> tensor<f64>
  %dx = graph.gradients %y wrt(%x) : tensor<f64>, tensor<2xf64> -> tensor<2xf64>
  check.expect_almost_eq_const %dx, dense<0.5> : tensor<2xf64> {ulps = 300 : i64}
  return
}

func.func @pow() {
  %x = graph.constant dense<[0.0, 2.0]> : tensor<2xf64>
  %z = graph.constant dense<[2.0, 3.0]> : tensor<2xf64>
  %seed = graph.constant dense<1.0> : tensor<2xf64>
  %y = graph.pow %x, %z : (tensor<2xf64>, tensor<2xf64>) -> tensor<2xf64>
  %dx, %dz = graph.gradients %y wrt(%x, %z) seed(%seed : tensor<2xf64>) : tensor<2xf64>, tensor<2xf64>, tensor<2xf64> -> tensor<2xf64>, tensor<2xf64>
  check.expect_almost_eq_const %dx, dense<[0.0, 12.0]> : tensor<2xf64>
  check.expect_almost_eq_const %dz, dense<[0.0, 5.5451774444795623]> : tensor<2xf64>
  return
}

// Of gradients: x³, 3x², 6x, 6.
func.func @third_order() {
  %x = graph.constant dense<[2.0, -3.0]> : tensor<2xf64>
  %seed = graph.constant dense<1.0> : tensor<2xf64>
  %square = graph.square %x : (tensor<2xf64>) -> tensor<2xf64>
  %y = graph.mul %square, %x : (tensor<2xf64>, tensor<2xf64>) -> tensor<2xf64>
  %1 = graph.gradients %y wrt(%x) seed(%seed : tensor<2xf64>) : tensor<2xf64>, tensor<2xf64> -> tensor<2xf64>
  %2 = graph.gradients %1 wrt(%x) seed(%seed : tensor<2xf64>) : tensor<2xf64>, tensor<2xf64> -> tensor<2xf64>
  %3 = graph.gradients %2 wrt(%x) seed(%seed : tensor<2xf64>) : tensor<2xf64>, tensor<2xf64> -> tensor<2xf64>
  check.expect_eq_const %1, dense<[12.0, 27.0]> : tensor<2xf64>
  check.expect_eq_const %2, dense<[12.0, -18.0]> : tensor<2xf64>
  check.expect_eq_const %3, dense<6.0> : tensor<2xf64>
  return
}
