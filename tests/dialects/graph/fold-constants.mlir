// RUN: tensorc-opt %s -canonicalize | FileCheck %s

// An elementwise op on few known elements is computed by its scalar body.

// CHECK-LABEL: @elements(
func.func @elements() -> (tensor<3xf32>, tensor<3xf32>, tensor<3xi1>, tensor<3xi64>) {
  %a = graph.constant dense<[1.0, -2.0, 2.5]> : tensor<3xf32>
  %b = graph.constant dense<[0.5, 4.0, 2.5]> : tensor<3xf32>
  // CHECK-DAG: %[[SUM:.*]] = graph.constant dense<[1.500000e+00, 2.000000e+00, 5.000000e+00]>
  %0 = graph.add %a, %b : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  // CHECK-DAG: %[[ROUND:.*]] = graph.constant dense<[1.000000e+00, -2.000000e+00, 2.000000e+00]>
  %1 = graph.round %a : (tensor<3xf32>) -> tensor<3xf32>
  // CHECK-DAG: %[[LESS:.*]] = graph.constant dense<[false, true, false]>
  %2 = graph.lt %a, %b : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xi1>
  // CHECK-DAG: %[[CAST:.*]] = graph.constant dense<[1, -2, 2]> : tensor<3xi64>
  %3 = graph.to %a {dtype = i64} : (tensor<3xf32>) -> tensor<3xi64>
  // CHECK: return %[[SUM]], %[[ROUND]], %[[LESS]], %[[CAST]]
  return %0, %1, %2, %3 : tensor<3xf32>, tensor<3xf32>, tensor<3xi1>, tensor<3xi64>
}

// One element is known to be all of them, however many.
// CHECK-LABEL: @uniform(
func.func @uniform() -> tensor<1000x1000xf32> {
  // CHECK-NEXT: %[[FULL:.*]] = graph.full {dtype = f32, shape = array<i64: 1000, 1000>, value = 1.500000e+00 : f64}
  %0 = graph.full {dtype = f32, shape = array<i64: 1000, 1000>, value = 3.0 : f64} : () -> tensor<1000x1000xf32>
  %1 = graph.full {dtype = f32, shape = array<i64: 1000, 1000>, value = 2.0 : f64} : () -> tensor<1000x1000xf32>
  %2 = graph.div %0, %1 : (tensor<1000x1000xf32>, tensor<1000x1000xf32>) -> tensor<1000x1000xf32>
  // CHECK-NEXT: return %[[FULL]]
  return %2 : tensor<1000x1000xf32>
}

// 0.1 is rounded to f32 first.
// CHECK-LABEL: @rounded(
func.func @rounded() -> tensor<f64> {
  // CHECK-NEXT: graph.full {dtype = f64, shape = array<i64>, value = 0.10000000149011612 : f64}
  %0 = graph.full {dtype = f32, shape = array<i64>, value = 0.1 : f64} : () -> tensor<f32>
  %1 = graph.to %0 {dtype = f64} : (tensor<f32>) -> tensor<f64>
  return %1 : tensor<f64>
}

// NaN stays NaN; sqrt is exact.
// CHECK-LABEL: @special(
func.func @special() -> (tensor<2xf32>, tensor<2xf32>, tensor<2xi1>) {
  %nan = graph.constant dense<[0x7FC00000, 4.0]> : tensor<2xf32>
  %zero = graph.full {dtype = f32, shape = array<i64: 2>, value = 0.0 : f64} : () -> tensor<2xf32>
  // CHECK-DAG: %[[MAX:.*]] = graph.constant dense<[0x7FC00000, 4.000000e+00]>
  %0 = graph.maximum %zero, %nan : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  // CHECK-DAG: %[[SQRT:.*]] = graph.constant dense<[0x7FC00000, 2.000000e+00]>
  %1 = graph.sqrt %nan : (tensor<2xf32>) -> tensor<2xf32>
  // CHECK-DAG: %[[ISNAN:.*]] = graph.constant dense<[true, false]>
  %2 = graph.isnan %nan : (tensor<2xf32>) -> tensor<2xi1>
  // CHECK: return %[[MAX]], %[[SQRT]], %[[ISNAN]]
  return %0, %1, %2 : tensor<2xf32>, tensor<2xf32>, tensor<2xi1>
}

