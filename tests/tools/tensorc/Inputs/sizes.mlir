module attributes {scalar.symbols = [#scalar.symbol<B : 1 to 8, hint 4>, #scalar.symbol<S : 8 to 64, hint 8, divisor 8>]} {
  func.func @both(%x: tensor<?x?xf32, #scalar.sizes<B, S>> {graph.name = "x"}) -> (tensor<?xf32, #scalar.sizes<B>> {graph.name = "y"}) {
    %0 = graph.sum %x {dims = array<i64: 1>, keepdim = false} : (tensor<?x?xf32, #scalar.sizes<B, S>>) -> tensor<?xf32, #scalar.sizes<B>>
    return %0 : tensor<?xf32, #scalar.sizes<B>>
  }
  func.func @batch(%x: tensor<?x4xf32, #scalar.sizes<B, 4>> {graph.name = "x"}) -> (tensor<?x4xf32, #scalar.sizes<B, 4>> {graph.name = "y"}) {
    %0 = graph.exp %x : (tensor<?x4xf32, #scalar.sizes<B, 4>>) -> tensor<?x4xf32, #scalar.sizes<B, 4>>
    return %0 : tensor<?x4xf32, #scalar.sizes<B, 4>>
  }
}
