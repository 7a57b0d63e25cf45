// RUN: tensorc-opt %s -tensorc-differentiate | FileCheck %s

// One function for each way that a family of ops passes gradients on. The rules
// themselves are tested with numbers in tests/runtime/autograd and tests/ops;
// here it counts that the pass calls them with the right values.

// CHECK-LABEL: func.func @elementwise(
// CHECK-SAME: %[[X:.*]]: tensor<4xf32>, %[[Y:.*]]: tensor<4xf32>, %[[SEED:.*]]: tensor<4xf32>)
// CHECK: %[[C:.*]] = graph.gt
// CHECK: graph.where %[[C]]
// CHECK: %[[ZERO:.*]] = graph.full {{.*}}value = 0.0
// CHECK: %[[DX:.*]] = graph.where %[[C]], %[[SEED]], %[[ZERO]]
// CHECK: %[[DY:.*]] = graph.where %[[C]], %{{.*}}, %[[SEED]]
// CHECK: return %[[DX]], %[[DY]]
func.func @elementwise(%x: tensor<4xf32>, %y: tensor<4xf32>,
                       %seed: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = graph.gt %x, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  %1 = graph.where %0, %x, %y
      : (tensor<4xi1>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %g:2 = graph.gradients %1 wrt(%x, %y) seed(%seed : tensor<4xf32>)
      : tensor<4xf32>, tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>, tensor<4xf32>
  return %g#0, %g#1 : tensor<4xf32>, tensor<4xf32>
}

// Conversions convert the gradient back.
// CHECK-LABEL: func.func @conversion(
// CHECK: graph.to %{{.*}} {dtype = f16} : (tensor<4xf32>) -> tensor<4xf16>
// CHECK: graph.to %{{.*}} {dtype = f32} : (tensor<4xf16>) -> tensor<4xf32>
func.func @conversion(%x: tensor<4xf32>, %seed: tensor<4xf16>) -> tensor<4xf32> {
  %0 = graph.to %x {dtype = f16} : (tensor<4xf32>) -> tensor<4xf16>
  %g = graph.gradients %0 wrt(%x) seed(%seed : tensor<4xf16>)
      : tensor<4xf16>, tensor<4xf32> -> tensor<4xf32>
  return %g : tensor<4xf32>
}

// A broadcast operand gets the sum; a slice's gradient is padded; a
// permutation's is permuted back.
// CHECK-LABEL: func.func @movement(
// CHECK-SAME: %[[X:.*]]: tensor<3x4xf32>, %[[B:.*]]: tensor<3xf32>, %[[SEED:.*]]: tensor<2x3xf32>)
// CHECK: graph.slice
// CHECK: %[[DB:.*]] = graph.sum %[[SEED]] {dims = array<i64: 0>
// CHECK: %[[PAD:.*]] = graph.pad %[[SEED]] {high = array<i64: 1, 0>, interior = array<i64: 0, 0>, low = array<i64: 1, 0>
// CHECK: %[[DX:.*]] = graph.permute %[[PAD]] {dims = array<i64: 1, 0>}
// CHECK: return %[[DX]], %[[DB]]
func.func @movement(%x: tensor<3x4xf32>, %b: tensor<3xf32>, %seed: tensor<2x3xf32>)
    -> (tensor<3x4xf32>, tensor<3xf32>) {
  %0 = graph.permute %x {dims = array<i64: 1, 0>} : (tensor<3x4xf32>) -> tensor<4x3xf32>
  %1 = graph.slice %0 {starts = array<i64: 1, 0>, ends = array<i64: 3, 3>,
      steps = array<i64: 1, 1>} : (tensor<4x3xf32>) -> tensor<2x3xf32>
  %2 = graph.broadcast_to %b {shape = array<i64: 2, 3>} : (tensor<3xf32>) -> tensor<2x3xf32>
  %3 = graph.add %1, %2 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %g:2 = graph.gradients %3 wrt(%x, %b) seed(%seed : tensor<2x3xf32>)
      : tensor<2x3xf32>, tensor<3x4xf32>, tensor<3xf32> -> tensor<3x4xf32>, tensor<3xf32>
  return %g#0, %g#1 : tensor<3x4xf32>, tensor<3xf32>
}

// Variadic operands: one gradient each.
// CHECK-LABEL: func.func @cat(
// CHECK-SAME: %[[X:.*]]: tensor<1x2xf32>, %[[Y:.*]]: tensor<3x2xf32>, %[[SEED:.*]]: tensor<4x2xf32>)
// CHECK: %[[DX:.*]] = graph.slice %[[SEED]] {{.*}} -> tensor<1x2xf32>
// CHECK: %[[DY:.*]] = graph.slice %[[SEED]] {{.*}} -> tensor<3x2xf32>
// CHECK: return %[[DX]], %[[DY]]
func.func @cat(%x: tensor<1x2xf32>, %y: tensor<3x2xf32>, %seed: tensor<4x2xf32>)
    -> (tensor<1x2xf32>, tensor<3x2xf32>) {
  %0 = graph.cat %x, %y {dim = 0 : i64}
      : (tensor<1x2xf32>, tensor<3x2xf32>) -> tensor<4x2xf32>
  %g:2 = graph.gradients %0 wrt(%x, %y) seed(%seed : tensor<4x2xf32>)
      : tensor<4x2xf32>, tensor<1x2xf32>, tensor<3x2xf32> -> tensor<1x2xf32>, tensor<3x2xf32>
  return %g#0, %g#1 : tensor<1x2xf32>, tensor<3x2xf32>
}

// A rule may need the result: amax looks for it.
// CHECK-LABEL: func.func @reduction(
// CHECK-SAME: %[[X:.*]]: tensor<2x3xf32>, %[[SEED:.*]]: tensor<2xf32>)
// CHECK: %[[MAX:.*]] = graph.amax %[[X]]
// CHECK: graph.eq %[[X]]
// CHECK-NOT: graph.gradients
func.func @reduction(%x: tensor<2x3xf32>, %seed: tensor<2xf32>) -> tensor<2x3xf32> {
  %0 = graph.amax %x {dims = array<i64: 1>, keepdim = false} : (tensor<2x3xf32>) -> tensor<2xf32>
  %g = graph.gradients %0 wrt(%x) seed(%seed : tensor<2xf32>)
      : tensor<2xf32>, tensor<2x3xf32> -> tensor<2x3xf32>
  return %g : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @convolution(
// CHECK-SAME: %[[X:.*]]: tensor<2x4x7x7xf32>, %[[W:.*]]: tensor<6x2x3x3xf32>, %[[SEED:.*]]: tensor<2x6x4x4xf32>)
// CHECK: %[[DX:.*]] = graph.convolution_backward_input %[[SEED]], %[[W]] {{.*}}input_shape = array<i64: 2, 4, 7, 7>
// CHECK: %[[DW:.*]] = graph.convolution_backward_weight %[[SEED]], %[[X]] {{.*}}weight_shape = array<i64: 6, 2, 3, 3>
// CHECK: return %[[DX]], %[[DW]]
func.func @convolution(%x: tensor<2x4x7x7xf32>, %w: tensor<6x2x3x3xf32>,
    %seed: tensor<2x6x4x4xf32>) -> (tensor<2x4x7x7xf32>, tensor<6x2x3x3xf32>) {
  %0 = graph.convolution %x, %w {stride = array<i64: 2, 2>, padding = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 2 : i64}
      : (tensor<2x4x7x7xf32>, tensor<6x2x3x3xf32>) -> tensor<2x6x4x4xf32>
  %g:2 = graph.gradients %0 wrt(%x, %w) seed(%seed : tensor<2x6x4x4xf32>)
      : tensor<2x6x4x4xf32>, tensor<2x4x7x7xf32>, tensor<6x2x3x3xf32>
      -> tensor<2x4x7x7xf32>, tensor<6x2x3x3xf32>
  return %g#0, %g#1 : tensor<2x4x7x7xf32>, tensor<6x2x3x3xf32>
}

// CHECK-LABEL: func.func @window(
// CHECK-SAME: %[[X:.*]]: tensor<1x2x4x4xf32>, %[[SEED:.*]]: tensor<1x2x2x2xf32>)
// CHECK: %[[DX:.*]] = graph.max_pool_backward %[[SEED]], %[[X]]
// CHECK: return %[[DX]]
func.func @window(%x: tensor<1x2x4x4xf32>, %seed: tensor<1x2x2x2xf32>) -> tensor<1x2x4x4xf32> {
  %0 = graph.max_pool %x {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, ceil_mode = false}
      : (tensor<1x2x4x4xf32>) -> tensor<1x2x2x2xf32>
  %g = graph.gradients %0 wrt(%x) seed(%seed : tensor<1x2x2x2xf32>)
      : tensor<1x2x2x2xf32>, tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32>
  return %g : tensor<1x2x4x4xf32>
}

// A composite keeps its own stable gradient, softmax minus the target, and is
// not taken apart.
// CHECK-LABEL: func.func @composite(
// CHECK-SAME: %[[X:.*]]: tensor<4x3xf32>, %[[LABELS:.*]]: tensor<4xi64>)
// CHECK: graph.cross_entropy %[[X]], %[[LABELS]]
// CHECK: %[[P:.*]] = graph.softmax %[[X]] {dim = 1 : i64}
// CHECK: graph.sub %[[P]]
// CHECK-NOT: graph.log
func.func @composite(%x: tensor<4x3xf32>, %labels: tensor<4xi64>) -> tensor<4x3xf32> {
  %0 = graph.cross_entropy %x, %labels {reduction = "mean", ignore_index = -100 : i64,
      label_smoothing = 0.0 : f64} : (tensor<4x3xf32>, tensor<4xi64>) -> tensor<f32>
  %g = graph.gradients %0 wrt(%x) : tensor<f32>, tensor<4x3xf32> -> tensor<4x3xf32>
  return %g : tensor<4x3xf32>
}
