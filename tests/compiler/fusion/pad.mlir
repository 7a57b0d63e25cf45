// RUN: tensorc-opt %s -split-input-file --tensorc-legalize --tensorc-fuse --tensorc-plan-memory --mlir-print-local-scope | FileCheck %s

// What is padded is written in place, and the rest filled: a reader of padding
// alone reads that.
// CHECK-LABEL: kernel.func @fill_
// CHECK-LABEL: kernel.func @exp_pad_
// CHECK-LABEL: kernel.func @neg_
// CHECK: kernel.generic ins(%{{.*}} : memref<5xf32>) outs(%{{.*}} : memref<1xf32>)
func.func @padding_alone(%x: tensor<4xf32>) -> tensor<1xf32> {
  %0 = graph.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = graph.pad %0 {low = array<i64: 0>, high = array<i64: 1>, interior = array<i64: 0>, value = 0.5 : f64} : (tensor<4xf32>) -> tensor<5xf32>
  %2 = graph.slice %1 {starts = array<i64: 4>, ends = array<i64: 5>, steps = array<i64: 1>} : (tensor<5xf32>) -> tensor<1xf32>
  %3 = graph.neg %2 : (tensor<1xf32>) -> tensor<1xf32>
  return %3 : tensor<1xf32>
}

// -----

// Every second element, the last of which is padding.
// CHECK-LABEL: kernel.func @exp_pad_
// CHECK-LABEL: kernel.func @exp_neg_
// CHECK: kernel.generic ins(%{{.*}} : memref<5xf32>) outs(%{{.*}} : memref<3xf32>)
func.func @some_padding(%x: tensor<4xf32>) -> tensor<3xf32> {
  %0 = graph.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = graph.pad %0 {low = array<i64: 0>, high = array<i64: 1>, interior = array<i64: 0>, value = 0.5 : f64} : (tensor<4xf32>) -> tensor<5xf32>
  %2 = graph.slice %1 {starts = array<i64: 0>, ends = array<i64: 5>, steps = array<i64: 2>} : (tensor<5xf32>) -> tensor<3xf32>
  %3 = graph.exp %2 : (tensor<3xf32>) -> tensor<3xf32>
  %4 = graph.neg %3 : (tensor<3xf32>) -> tensor<3xf32>
  return %4 : tensor<3xf32>
}

// -----

// The padding is 1 - sum, which is no constant that fills it, although at the one
// element that the sum's kernel could write, it would be sum - sum.
// CHECK-LABEL: kernel.func @fill_
// CHECK: arith.constant 1 : i16
// CHECK-LABEL: kernel.func @sum_pad_
// CHECK-LABEL: kernel.func @neg_add_
func.func @not_constant(%x: tensor<4xi16>) -> tensor<2xi16> {
  %0 = graph.sum %x {dims = array<i64: 0>, keepdim = true} : (tensor<4xi16>) -> tensor<1xi16>
  %1 = graph.pad %0 {low = array<i64: 0>, high = array<i64: 1>, interior = array<i64: 0>, value = 1.0 : f64} : (tensor<1xi16>) -> tensor<2xi16>
  %2 = graph.neg %0 : (tensor<1xi16>) -> tensor<1xi16>
  %3 = graph.broadcast_to %2 {shape = array<i64: 2>} : (tensor<1xi16>) -> tensor<2xi16>
  %4 = graph.add %1, %3 : (tensor<2xi16>, tensor<2xi16>) -> tensor<2xi16>
  return %4 : tensor<2xi16>
}
