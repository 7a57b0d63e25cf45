// RUN: tensorc-opt %s -split-input-file --tensorc-legalize --tensorc-fuse --mlir-print-local-scope | FileCheck %s

// A linear layer with its activation: the transposed weight is an index map, bias
// and activation are the epilogue.
// CHECK-LABEL: kernel.func @matmul_add_relu_0(
// CHECK: kernel.contract ins(%{{.*}}, %{{.*}} : memref<64x576xf32>, memref<120x576xf32>) extras(%{{.*}} : memref<120xf32>) outs(%{{.*}} : memref<64x120xf32>)
// CHECK-SAME: [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d1, d2)>, affine_map<(d0, d1, d2) -> (d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>]
// CHECK-NEXT: ^bb0(%[[ACC:.*]]: f32, %[[B:.*]]: f32):
// CHECK: %[[S:.*]] = arith.addf %[[ACC]], %[[B]]
// CHECK: %[[R:.*]] = arith.maximumf %[[S]],
// CHECK: kernel.yield %[[R]]
func.func @linear(%x: tensor<64x576xf32>, %w: tensor<120x576xf32>, %b: tensor<120xf32>) -> tensor<64x120xf32> {
  %0 = graph.permute %w {dims = array<i64: 1, 0>} : (tensor<120x576xf32>) -> tensor<576x120xf32>
  %1 = graph.matmul %x, %0 : (tensor<64x576xf32>, tensor<576x120xf32>) -> tensor<64x120xf32>
  %2 = graph.broadcast_to %b {shape = array<i64: 64, 120>} : (tensor<120xf32>) -> tensor<64x120xf32>
  %3 = graph.add %1, %2 : (tensor<64x120xf32>, tensor<64x120xf32>) -> tensor<64x120xf32>
  %4 = graph.relu %3 : (tensor<64x120xf32>) -> tensor<64x120xf32>
  return %4 : tensor<64x120xf32>
}

// -----

// CHECK-LABEL: kernel.func @convolution_add_relu_0(
// CHECK: kernel.contract ins(%{{.*}}, %{{.*}} : memref<6x1x3x3xf32>, memref<4x1x32x32xf32>) extras(%{{.*}} : memref<6xf32>) outs(%{{.*}} : memref<4x6x30x30xf32>)
// CHECK-SAME: affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d1, d4, d5, d6)>, affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d4, d2 + d5, d3 + d6)>, affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d1)>, affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d3)>
func.func @conv(%x: tensor<4x1x32x32xf32>, %w: tensor<6x1x3x3xf32>, %b: tensor<6xf32>) -> tensor<4x6x30x30xf32> {
  %0 = graph.convolution %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<4x1x32x32xf32>, tensor<6x1x3x3xf32>) -> tensor<4x6x30x30xf32>
  %1 = graph.reshape %b {shape = array<i64: 6, 1, 1>} : (tensor<6xf32>) -> tensor<6x1x1xf32>
  %2 = graph.broadcast_to %1 {shape = array<i64: 4, 6, 30, 30>} : (tensor<6x1x1xf32>) -> tensor<4x6x30x30xf32>
  %3 = graph.add %0, %2 : (tensor<4x6x30x30xf32>, tensor<4x6x30x30xf32>) -> tensor<4x6x30x30xf32>
  %4 = graph.relu %3 : (tensor<4x6x30x30xf32>) -> tensor<4x6x30x30xf32>
  return %4 : tensor<4x6x30x30xf32>
}

// -----

// A residual joins the epilogue, and what it leaves behind is a second output.
// CHECK-LABEL: kernel.program @residual
// CHECK: kernel.launch @matmul_add_relu_{{.*}} ins(%{{.*}}, %{{.*}}, %{{.*}} : {{.*}}) outs(%{{.*}}, %{{.*}} : memref<8x8xf32>, memref<8x8xf32>)
// CHECK-NEXT: kernel.launch @copy
func.func @residual(%x: tensor<8x4xf32>, %w: tensor<4x8xf32>, %r: tensor<8x8xf32>) -> (tensor<8x8xf32>, tensor<8x8xf32>) {
  %0 = graph.matmul %x, %w : (tensor<8x4xf32>, tensor<4x8xf32>) -> tensor<8x8xf32>
  %1 = graph.add %0, %r : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  %2 = graph.relu %1 : (tensor<8x8xf32>) -> tensor<8x8xf32>
  return %1, %2 : tensor<8x8xf32>, tensor<8x8xf32>
}

// -----

