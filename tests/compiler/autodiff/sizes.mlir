// RUN: tensorc-opt %s -tensorc-differentiate | FileCheck %s
// RUN: tensorc-opt %s -tensorc-differentiate -tensorc-legalize | FileCheck %s --check-prefix=LEGAL

// Gradient rules and decompositions keep sizes that are symbols.

module attributes {scalar.symbols = [#scalar.symbol<B : 1 to 256, hint 64>, #scalar.symbol<H : 4 to 64, hint 32, divisor 4>]} {
  // A bias that was repeated for each row gets the sum over them.
  // CHECK-LABEL: func.func @mlp(
  // CHECK: graph.full {{.*}}shape = #scalar.sizes<B, 4>
  // CHECK: graph.sum %{{.*}} {dims = array<i64: 0>, keepdim = false} : (tensor<?x4xf32, #scalar.sizes<B, 4>>) -> tensor<4xf32>
  // CHECK: graph.matmul {{.*}} -> tensor<?x8xf32, #scalar.sizes<B, 8>>
  // CHECK: graph.matmul {{.*}} : (tensor<8x?xf32, #scalar.sizes<8, B>>, tensor<?x4xf32, #scalar.sizes<B, 4>>) -> tensor<8x4xf32>
  func.func @mlp(%x: tensor<?x8xf32, #scalar.sizes<B, 8>>, %w: tensor<8x4xf32>, %b: tensor<4xf32>, %seed: tensor<?x4xf32, #scalar.sizes<B, 4>>) -> (tensor<?x8xf32, #scalar.sizes<B, 8>>, tensor<8x4xf32>, tensor<4xf32>) {
    %0 = graph.matmul %x, %w : (tensor<?x8xf32, #scalar.sizes<B, 8>>, tensor<8x4xf32>) -> tensor<?x4xf32, #scalar.sizes<B, 4>>
    %1 = graph.broadcast_to %b {shape = #scalar.sizes<B, 4>} : (tensor<4xf32>) -> tensor<?x4xf32, #scalar.sizes<B, 4>>
    %2 = graph.add %0, %1 : (tensor<?x4xf32, #scalar.sizes<B, 4>>, tensor<?x4xf32, #scalar.sizes<B, 4>>) -> tensor<?x4xf32, #scalar.sizes<B, 4>>
    %3 = graph.relu %2 : (tensor<?x4xf32, #scalar.sizes<B, 4>>) -> tensor<?x4xf32, #scalar.sizes<B, 4>>
    %g:3 = graph.gradients %3 wrt(%x, %w, %b) seed(%seed : tensor<?x4xf32, #scalar.sizes<B, 4>>) : tensor<?x4xf32, #scalar.sizes<B, 4>>, tensor<?x8xf32, #scalar.sizes<B, 8>>, tensor<8x4xf32>, tensor<4xf32> -> tensor<?x8xf32, #scalar.sizes<B, 8>>, tensor<8x4xf32>, tensor<4xf32>
    return %g#0, %g#1, %g#2 : tensor<?x8xf32, #scalar.sizes<B, 8>>, tensor<8x4xf32>, tensor<4xf32>
  }
  // What divides a size makes windows whole, so that their gradients go back
  // without padding.
  // CHECK-LABEL: func.func @windows(
  // CHECK: graph.max_pool_backward
  // CHECK: graph.convolution_backward_input {{.*}}input_shape = #scalar.sizes<B, 2, H, H>
  // CHECK: graph.convolution_backward_weight {{.*}} -> tensor<3x2x3x3xf32>
  // LEGAL-LABEL: func.func @windows(
  // LEGAL: graph.unfold_backward {{.*}}input_shape = #scalar.sizes<B, 3, "2*(H / 4)", H, 2>
  // LEGAL: graph.unfold_backward {{.*}}input_shape = #scalar.sizes<B, 3, H, H>
  // LEGAL-NOT: graph.convolution_backward
  func.func @windows(%x: tensor<?x2x?x?xf32, #scalar.sizes<B, 2, H, H>>, %w: tensor<3x2x3x3xf32>, %seed: tensor<?x3x?x?xf32, #scalar.sizes<B, 3, "H / 2", "H / 2">>) -> (tensor<?x2x?x?xf32, #scalar.sizes<B, 2, H, H>>, tensor<3x2x3x3xf32>) {
    %0 = graph.convolution %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x2x?x?xf32, #scalar.sizes<B, 2, H, H>>, tensor<3x2x3x3xf32>) -> tensor<?x3x?x?xf32, #scalar.sizes<B, 3, H, H>>
    %1 = graph.max_pool %0 {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, ceil_mode = false} : (tensor<?x3x?x?xf32, #scalar.sizes<B, 3, H, H>>) -> tensor<?x3x?x?xf32, #scalar.sizes<B, 3, "H / 2", "H / 2">>
    %g:2 = graph.gradients %1 wrt(%x, %w) seed(%seed : tensor<?x3x?x?xf32, #scalar.sizes<B, 3, "H / 2", "H / 2">>) : tensor<?x3x?x?xf32, #scalar.sizes<B, 3, "H / 2", "H / 2">>, tensor<?x2x?x?xf32, #scalar.sizes<B, 2, H, H>>, tensor<3x2x3x3xf32> -> tensor<?x2x?x?xf32, #scalar.sizes<B, 2, H, H>>, tensor<3x2x3x3xf32>
    return %g#0, %g#1 : tensor<?x2x?x?xf32, #scalar.sizes<B, 2, H, H>>, tensor<3x2x3x3xf32>
  }
  // CHECK-LABEL: func.func @joined(
  // CHECK: graph.slice %{{.*}} {ends = #scalar.sizes<B, 2>, starts = array<i64: 0, 0>
  // CHECK: graph.slice %{{.*}} {ends = #scalar.sizes<"B + 3", 2>, starts = #scalar.sizes<B, 0>{{.*}} -> tensor<3x2xf32>
  func.func @joined(%x: tensor<?x2xf32, #scalar.sizes<B, 2>>, %y: tensor<3x2xf32>, %seed: tensor<?x2xf32, #scalar.sizes<"B + 3", 2>>) -> (tensor<?x2xf32, #scalar.sizes<B, 2>>, tensor<3x2xf32>) {
    %0 = graph.cat %x, %y {dim = 0 : i64} : (tensor<?x2xf32, #scalar.sizes<B, 2>>, tensor<3x2xf32>) -> tensor<?x2xf32, #scalar.sizes<"B + 3", 2>>
    %g:2 = graph.gradients %0 wrt(%x, %y) seed(%seed : tensor<?x2xf32, #scalar.sizes<"B + 3", 2>>) : tensor<?x2xf32, #scalar.sizes<"B + 3", 2>>, tensor<?x2xf32, #scalar.sizes<B, 2>>, tensor<3x2xf32> -> tensor<?x2xf32, #scalar.sizes<B, 2>>, tensor<3x2xf32>
    return %g#0, %g#1 : tensor<?x2xf32, #scalar.sizes<B, 2>>, tensor<3x2xf32>
  }
  // CHECK-LABEL: func.func @without_a_path(
  // CHECK: graph.full {dtype = f32, shape = #scalar.sizes<B, 2>, value = 0.000000e+00 : f64}
  func.func @without_a_path(%x: tensor<?x2xf32, #scalar.sizes<B, 2>>, %y: tensor<?x2xf32, #scalar.sizes<B, 2>>, %seed: tensor<?x2xf32, #scalar.sizes<B, 2>>) -> tensor<?x2xf32, #scalar.sizes<B, 2>> {
    %0 = graph.exp %x : (tensor<?x2xf32, #scalar.sizes<B, 2>>) -> tensor<?x2xf32, #scalar.sizes<B, 2>>
    %g = graph.gradients %0 wrt(%y) seed(%seed : tensor<?x2xf32, #scalar.sizes<B, 2>>) : tensor<?x2xf32, #scalar.sizes<B, 2>>, tensor<?x2xf32, #scalar.sizes<B, 2>> -> tensor<?x2xf32, #scalar.sizes<B, 2>>
    return %g : tensor<?x2xf32, #scalar.sizes<B, 2>>
  }
}