// What a type of whole numbers doesn't hold is its least number, as at run time.
// CHECK-LABEL: @unfit(
func.func @unfit() -> (tensor<4xi32>, tensor<4xi64>, tensor<4xui8>) {
  %a = graph.constant dense<[0x7FC00000, 1.0e20, -3.0e9, 300.5]> : tensor<4xf32>
  // CHECK-DAG: %[[INT:.*]] = graph.constant dense<[-2147483648, -2147483648, -2147483648, 300]> : tensor<4xi32>
  %0 = graph.to %a {dtype = i32} : (tensor<4xf32>) -> tensor<4xi32>
  // CHECK-DAG: %[[LONG:.*]] = graph.constant dense<[-9223372036854775808, -9223372036854775808, -3000000000, 300]> : tensor<4xi64>
  %1 = graph.to %a {dtype = i64} : (tensor<4xf32>) -> tensor<4xi64>
  // CHECK-DAG: %[[BYTE:.*]] = graph.constant dense<[0, 0, 0, 44]> : tensor<4xui8>
  %2 = graph.to %a {dtype = ui8} : (tensor<4xf32>) -> tensor<4xui8>
  // CHECK: return %[[INT]], %[[LONG]], %[[BYTE]]
  return %0, %1, %2 : tensor<4xi32>, tensor<4xi64>, tensor<4xui8>
}

// Bytes are unsigned.
// CHECK-LABEL: @bytes(
func.func @bytes() -> (tensor<2xui8>, tensor<2xui8>, tensor<2xi1>, tensor<2xf32>) {
  %a = graph.constant dense<[200, 7]> : tensor<2xui8>
  %b = graph.full {dtype = ui8, shape = array<i64: 2>, value = 100.0 : f64} : () -> tensor<2xui8>
  // CHECK-DAG: %[[SUM:.*]] = graph.constant dense<[44, 107]> : tensor<2xui8>
  %0 = graph.add %a, %b : (tensor<2xui8>, tensor<2xui8>) -> tensor<2xui8>
  // CHECK-DAG: %[[MAX:.*]] = graph.constant dense<[200, 100]> : tensor<2xui8>
  %1 = graph.maximum %a, %b : (tensor<2xui8>, tensor<2xui8>) -> tensor<2xui8>
  // CHECK-DAG: %[[LESS:.*]] = graph.constant dense<[false, true]>
  %2 = graph.lt %a, %b : (tensor<2xui8>, tensor<2xui8>) -> tensor<2xi1>
  // CHECK-DAG: %[[FLOAT:.*]] = graph.constant dense<[2.000000e+02, 7.000000e+00]>
  %3 = graph.to %a {dtype = f32} : (tensor<2xui8>) -> tensor<2xf32>
  // CHECK: return %[[SUM]], %[[MAX]], %[[LESS]], %[[FLOAT]]
  return %0, %1, %2, %3 : tensor<2xui8>, tensor<2xui8>, tensor<2xi1>, tensor<2xf32>
}

// What compiled code may round otherwise, large constants, and what
// differentiation needs to see are left alone.
// CHECK-LABEL: @left(
func.func @left() -> (tensor<2xf32>, tensor<65xf32>, tensor<2xf32>) {
  %a = graph.constant dense<[1.0, 2.0]> : tensor<2xf32>
  // CHECK: graph.exp
  %0 = graph.exp %a : (tensor<2xf32>) -> tensor<2xf32>
  %b = graph.constant dense<[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
      0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
      0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
      0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]> : tensor<65xf32>
  // CHECK: graph.neg
  %1 = graph.neg %b : (tensor<65xf32>) -> tensor<65xf32>
  // CHECK: graph.detach
  %2 = graph.detach %a : (tensor<2xf32>) -> tensor<2xf32>
  return %0, %1, %2 : tensor<2xf32>, tensor<65xf32>, tensor<2xf32>
}
