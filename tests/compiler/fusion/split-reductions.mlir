// RUN: tensorc-opt %s --split-input-file --tensorc-legalize --tensorc-fuse --tensorc-split-reductions --mlir-print-local-scope | FileCheck %s
// RUN: not tensorc-opt %s --split-input-file --tensorc-split-reductions=workers=0 2>&1 | FileCheck %s --check-prefix=NONE

// NONE: error: reductions are to be split for 0 workers with parts of 4096 points, expected at least 1 of both

// The gradient of a convolution's weight has 54 results. All images are split,
// and their rows; what follows the sum stays in its order.
// CHECK-LABEL: kernel.func @convolution_backward_weight_add_parts_0(
// CHECK-SAME: %[[LHS:.*]]: memref<64x6x30x30xf32>, %[[RHS:.*]]: memref<64x1x32x32xf32>, %[[PARTS:.*]]: memref<64x3x6x3x3xf32>
// CHECK: kernel.contract ins(%[[LHS]], %[[RHS]] :
// CHECK-SAME: outs(%[[PARTS]] :
// CHECK-SAME: dim_sizes = array<i64: -1, -1, -1, -1, -1, 10, -1>
// CHECK-SAME: affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d2, d1 * 10 + d5, d6)>
// CHECK-SAME: affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, 0, d1 * 10 + d3 + d5, d4 + d6)>
// CHECK-SAME: affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d3, d4)>
// CHECK-NEXT: ^bb0(%[[SUM:.*]]: f32):
// CHECK-NEXT: kernel.yield %[[SUM]]
// CHECK-LABEL: kernel.func @convolution_backward_weight_add_whole_1(
// CHECK: kernel.generic
// CHECK-SAME: affine_map<(d0, d1, d2, d3, d4) -> (d3, d4, d0, d1, d2)>
// CHECK-SAME: affine_map<(d0, d1, d2, d3, d4) -> (d0, 0, d1, d2)>
// CHECK-SAME: reduction_dims = array<i64: 3, 4>
// CHECK-NEXT: ^bb0(%[[PART:.*]]: f32, %[[EXTRA:.*]]: f32):
// CHECK-NEXT: %[[WHOLE:.*]] = kernel.reduce add %[[PART]]
// CHECK-NEXT: %[[Y:.*]] = arith.addf %[[WHOLE]], %[[EXTRA]]
// CHECK-NEXT: kernel.yield %[[Y]]
// CHECK-NOT: kernel.contract
// CHECK-LABEL: kernel.program @weight(
// CHECK-SAME: %[[G:.*]]: memref<64x6x30x30xf32> {{.*}}, %[[X:.*]]: memref<64x1x32x32xf32> {{.*}}, %[[W:.*]]: memref<6x1x3x3xf32> {{.*}}"input"
// CHECK: %[[RESULT:.*]] = kernel.alloc : memref<6x1x3x3xf32>
// CHECK-NEXT: %[[BUFFER:.*]] = kernel.alloc : memref<64x3x6x3x3xf32>
// CHECK-NEXT: kernel.launch @convolution_backward_weight_add_parts_0 ins(%[[G]], %[[X]] : {{.*}}) outs(%[[BUFFER]] :
// CHECK-NEXT: kernel.launch @convolution_backward_weight_add_whole_1 ins(%[[BUFFER]], %[[W]] : {{.*}}) outs(%[[RESULT]] :
func.func @weight(%g: tensor<64x6x30x30xf32>, %x: tensor<64x1x32x32xf32>, %w: tensor<6x1x3x3xf32>) -> tensor<6x1x3x3xf32> {
  %0 = graph.convolution_backward_weight %g, %x {weight_shape = array<i64: 6, 1, 3, 3>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<64x6x30x30xf32>, tensor<64x1x32x32xf32>) -> tensor<6x1x3x3xf32>
  %1 = graph.add %0, %w : (tensor<6x1x3x3xf32>, tensor<6x1x3x3xf32>) -> tensor<6x1x3x3xf32>
  return %1 : tensor<6x1x3x3xf32>
}

// -----

