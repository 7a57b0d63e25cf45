func.func @norm(%x: tensor<10000000xf32> {graph.name = "x"})
    -> (tensor<f32> {graph.name = "norm"}) {
  %0 = graph.square %x : (tensor<10000000xf32>) -> tensor<10000000xf32>
  %1 = graph.sum %0 {dims = array<i64: 0>, keepdim = false} : (tensor<10000000xf32>) -> tensor<f32>
  %2 = graph.sqrt %1 : (tensor<f32>) -> tensor<f32>
  return %2 : tensor<f32>
}
