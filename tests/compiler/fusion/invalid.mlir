// RUN: tensorc-opt %s -split-input-file -verify-diagnostics --tensorc-fuse

func.func @composite(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-error@+1 {{'graph.softmax' op has no kernel: composite ops are decomposed by `tensorc-simplify`}}
  %0 = graph.softmax %x {dim = 1 : i64} : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// -----

func.func @request(%x: tensor<f32>) -> tensor<f32> {
  // expected-error@+1 {{'graph.gradients' op has no kernel: requests are expanded by `tensorc-differentiate`}}
  %0 = graph.gradients %x wrt(%x) : tensor<f32>, tensor<f32> -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

func.func @foreign(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'arith.addf' op has no kernel: expected a primitive `graph` op}}
  %0 = arith.addf %x, %x : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// expected-error@+1 {{'func.func' op has 2 blocks, expected one block of `graph` ops}}
func.func @blocks(%x: tensor<4xf32>) -> tensor<4xf32> {
  cf.br ^bb1
^bb1:
  return %x : tensor<4xf32>
}

// -----

// expected-error@+1 {{'func.func' op is a declaration, expected one block of `graph` ops}}
func.func private @declared(tensor<4xf32>) -> tensor<4xf32>

// -----

// expected-error@+1 {{'func.func' op argument #0 is of type 'f32', expected a tensor}}
func.func @scalar(%x: f32) {
  return
}

// -----

// expected-error@+1 {{'func.func' op has two arguments for the state `w`}}
func.func @twice(%a: tensor<4xf32> {graph.state = "w"}, %b: tensor<4xf32> {graph.state = "w"}) {
  return
}

// -----

// expected-error@+1 {{'func.func' op result #0 replaces the state `w`, which is no argument}}
func.func @unknown(%a: tensor<4xf32>) -> (tensor<4xf32> {graph.state = "w"}) {
  return %a : tensor<4xf32>
}

// -----

// expected-error@+1 {{'func.func' op result #0 replaces the state `w` of type 'tensor<4xf32>' by 'tensor<5xf32>'}}
func.func @resized(%a: tensor<4xf32> {graph.state = "w"}, %b: tensor<5xf32>) -> (tensor<5xf32> {graph.state = "w"}) {
  return %b : tensor<5xf32>
}

// -----

// expected-error@+1 {{'func.func' op has two results for the state `w`}}
func.func @replaced_twice(%a: tensor<4xf32> {graph.state = "w"}) -> (tensor<4xf32> {graph.state = "w"}, tensor<4xf32> {graph.state = "w"}) {
  return %a, %a : tensor<4xf32>, tensor<4xf32>
}

// -----

// An op that legalization would have made of others, and one with windows that
// reach over the edge.
func.func @not_legal(%g: tensor<1x2x4x4xf32>, %w: tensor<2x3x3x3xf32>) -> tensor<1x3x6x6xf32> {
  // expected-error@+1 {{'graph.convolution_backward_input' op has no kernel in this form: `tensorc-legalize` brings ops to one that has}}
  %0 = graph.convolution_backward_input %g, %w {input_shape = array<i64: 1, 3, 6, 6>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x2x4x4xf32>, tensor<2x3x3x3xf32>) -> tensor<1x3x6x6xf32>
  return %0 : tensor<1x3x6x6xf32>
}

// -----

func.func @edges(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x3x3xf32> {
  // expected-error@+1 {{'graph.max_pool' op has no kernel in this form: `tensorc-legalize` brings ops to one that has}}
  %0 = graph.max_pool %x {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>, ceil_mode = false} : (tensor<1x1x4x4xf32>) -> tensor<1x1x3x3xf32>
  return %0 : tensor<1x1x3x3xf32>
}

// -----

func.func @dynamic_cat(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // expected-error@+1 {{'graph.cat' op has operands of dynamic size in dimension 0 before the last, expected static sizes}}
  %0 = graph.cat %x, %y {dim = 0 : i64} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// -----

module attributes {scalar.symbols = [#scalar.symbol<B : 1 to 8, hint 4>]} {
  func.func @symbols(%x: tensor<?xf32, #scalar.sizes<B>>) -> tensor<1xf32> {
    // expected-error@+1 {{'graph.slice' op has no kernel: it begins at an index that is no number}}
    %0 = graph.slice %x {starts = #scalar.sizes<"B - 1">, ends = #scalar.sizes<B>, steps = array<i64: 1>} : (tensor<?xf32, #scalar.sizes<B>>) -> tensor<1xf32>
    return %0 : tensor<1xf32>
  }
}
