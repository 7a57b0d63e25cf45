// RUN: tensorc %s --target=cuda --emit=ptx | FileCheck %s --implicit-check-not=.func --implicit-check-not=call

// What graphs compute of f64 has code for a GPU, in kernels that call nothing.
// CHECK-COUNT-20: .visible .entry
func.func @all(%x: tensor<1000xf64>, %y: tensor<1000xf64>) -> (tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>) {
  %exp = graph.exp %x : (tensor<1000xf64>) -> tensor<1000xf64>
  %exp2 = graph.exp2 %x : (tensor<1000xf64>) -> tensor<1000xf64>
  %expm1 = graph.expm1 %x : (tensor<1000xf64>) -> tensor<1000xf64>
  %log = graph.log %x : (tensor<1000xf64>) -> tensor<1000xf64>
  %log1p = graph.log1p %x : (tensor<1000xf64>) -> tensor<1000xf64>
  %log2 = graph.log2 %x : (tensor<1000xf64>) -> tensor<1000xf64>
  %sin = graph.sin %x : (tensor<1000xf64>) -> tensor<1000xf64>
  %cos = graph.cos %x : (tensor<1000xf64>) -> tensor<1000xf64>
  %tan = graph.tan %x : (tensor<1000xf64>) -> tensor<1000xf64>
  %tanh = graph.tanh %x : (tensor<1000xf64>) -> tensor<1000xf64>
  %erf = graph.erf %x : (tensor<1000xf64>) -> tensor<1000xf64>
  %sigmoid = graph.sigmoid %x : (tensor<1000xf64>) -> tensor<1000xf64>
  %silu = graph.silu %x : (tensor<1000xf64>) -> tensor<1000xf64>
  %softplus = graph.softplus %x : (tensor<1000xf64>) -> tensor<1000xf64>
  %rsqrt = graph.rsqrt %x : (tensor<1000xf64>) -> tensor<1000xf64>
  %gelu_none = graph.gelu %x {approximate = "none"} : (tensor<1000xf64>) -> tensor<1000xf64>
  %gelu_tanh = graph.gelu %x {approximate = "tanh"} : (tensor<1000xf64>) -> tensor<1000xf64>
  %pow = graph.pow %x, %y : (tensor<1000xf64>, tensor<1000xf64>) -> tensor<1000xf64>
  %atan2 = graph.atan2 %x, %y : (tensor<1000xf64>, tensor<1000xf64>) -> tensor<1000xf64>
  %remainder = graph.remainder %x, %y : (tensor<1000xf64>, tensor<1000xf64>) -> tensor<1000xf64>
  return %exp, %exp2, %expm1, %log, %log1p, %log2, %sin, %cos, %tan, %tanh, %erf, %sigmoid, %silu, %softplus, %rsqrt, %gelu_none, %gelu_tanh, %pow, %atan2, %remainder : tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>, tensor<1000xf64>
}