// Padding, stride, dilation, groups: one padded image serves the convolution and
// the gradient of its weight.
// CHECK-LABEL: kernel.func @pad_0(
// CHECK: kernel.pad %{{.*}} into %{{.*}} {interior = array<i64: 0, 0, 0, 0>, low = array<i64: 0, 0, 1, 2>, value = 0.000000e+00 : f32} : memref<2x4x7x8xf32>, memref<2x4x9x12xf32>
// CHECK-LABEL: kernel.func @convolution_1(
// CHECK: affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (d1 * 3 + d2, d5, d6, d7)>, affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (d0, d1 * 2 + d5, d3 * 2 + d6, d4 + d7 * 2)>, affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (d0, d1, d2, d3, d4)>
// CHECK-LABEL: kernel.func @convolution_backward_weight_
// CHECK: affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (d5, d0 * 3 + d1, d6, d7)>, affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (d5, d0 * 2 + d2, d6 * 2 + d3, d7 + d4 * 2)>
func.func @strided(%x: tensor<2x4x7x8xf32>, %w: tensor<6x2x3x3xf32>, %g: tensor<2x6x4x8xf32>) -> (tensor<2x6x4x8xf32>, tensor<6x2x3x3xf32>) {
  %0 = graph.convolution %x, %w {stride = array<i64: 2, 1>, padding = array<i64: 1, 2>, dilation = array<i64: 1, 2>, groups = 2 : i64} : (tensor<2x4x7x8xf32>, tensor<6x2x3x3xf32>) -> tensor<2x6x4x8xf32>
  %1 = graph.convolution_backward_weight %g, %x {weight_shape = array<i64: 6, 2, 3, 3>, stride = array<i64: 2, 1>, padding = array<i64: 1, 2>, dilation = array<i64: 1, 2>, groups = 2 : i64} : (tensor<2x6x4x8xf32>, tensor<2x4x7x8xf32>) -> tensor<6x2x3x3xf32>
  return %0, %1 : tensor<2x6x4x8xf32>, tensor<6x2x3x3xf32>
}

// -----

// What follows reads the channels of all groups as one dimension, and is computed
// where each group's are.
// CHECK-LABEL: kernel.func @convolution_add_relu_0(
// CHECK: outs(%{{.*}} : memref<1x6x3x3xf32>)
// CHECK-SAME: affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (d1 * 3 + d2)>, affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (0, d1 * 3 + d2, d3, d4)>
func.func @groups(%x: tensor<1x4x5x5xf32>, %w: tensor<6x2x3x3xf32>, %b: tensor<6xf32>) -> tensor<1x6x3x3xf32> {
  %0 = graph.convolution %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 2 : i64} : (tensor<1x4x5x5xf32>, tensor<6x2x3x3xf32>) -> tensor<1x6x3x3xf32>
  %1 = graph.reshape %b {shape = array<i64: 6, 1, 1>} : (tensor<6xf32>) -> tensor<6x1x1xf32>
  %2 = graph.broadcast_to %1 {shape = array<i64: 1, 6, 3, 3>} : (tensor<6x1x1xf32>) -> tensor<1x6x3x3xf32>
  %3 = graph.add %0, %2 : (tensor<1x6x3x3xf32>, tensor<1x6x3x3xf32>) -> tensor<1x6x3x3xf32>
  %4 = graph.relu %3 : (tensor<1x6x3x3xf32>) -> tensor<1x6x3x3xf32>
  return %4 : tensor<1x6x3x3xf32>
}

// -----

// The gradient of a convolution's input: the spread gradient by the turned
// weight, which is an index map.
// CHECK-LABEL: kernel.func @pad_0(
// CHECK: {interior = array<i64: 0, 0, 1, 0>, low = array<i64: 0, 0, 2, 2>, value = 0.000000e+00 : f32} : memref<2x6x3x6xf32>, memref<2x6x9x10xf32>
// CHECK-LABEL: kernel.func @convolution_backward_input_1(
// CHECK: affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d4, d1, -d5 + 2, -d6 + 2)>, affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d4, d2 + d5, d3 + d6)>
func.func @backward_input(%g: tensor<2x6x3x6xf32>, %w: tensor<6x4x3x3xf32>) -> tensor<2x4x7x8xf32> {
  %0 = graph.convolution_backward_input %g, %w {input_shape = array<i64: 2, 4, 7, 8>, stride = array<i64: 2, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<2x6x3x6xf32>, tensor<6x4x3x3xf32>) -> tensor<2x4x7x8xf32>
  return %0 : tensor<2x4x7x8xf32>
}

