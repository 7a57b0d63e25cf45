// RUN: tensorc-opt %s -tensorc-differentiate -split-input-file -verify-diagnostics

func.func private @other(tensor<f32>) -> tensor<f32>
func.func @no_rule(%x: tensor<f32>) -> tensor<f32> {
  // expected-error @+1 {{`func.call` has no gradient rule, but the gradient that is asked for depends on it}}
  %0 = func.call @other(%x) : (tensor<f32>) -> tensor<f32>
  %g = graph.gradients %0 wrt(%x) : tensor<f32>, tensor<f32> -> tensor<f32>
  return %g : tensor<f32>
}

// -----

// An op without a rule is nobody's concern where no gradient passes.
func.func private @other(tensor<f32>) -> tensor<f32>
func.func @beside_the_path(%x: tensor<f32>, %y: tensor<f32>) -> tensor<f32> {
  %0 = func.call @other(%y) : (tensor<f32>) -> tensor<f32>
  %1 = graph.mul %0, %x : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %g = graph.gradients %1 wrt(%x) : tensor<f32>, tensor<f32> -> tensor<f32>
  return %g : tensor<f32>
}

// -----

func.func @unknown_size(%x: tensor<?xf32>, %y: tensor<f32>) -> tensor<?xf32> {
  // expected-error @+1 {{expected a tensor without a path to root of known sizes, received 'tensor<?xf32>'}}
  %g = graph.gradients %y wrt(%x) : tensor<f32>, tensor<?xf32> -> tensor<?xf32>
  return %g : tensor<?xf32>
}