// Equal kernels are one, also where they are halves of different ones.
// CHECK-LABEL: kernel.func @sum_sqrt_parts_0(
// CHECK: kernel.generic
// CHECK-SAME: outs(%{{.*}} : memref<200xf64>)
// CHECK: arith.mulf
// CHECK: kernel.reduce add
// CHECK-LABEL: kernel.func @sum_sqrt_whole_1(
// CHECK: kernel.reduce add
// CHECK-NEXT: math.sqrt
// CHECK-LABEL: kernel.func @sum_neg_whole_2(
// CHECK: kernel.reduce add
// CHECK-NEXT: arith.negf
// CHECK-NOT: kernel.reduce
// CHECK-LABEL: kernel.program @shared
// CHECK: kernel.launch @sum_sqrt_parts_0
// CHECK-NEXT: kernel.launch @sum_sqrt_whole_1
// CHECK: kernel.launch @sum_sqrt_parts_0
// CHECK-NEXT: kernel.launch @sum_sqrt_whole_1
// CHECK: kernel.launch @sum_sqrt_parts_0
// CHECK-NEXT: kernel.launch @sum_neg_whole_2
func.func @shared(%x: tensor<10000000xf64>, %y: tensor<10000000xf64>, %z: tensor<10000000xf64>) -> (tensor<f64>, tensor<f64>, tensor<f64>) {
  %0 = graph.square %x : (tensor<10000000xf64>) -> tensor<10000000xf64>
  %1 = graph.sum %0 {dims = array<i64: 0>, keepdim = false} : (tensor<10000000xf64>) -> tensor<f64>
  %2 = graph.sqrt %1 : (tensor<f64>) -> tensor<f64>
  %3 = graph.square %y : (tensor<10000000xf64>) -> tensor<10000000xf64>
  %4 = graph.sum %3 {dims = array<i64: 0>, keepdim = false} : (tensor<10000000xf64>) -> tensor<f64>
  %5 = graph.sqrt %4 : (tensor<f64>) -> tensor<f64>
  %6 = graph.square %z : (tensor<10000000xf64>) -> tensor<10000000xf64>
  %7 = graph.sum %6 {dims = array<i64: 0>, keepdim = false} : (tensor<10000000xf64>) -> tensor<f64>
  %8 = graph.neg %7 : (tensor<f64>) -> tensor<f64>
  return %2, %5, %8 : tensor<f64>, tensor<f64>, tensor<f64>
}

// -----

// Neighbouring columns are one worker's: 64 of them are two, where 64 rows would
// be enough.
// CHECK-LABEL: kernel.func @amax_parts_0(
// CHECK-SAME: memref<65536x64xf32>, %{{.*}}: memref<64x64xf32>)
// CHECK: kernel.reduce maximum
// CHECK-LABEL: kernel.func @amax_whole_1(
// CHECK: kernel.reduce maximum
// CHECK-LABEL: kernel.func @amax_1(
// CHECK-SAME: memref<128x65536xf32>, %{{.*}}: memref<128xf32>)
func.func @columns(%x: tensor<65536x64xf32>, %y: tensor<128x65536xf32>) -> (tensor<64xf32>, tensor<128xf32>) {
  %0 = graph.amax %x {dims = array<i64: 0>, keepdim = false} : (tensor<65536x64xf32>) -> tensor<64xf32>
  %1 = graph.amax %y {dims = array<i64: 1>, keepdim = false} : (tensor<128x65536xf32>) -> tensor<128xf32>
  return %0, %1 : tensor<64xf32>, tensor<128xf32>
}

// -----

// Products of enough results, and of too little work.
// CHECK-LABEL: kernel.func @matmul_0(
// CHECK-LABEL: kernel.func @matmul_1(
// CHECK-NOT: parts
func.func @products(%a: tensor<256x4096xf32>, %b: tensor<4096x256xf32>, %c: tensor<4x500xf32>, %d: tensor<500x4xf32>) -> (tensor<256x256xf32>, tensor<4x4xf32>) {
  %0 = graph.matmul %a, %b : (tensor<256x4096xf32>, tensor<4096x256xf32>) -> tensor<256x256xf32>
  %1 = graph.matmul %c, %d : (tensor<4x500xf32>, tensor<500x4xf32>) -> tensor<4x4xf32>
  return %0, %1 : tensor<256x256xf32>, tensor<4x4xf32>
}

// -----

// Sizes that aren't known, and reductions that use another's result.
// CHECK-NOT: _parts
func.func @others(%x: tensor<?xf32>, %y: tensor<1000000xf32>) -> (tensor<f32>, tensor<f32>, tensor<i64>) {
  %0 = graph.sum %x {dims = array<i64: 0>, keepdim = false} : (tensor<?xf32>) -> tensor<f32>
  %1 = graph.amax %y {dims = array<i64: 0>, keepdim = true} : (tensor<1000000xf32>) -> tensor<1xf32>
  %2 = graph.broadcast_to %1 {shape = array<i64: 1000000>} : (tensor<1xf32>) -> tensor<1000000xf32>
  %3 = graph.sub %y, %2 : (tensor<1000000xf32>, tensor<1000000xf32>) -> tensor<1000000xf32>
  %4 = graph.sum %3 {dims = array<i64: 0>, keepdim = false} : (tensor<1000000xf32>) -> tensor<f32>
  %5 = graph.argmax %y {dim = 0 : i64, keepdim = false} : (tensor<1000000xf32>) -> tensor<i64>
  return %0, %4, %5 : tensor<f32>, tensor<f32>, tensor<i64>
}