// -----

// A product that is only wanted transposed is computed so. The update of the
// weight stays apart from its gradient.
// CHECK-LABEL: kernel.program @update
// CHECK: kernel.launch @matmul_{{.*}} ins(%[[G:.*]], %[[X:.*]] : memref<64x10xf32>, memref<64x84xf32>) outs(%[[D:.*]] : memref<10x84xf32>)
// CHECK: kernel.launch @mul_sub_{{.*}} ins({{.*}}%[[D]], {{.*}}) outs(%{{.*}} : memref<10x84xf32>)
func.func @update(%x: tensor<64x84xf32>, %g: tensor<64x10xf32>, %w: tensor<10x84xf32> {graph.state = "w", graph.role = "parameter"}, %lr: tensor<f32> {graph.state = "lr", graph.role = "optimizer"}) -> (tensor<10x84xf32> {graph.state = "w"}) {
  %0 = graph.permute %x {dims = array<i64: 1, 0>} : (tensor<64x84xf32>) -> tensor<84x64xf32>
  %1 = graph.matmul %0, %g : (tensor<84x64xf32>, tensor<64x10xf32>) -> tensor<84x10xf32>
  %2 = graph.permute %1 {dims = array<i64: 1, 0>} : (tensor<84x10xf32>) -> tensor<10x84xf32>
  %3 = graph.broadcast_to %lr {shape = array<i64: 10, 84>} : (tensor<f32>) -> tensor<10x84xf32>
  %4 = graph.mul %2, %3 : (tensor<10x84xf32>, tensor<10x84xf32>) -> tensor<10x84xf32>
  %5 = graph.sub %w, %4 : (tensor<10x84xf32>, tensor<10x84xf32>) -> tensor<10x84xf32>
  return %5 : tensor<10x84xf32>
}

// -----

// Half-precision products are summed in f32; batch dimensions come first.
// CHECK-LABEL: kernel.func @matmul_
// CHECK: affine_map<(d0, d1, d2, d3) -> (d0, d1, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d3, d2)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>
// CHECK-NEXT: ^bb0(%[[ACC:.*]]: f32):
// CHECK-NEXT: %[[Y:.*]] = arith.truncf %[[ACC]] : f32 to f16
// CHECK-NEXT: kernel.yield %[[Y]]
func.func @batch(%x: tensor<3x4x5xf16>, %y: tensor<3x5x6xf16>) -> tensor<3x4x6xf16> {
  %0 = graph.matmul %x, %y : (tensor<3x4x5xf16>, tensor<3x5x6xf16>) -> tensor<3x4x6xf16>
  return %0 : tensor<3x4x6xf16>
}

// -----

// An operand that is computed gets a buffer; a contraction only loads.
// CHECK-LABEL: kernel.program @computed
// CHECK: kernel.launch @neg_{{.*}} ins(%{{.*}}) outs(%[[N:.*]] : memref<4x4xf32>)
// CHECK: kernel.launch @full_{{.*}} ins() outs(%[[F:.*]] : memref<4x4xf32>)
// CHECK: kernel.launch @matmul_{{.*}} ins(%[[N]], %[[F]] :
func.func @computed(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %0 = graph.neg %x : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = graph.full {value = 2.0 : f64, shape = array<i64: 4, 4>, dtype = f32} : () -> tensor<4x4xf32>
  %2 = graph.matmul %0, %1 : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  return %2 : tensor<4x4xf32>
}

// -----

// A product of depth 0 has results all the same, so that nobody who wants none of
// them is computed at its points.
// CHECK-LABEL: kernel.func @matmul_
// CHECK: outs(%{{.*}} : memref<5x10xf32>)
// CHECK-LABEL: kernel.func @exp_
// CHECK: outs(%{{.*}} : memref<0x10xf32>)
func.func @depth_0(%x: tensor<5x0xf32>, %y: tensor<0x10xf32>) -> tensor<0x10xf32> {
  %0 = graph.matmul %x, %y : (tensor<5x0xf32>, tensor<0x10xf32>) -> tensor<5x10xf32>
  %1 = graph.slice %0 {starts = array<i64: 0, 0>, ends = array<i64: 0, 10>, steps = array<i64: 1, 1>} : (tensor<5x10xf32>) -> tensor<0x10xf32>
  %2 = graph.exp %1 : (tensor<0x10xf32>) -> tensor<0x10xf32>
  return %2 : tensor<0x10xf32>
}
