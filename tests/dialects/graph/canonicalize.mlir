// RUN: tensorc-opt %s -canonicalize | FileCheck %s

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

// CHECK-LABEL: @neutral(
// CHECK-SAME: %[[X:.*]]: tensor<4xf32>
func.func @neutral(%x: tensor<4xf32>) -> tensor<4xf32> {
  %one = graph.full {dtype = f32, shape = array<i64: 4>, value = 1.0 : f64} : () -> tensor<4xf32>
  %minus_zero = graph.full {dtype = f32, shape = array<i64: 4>, value = -0.0 : f64} : () -> tensor<4xf32>
  %zero = graph.constant dense<0.0> : tensor<4xf32>
  %0 = graph.mul %x, %one : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = graph.mul %one, %0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %2 = graph.div %1, %one : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = graph.add %2, %minus_zero : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %4 = graph.add %minus_zero, %3 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %5 = graph.sub %4, %zero : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  // CHECK-NEXT: return %[[X]]
  return %5 : tensor<4xf32>
}

// x + 0 is 0 where x is -0, and x * 0 may be NaN.
// CHECK-LABEL: @not_neutral(
func.func @not_neutral(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %zero = graph.full {dtype = f32, shape = array<i64: 4>, value = 0.0 : f64} : () -> tensor<4xf32>
  // CHECK: %[[SUM:.*]] = graph.add
  %0 = graph.add %x, %zero : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  // CHECK: %[[PRODUCT:.*]] = graph.mul
  %1 = graph.mul %x, %zero : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  // CHECK: return %[[SUM]], %[[PRODUCT]]
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: @whole_numbers(
// CHECK-SAME: %[[X:.*]]: tensor<4xi64>
func.func @whole_numbers(%x: tensor<4xi64>) -> tensor<4xi64> {
  %zero = graph.full {dtype = i64, shape = array<i64: 4>, value = 0.0 : f64} : () -> tensor<4xi64>
  %0 = graph.add %x, %zero : (tensor<4xi64>, tensor<4xi64>) -> tensor<4xi64>
  // CHECK-NEXT: return %[[X]]
  return %0 : tensor<4xi64>
}

// CHECK-LABEL: @twice(
// CHECK-SAME: %[[X:.*]]: tensor<4xf32>, %[[C:.*]]: tensor<4xi1>
func.func @twice(%x: tensor<4xf32>, %c: tensor<4xi1>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xi1>) {
  %0 = graph.neg %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = graph.neg %0 : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK-NEXT: %[[RELU:.*]] = graph.relu %[[X]]
  %2 = graph.relu %x : (tensor<4xf32>) -> tensor<4xf32>
  %3 = graph.relu %2 : (tensor<4xf32>) -> tensor<4xf32>
  %4 = graph.logical_not %c : (tensor<4xi1>) -> tensor<4xi1>
  %5 = graph.logical_not %4 : (tensor<4xi1>) -> tensor<4xi1>
  // CHECK-NEXT: return %[[X]], %[[RELU]], %[[C]]
  return %1, %3, %5 : tensor<4xf32>, tensor<4xf32>, tensor<4xi1>
}

// CHECK-LABEL: @to(
// CHECK-SAME: %[[X:.*]]: tensor<4xf32>, %[[H:.*]]: tensor<4xf16>
func.func @to(%x: tensor<4xf32>, %h: tensor<4xf16>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf16>, tensor<4xf16>) {
  %0 = graph.to %x {dtype = f32} : (tensor<4xf32>) -> tensor<4xf32>
  // Rounding to f16 and back is not the identity.
  // CHECK: graph.to
  // CHECK: %[[BACK:.*]] = graph.to
  %1 = graph.to %x {dtype = f16} : (tensor<4xf32>) -> tensor<4xf16>
  %2 = graph.to %1 {dtype = f32} : (tensor<4xf16>) -> tensor<4xf32>
  // To f32 and back is; by way of bf16 it isn't.
  %3 = graph.to %h {dtype = f32} : (tensor<4xf16>) -> tensor<4xf32>
  %4 = graph.to %3 {dtype = f16} : (tensor<4xf32>) -> tensor<4xf16>
  // CHECK: graph.to
  // CHECK: %[[OTHER:.*]] = graph.to
  %5 = graph.to %h {dtype = bf16} : (tensor<4xf16>) -> tensor<4xbf16>
  %6 = graph.to %5 {dtype = f16} : (tensor<4xbf16>) -> tensor<4xf16>
  // CHECK: return %[[X]], %[[BACK]], %[[H]], %[[OTHER]]
  return %0, %2, %4, %6 : tensor<4xf32>, tensor<4xf32>, tensor<4xf16>, tensor<4xf16>
}

// CHECK-LABEL: @where(
// CHECK-SAME: %[[C:.*]]: tensor<2xi1>, %[[X:.*]]: tensor<2xf32>, %[[Y:.*]]: tensor<2xf32>
func.func @where(%c: tensor<2xi1>, %x: tensor<2xf32>, %y: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %true = graph.constant dense<true> : tensor<2xi1>
  %false = graph.full {dtype = i1, shape = array<i64: 2>, value = 0.0 : f64} : () -> tensor<2xi1>
  %0 = graph.where %true, %x, %y : (tensor<2xi1>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %1 = graph.where %false, %x, %y : (tensor<2xi1>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %2 = graph.where %c, %x, %x : (tensor<2xi1>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  // CHECK-NEXT: return %[[X]], %[[Y]], %[[X]]
  return %0, %1, %2 : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

//===----------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------===//

// CHECK-LABEL: @identities(
// CHECK-SAME: %[[X:.*]]: tensor<2x3xf32>
func.func @identities(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = graph.broadcast_to %x {shape = array<i64: 2, 3>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = graph.reshape %0 {shape = array<i64: 2, 3>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = graph.permute %1 {dims = array<i64: 0, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = graph.slice %2 {starts = array<i64: 0, 0>, ends = array<i64: 2, 3>, steps = array<i64: 1, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %4 = graph.pad %3 {low = array<i64: 0, 0>, high = array<i64: 0, 0>, interior = array<i64: 0, 0>, value = 1.0 : f64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %5 = graph.cat %4 {dim = 0 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %6 = graph.flip %5 {dims = array<i64>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %7 = graph.flip %6 {dims = array<i64: 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %8 = graph.flip %7 {dims = array<i64: 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK-NEXT: return %[[X]]
  return %8 : tensor<2x3xf32>
}

// Moved, though the type stays.
// CHECK-LABEL: @no_identities(
func.func @no_identities(%x: tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>) {
  // CHECK-NEXT: graph.permute
  %0 = graph.permute %x {dims = array<i64: 1, 0>} : (tensor<2x2xf32>) -> tensor<2x2xf32>
  // CHECK-NEXT: graph.pad
  %1 = graph.pad %x {low = array<i64: 1, 0>, high = array<i64: -1, 0>, interior = array<i64: 0, 0>, value = 0.0 : f64} : (tensor<2x2xf32>) -> tensor<2x2xf32>
  return %0, %1 : tensor<2x2xf32>, tensor<2x2xf32>
}

// CHECK-LABEL: @compose(
// CHECK-SAME: %[[X:.*]]: tensor<2x3x4xf32>, %[[Y:.*]]: tensor<3x1xf32>
func.func @compose(%x: tensor<2x3x4xf32>, %y: tensor<3x1xf32>) -> (tensor<4x6xf32>, tensor<4x3x2xf32>, tensor<2x3x4xf32>) {
  // CHECK-DAG: %[[RESHAPE:.*]] = graph.reshape %[[X]] {shape = array<i64: 4, 6>}
  %0 = graph.reshape %x {shape = array<i64: 24>} : (tensor<2x3x4xf32>) -> tensor<24xf32>
  %1 = graph.reshape %0 {shape = array<i64: 4, 6>} : (tensor<24xf32>) -> tensor<4x6xf32>
  // CHECK-DAG: %[[PERMUTE:.*]] = graph.permute %[[X]] {dims = array<i64: 2, 1, 0>}
  %2 = graph.permute %x {dims = array<i64: 1, 2, 0>} : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>
  %3 = graph.permute %2 {dims = array<i64: 1, 0, 2>} : (tensor<3x4x2xf32>) -> tensor<4x3x2xf32>
  // CHECK-DAG: %[[BROADCAST:.*]] = graph.broadcast_to %[[Y]] {shape = array<i64: 2, 3, 4>}
  %4 = graph.broadcast_to %y {shape = array<i64: 3, 4>} : (tensor<3x1xf32>) -> tensor<3x4xf32>
  %5 = graph.broadcast_to %4 {shape = array<i64: 2, 3, 4>} : (tensor<3x4xf32>) -> tensor<2x3x4xf32>
  // CHECK: return %[[RESHAPE]], %[[PERMUTE]], %[[BROADCAST]]
  return %1, %3, %5 : tensor<4x6xf32>, tensor<4x3x2xf32>, tensor<2x3x4xf32>
}

// CHECK-LABEL: @move_full(
func.func @move_full() -> tensor<2x4xf32> {
  // CHECK-NEXT: %[[FULL:.*]] = graph.full {dtype = f32, shape = array<i64: 2, 4>, value = 5.000000e-01 : f64}
  %0 = graph.full {dtype = f32, shape = array<i64: 3>, value = 0.5 : f64} : () -> tensor<3xf32>
  %1 = graph.broadcast_to %0 {shape = array<i64: 4, 3>} : (tensor<3xf32>) -> tensor<4x3xf32>
  %2 = graph.permute %1 {dims = array<i64: 1, 0>} : (tensor<4x3xf32>) -> tensor<3x4xf32>
  %3 = graph.reshape %2 {shape = array<i64: 12>} : (tensor<3x4xf32>) -> tensor<12xf32>
  %4 = graph.slice %3 {starts = array<i64: 0>, ends = array<i64: 8>, steps = array<i64: 1>} : (tensor<12xf32>) -> tensor<8xf32>
  %5 = graph.flip %4 {dims = array<i64: 0>} : (tensor<8xf32>) -> tensor<8xf32>
  %6 = graph.reshape %5 {shape = array<i64: 2, 4>} : (tensor<8xf32>) -> tensor<2x4xf32>
  // CHECK-NEXT: return %[[FULL]]
  return %6 : tensor<2x4xf32>
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

// CHECK-LABEL: @no_dims(
// CHECK-SAME: %[[X:.*]]: tensor<2xf32>, %[[C:.*]]: tensor<2xi1>
func.func @no_dims(%x: tensor<2xf32>, %c: tensor<2xi1>) -> (tensor<2xf32>, tensor<2xi1>) {
  %0 = graph.sum %x {dims = array<i64>, keepdim = false} : (tensor<2xf32>) -> tensor<2xf32>
  %1 = graph.prod %0 {dims = array<i64>, keepdim = false} : (tensor<2xf32>) -> tensor<2xf32>
  %2 = graph.amax %1 {dims = array<i64>, keepdim = true} : (tensor<2xf32>) -> tensor<2xf32>
  %3 = graph.amin %2 {dims = array<i64>, keepdim = true} : (tensor<2xf32>) -> tensor<2xf32>
  %4 = graph.mean %3 {dims = array<i64>, keepdim = true} : (tensor<2xf32>) -> tensor<2xf32>
  %5 = graph.any %c {dims = array<i64>, keepdim = true} : (tensor<2xi1>) -> tensor<2xi1>
  %6 = graph.all %5 {dims = array<i64>, keepdim = true} : (tensor<2xi1>) -> tensor<2xi1>
  // CHECK-NEXT: return %[[X]], %[[C]]
  return %4, %6 : tensor<2xf32>, tensor<2xi1>
}
