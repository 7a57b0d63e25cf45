func.func @forward(
    %x: tensor<4xf32> {graph.name = "x"},
    %w: tensor<4xf32> {graph.state = "weight", graph.role = "parameter"})
    -> (tensor<f32> {graph.name = "loss"}) {
  %0 = graph.mul %x, %w : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = graph.mean %0 {dims = array<i64: 0>, keepdim = false} : (tensor<4xf32>) -> tensor<f32>
  return %1 : tensor<f32>
}

func.func @step(
    %x: tensor<4xf32> {graph.name = "x"},
    %w: tensor<4xf32> {graph.state = "weight", graph.role = "parameter"})
    -> (tensor<4xf32> {graph.state = "weight"}) {
  %0 = graph.mul %x, %w : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = graph.mean %0 {dims = array<i64: 0>, keepdim = false} : (tensor<4xf32>) -> tensor<f32>
  %g = graph.gradients %1 wrt(%w) : tensor<f32>, tensor<4xf32> -> tensor<4xf32>
  %2 = graph.sub %w, %g : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %2 : tensor<4xf32>
}
