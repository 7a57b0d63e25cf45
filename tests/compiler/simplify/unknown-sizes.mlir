// RUN: tensorc-opt %s -split-input-file -tensorc-decompose -verify-diagnostics | FileCheck %s

// A size that isn't known is no number to compute with.
func.func @mean(%x: tensor<4x?xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{the decomposition of `graph.mean` failed: expected a size that is a number, received `?`}}
  %0 = graph.mean %x {dims = array<i64: 1>, keepdim = false} : (tensor<4x?xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// CHECK-LABEL: func.func @softmax(
// CHECK: graph.amax
// CHECK: graph.div
func.func @softmax(%x: tensor<4x?xf32>) -> tensor<4x?xf32> {
  %0 = graph.softmax %x {dim = 1 : i64} : (tensor<4x?xf32>) -> tensor<4x?xf32>
  return %0 : tensor<4x?xf32>
}
