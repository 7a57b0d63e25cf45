// RUN: tensorc-opt %s | tensorc-opt | FileCheck %s
// RUN: tensorc-opt %s -canonicalize -cse | FileCheck %s

#lhs = affine_map<(d0, d1, d2) -> (d0, d2)>
#rhs = affine_map<(d0, d1, d2) -> (d2, d1)>
#out = affine_map<(d0, d1, d2) -> (d0, d1)>
#bias = affine_map<(d0, d1, d2) -> (d1)>

// A linear layer with its bias and ReLU.
// CHECK-LABEL: kernel.func @linear
kernel.func @linear(%x: memref<?x576xf32>, %w: memref<576x120xf32>, %b: memref<120xf32>, %y: memref<?x120xf32>) {
  // CHECK: kernel.contract ins(%{{.*}}, %{{.*}} : memref<?x576xf32>, memref<576x120xf32>) extras(%{{.*}} : memref<120xf32>) outs(%{{.*}} : memref<?x120xf32>) attributes {indexing_maps = [
  kernel.contract ins(%x, %w : memref<?x576xf32>, memref<576x120xf32>) extras(%b : memref<120xf32>)
      outs(%y : memref<?x120xf32>) attributes {indexing_maps = [#lhs, #rhs, #bias, #out]} {
  ^bb0(%acc: f32, %bias: f32):
    %zero = arith.constant 0.0 : f32
    %sum = arith.addf %acc, %bias : f32
    %relu = arith.maximumf %sum, %zero : f32
    kernel.yield %relu : f32
  }
  kernel.return
}

#input = affine_map<(n, o, y, x, c, i, j) -> (n, c, y + i, x + j)>
#weight = affine_map<(n, o, y, x, c, i, j) -> (o, c, i, j)>
#result = affine_map<(n, o, y, x, c, i, j) -> (n, o, y, x)>

// A convolution; f16 products are accumulated in f32.
// CHECK-LABEL: kernel.func @conv
kernel.func @conv(%x: memref<2x3x8x8xf16>, %w: memref<6x3x3x3xf16>, %y: memref<2x6x6x6xf16>) {
  // CHECK: kernel.contract ins(
  kernel.contract ins(%x, %w : memref<2x3x8x8xf16>, memref<6x3x3x3xf16>) outs(%y : memref<2x6x6x6xf16>)
      attributes {indexing_maps = [#input, #weight, #result]} {
  // CHECK: ^bb0(%{{.*}}: f32):
  ^bb0(%acc: f32):
    %half = arith.truncf %acc : f32 to f16
    kernel.yield %half : f16
  }
  kernel.return
}
