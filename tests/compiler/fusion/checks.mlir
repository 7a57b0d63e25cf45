// RUN: tensorc-opt %s -split-input-file --tensorc-fuse --tensorc-plan-memory --mlir-print-local-scope | FileCheck %s

// Where state is replaced, checks run in kernels of their own, first: before
// anything is written that a call that fails would have to restore.
// CHECK-LABEL: kernel.func @check_index_0(
// CHECK: scalar.check
// CHECK-SAME: source = "checks.mlir:{{[0-9]+}}", subject = "labels"
// CHECK-NOT: scalar.check
// CHECK: kernel.func @add_{{.*}} attributes {kernel.guarded}
// CHECK-LABEL: kernel.program @early(
// CHECK-SAME: %[[LABELS:[^ ]*]]: memref<8xi64> {kernel.name = "labels"
// CHECK-SAME: %[[CALLS:[^ ]*]]: memref<f32> {kernel.name = "calls"
// CHECK: kernel.launch @check_index_0 ins(%[[LABELS]] : {{.*}}) outs(%[[CHECKED:[^ ]*]] :
// CHECK: kernel.launch @add_{{.*}} ins(%[[CALLS]] : {{.*}}) outs(%[[CALLS]] :
// CHECK: kernel.launch @{{.*}} ins({{.*}}%[[CHECKED]]
// CHECK: kernel.return
func.func @early(%labels: tensor<8xi64> {graph.name = "labels"}, %x: tensor<8x4xf32> {graph.name = "x"}, %calls: tensor<f32> {graph.state = "calls", graph.role = "buffer"}) -> (tensor<8x4xf32>, tensor<f32> {graph.state = "calls"}) {
  %one = graph.full {value = 1.0 : f64, shape = array<i64>, dtype = f32} : () -> tensor<f32>
  %new = graph.add %calls, %one : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %y = graph.exp %x : (tensor<8x4xf32>) -> tensor<8x4xf32>
  %checked = graph.check_index %labels {size = 4 : i64, ignore_index = -100 : i64, function = "check_index"} : (tensor<8xi64>) -> tensor<8xi64>
  %column = graph.reshape %checked {shape = array<i64: 8, 1>} : (tensor<8xi64>) -> tensor<8x1xi64>
  %wide = graph.broadcast_to %column {shape = array<i64: 8, 4>} : (tensor<8x1xi64>) -> tensor<8x4xi64>
  %classes = graph.iota {shape = array<i64: 8, 4>, dim = 1 : i64, dtype = i64} : () -> tensor<8x4xi64>
  %hit = graph.eq %classes, %wide : (tensor<8x4xi64>, tensor<8x4xi64>) -> tensor<8x4xi1>
  %z = graph.where %hit, %y, %x : (tensor<8x4xi1>, tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  return %z, %new : tensor<8x4xf32>, tensor<f32>
}

// -----

// A check that needs what state becomes: state is written after it, not where
// it is computed.
// CHECK-LABEL: kernel.program @late(
// CHECK-SAME: %[[STEPS:[^ ]*]]: memref<i64> {kernel.name = "steps"
// CHECK-SAME: %[[CALLS:[^ ]*]]: memref<f32> {kernel.name = "calls"
// CHECK: kernel.launch @add_{{.*}} ins(%[[STEPS]] : {{.*}}) outs(%[[NEW:[^ ]*]] :
// CHECK-NEXT: kernel.launch @check_index_{{.*}} ins(%[[NEW]] :
// CHECK-DAG: kernel.launch @{{.*}} outs(%[[STEPS]] :
// CHECK-DAG: kernel.launch @add_{{.*}} ins(%[[CALLS]] : {{.*}}) outs(%[[CALLS]] :
// CHECK: kernel.return
func.func @late(%steps: tensor<i64> {graph.state = "steps", graph.role = "buffer"}, %calls: tensor<f32> {graph.state = "calls", graph.role = "buffer"}) -> (tensor<i64>, tensor<i64> {graph.state = "steps"}, tensor<f32> {graph.state = "calls"}) {
  %one = graph.full {value = 1.0 : f64, shape = array<i64>, dtype = f32} : () -> tensor<f32>
  %1 = graph.full {value = 1.0 : f64, shape = array<i64>, dtype = i64} : () -> tensor<i64>
  %count = graph.add %calls, %one : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %new = graph.add %steps, %1 : (tensor<i64>, tensor<i64>) -> tensor<i64>
  %checked = graph.check_index %new {size = 4 : i64, ignore_index = -100 : i64, function = "check_index"} : (tensor<i64>) -> tensor<i64>
  return %checked, %new, %count : tensor<i64>, tensor<i64>, tensor<f32>
}

// -----

// Where there is no state, a check is a part of what reads its index.
// CHECK: kernel.func @{{.*}}add{{.*}}(
// CHECK: scalar.check
// CHECK-LABEL: kernel.program @inference(
// CHECK-COUNT-1: kernel.launch
// CHECK-NOT: kernel.launch
// CHECK: kernel.return
func.func @inference(%labels: tensor<8xi64> {graph.name = "labels"}) -> tensor<8xi64> {
  %checked = graph.check_index %labels {size = 4 : i64, ignore_index = -100 : i64, function = "check_index"} : (tensor<8xi64>) -> tensor<8xi64>
  %y = graph.add %checked, %checked : (tensor<8xi64>, tensor<8xi64>) -> tensor<8xi64>
  return %y : tensor<8xi64>
}
