// RUN: tensorc-opt %s -tensorc-decompose | FileCheck %s

// CHECK-LABEL: func.func @mean(
// CHECK-SAME: %[[X:.*]]: tensor<2x3xf32>)
// CHECK: %[[SUM:.*]] = graph.sum %[[X]] {dims = array<i64: 1>, keepdim = false}
// CHECK: %[[N:.*]] = graph.full {{.*}}value = 3.0
// CHECK: %[[R:.*]] = graph.div %[[SUM]], %[[N]]
// CHECK: return %[[R]]
func.func @mean(%x: tensor<2x3xf32>) -> tensor<2xf32> {
  %0 = graph.mean %x {dims = array<i64: 1>, keepdim = false} : (tensor<2x3xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// Of halves, everything up to the result is f32.
// CHECK-LABEL: func.func @half_mean(
// CHECK-SAME: %[[X:.*]]: tensor<70000xf16>)
// CHECK: %[[WIDE:.*]] = graph.to %[[X]] {dtype = f32}
// CHECK: %[[SUM:.*]] = graph.sum %[[WIDE]]
// CHECK: %[[N:.*]] = graph.full {dtype = f32, {{.*}}value = 7.000000e+04
// CHECK: %[[MEAN:.*]] = graph.div %[[SUM]], %[[N]]
// CHECK: %[[R:.*]] = graph.to %[[MEAN]] {dtype = f16}
// CHECK: return %[[R]]
func.func @half_mean(%x: tensor<70000xf16>) -> tensor<f16> {
  %0 = graph.mean %x {dims = array<i64: 0>, keepdim = false} : (tensor<70000xf16>) -> tensor<f16>
  return %0 : tensor<f16>
}

// The maximum is taken off first, so that nothing overflows.
// CHECK-LABEL: func.func @log_softmax(
// CHECK-SAME: %[[X:.*]]: tensor<2x3xf32>)
// CHECK: %[[MAX:.*]] = graph.amax %[[X]]
// CHECK: %[[BROAD:.*]] = graph.broadcast_to %[[MAX]]
// CHECK: %[[SHIFTED:.*]] = graph.sub %[[X]], %[[BROAD]]
// CHECK: %[[EXP:.*]] = graph.exp %[[SHIFTED]]
// CHECK: %[[SUM:.*]] = graph.sum %[[EXP]]
// CHECK: graph.log %[[SUM]]
func.func @log_softmax(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = graph.log_softmax %x {dim = 1 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// A composite of composites: to the last one.
// CHECK-LABEL: func.func @cross_entropy(
// CHECK-SAME: %[[X:.*]]: tensor<4x3xf32>, %[[LABELS:.*]]: tensor<4xi64>)
// CHECK: graph.check_index %[[LABELS]]
// CHECK-NOT: graph.log_softmax
// CHECK-NOT: graph.nll_loss
// CHECK-NOT: graph.cross_entropy
// CHECK: return
func.func @cross_entropy(%x: tensor<4x3xf32>, %labels: tensor<4xi64>) -> tensor<f32> {
  %0 = graph.cross_entropy %x, %labels {reduction = "mean", ignore_index = -100 : i64,
      label_smoothing = 0.1 : f64} : (tensor<4x3xf32>, tensor<4xi64>) -> tensor<f32>
  return %0 : tensor<f32>
}

// After differentiation `detach` and its like say nothing any more.
// CHECK-LABEL: func.func @detach(
// CHECK-SAME: %[[X:.*]]: tensor<3xf32>)
// CHECK-NEXT: return %[[X]]
func.func @detach(%x: tensor<3xf32>) -> tensor<3xf32> {
  %0 = graph.detach %x : (tensor<3xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// CHECK-LABEL: func.func @in_place(
// CHECK-SAME: %{{.*}}: tensor<3xf32>, %[[Y:.*]]: tensor<3xf32>)
// CHECK-NEXT: return %[[Y]]
func.func @in_place(%x: tensor<3xf32>, %y: tensor<3xf32>) -> tensor<3xf32> {
  %0 = graph.clone %y : (tensor<3xf32>) -> tensor<3xf32>
  %1 = graph.copy %x, %0 : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %2 = graph.set_data %x, %1 : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return %2 : tensor<3xf32>
}

// Primitive ops stay as they are.
// CHECK-LABEL: func.func @primitive(
// CHECK-NEXT: graph.relu
// CHECK-NEXT: return
func.func @primitive(%x: tensor<3xf32>) -> tensor<3xf32> {
  %0 = graph.relu %x : (tensor<3xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}
