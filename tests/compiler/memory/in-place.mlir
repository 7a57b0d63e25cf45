// RUN: tensorc-opt %s -split-input-file --tensorc-legalize --tensorc-fuse --tensorc-plan-memory --mlir-print-local-scope | FileCheck %s

// Results are computed in the outputs, new state in place of the old; no copy is
// left, and no kernel for one.
// CHECK-NOT: @copy
// CHECK-LABEL: kernel.program @step(
// CHECK-SAME: %[[G:.*]]: memref<8xf32> {kernel.name = "g"
// CHECK-SAME: %[[Y:.*]]: memref<8xf32> {kernel.name = "y"
// CHECK-SAME: %[[W:.*]]: memref<8xf32> {kernel.name = "w"
// CHECK-SAME: %[[M:.*]]: memref<8xf32> {kernel.name = "m"
// CHECK-SAME: %{{.*}}: memref<0xi8> {kernel.name = "workspace", kernel.role = "workspace"})
// CHECK-SAME: kernel.buffer_bytes = 0 : i64, kernel.live_bytes = 0 : i64, kernel.workspace_bytes = 0 : i64
// CHECK: kernel.launch @exp_{{.*}} ins(%[[W]] : {{.*}}) outs(%[[Y]] :
// CHECK: kernel.launch @add_sub_{{.*}} ins(%[[M]], %[[G]], %[[W]] : {{.*}}) outs(%[[M]], %[[W]] :
// CHECK-NEXT: kernel.return
func.func @step(%g: tensor<8xf32> {graph.name = "g"}, %w: tensor<8xf32> {graph.state = "w", graph.role = "parameter"}, %m: tensor<8xf32> {graph.state = "m", graph.role = "optimizer"}) -> (tensor<8xf32> {graph.name = "y"}, tensor<8xf32> {graph.state = "w"}, tensor<8xf32> {graph.state = "m"}) {
  %0 = graph.add %m, %g : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %1 = graph.sub %w, %0 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %2 = graph.exp %w : (tensor<8xf32>) -> tensor<8xf32>
  return %2, %1, %0 : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>
}

// -----

// The update waits for all readers of the old weight, though it is first in the
// function.
// CHECK-LABEL: kernel.program @anti_dependence(
// CHECK-SAME: %[[W:[^ ]*]]: memref<8x8xf32> {kernel.name = "w"
// CHECK: kernel.launch @matmul_{{.*}} ins(%{{.*}}, %[[W]] :
// CHECK: kernel.launch @sub_{{.*}} ins(%[[W]], {{.*}}) outs(%[[W]] :
// CHECK-NEXT: kernel.return
func.func @anti_dependence(%x: tensor<4x8xf32>, %g: tensor<8x8xf32>, %w: tensor<8x8xf32> {graph.state = "w", graph.role = "parameter"}) -> (tensor<4x8xf32>, tensor<8x8xf32> {graph.state = "w"}) {
  %0 = graph.sub %w, %g : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  %1 = graph.matmul %x, %w : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
  return %1, %0 : tensor<4x8xf32>, tensor<8x8xf32>
}

// -----

// A reader of the old weight that needs the new one keeps the copy.
// CHECK-LABEL: kernel.program @cycle(
// CHECK-SAME: %[[W:[^ ]*]]: memref<8x8xf32> {kernel.name = "w"
// CHECK: %[[V:.*]] = kernel.view
// CHECK: kernel.launch @exp_{{.*}} ins(%[[W]] : {{.*}}) outs(%[[V]] :
// CHECK: kernel.launch @matmul_{{.*}} ins(%[[V]], %[[W]] :
// CHECK: kernel.launch @copy_{{.*}} ins(%[[V]] : {{.*}}) outs(%[[W]] :
func.func @cycle(%w: tensor<8x8xf32> {graph.state = "w", graph.role = "parameter"}) -> (tensor<8x8xf32>, tensor<8x8xf32> {graph.state = "w"}) {
  %0 = graph.exp %w : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %1 = graph.matmul %0, %w : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  return %1, %0 : tensor<8x8xf32>, tensor<8x8xf32>
}

// -----

// A kernel that reads the weight at another index can't write over it.
// CHECK-LABEL: kernel.program @transposed(
// CHECK-SAME: %[[W:[^ ]*]]: memref<8x8xf32> {kernel.name = "w"
// CHECK: %[[V:.*]] = kernel.view
// CHECK: kernel.launch @add_{{.*}} ins(%[[W]], %[[W]] : {{.*}}) outs(%[[V]] :
// CHECK: kernel.launch @copy_{{.*}} ins(%[[V]] : {{.*}}) outs(%[[W]] :
func.func @transposed(%w: tensor<8x8xf32> {graph.state = "w", graph.role = "parameter"}) -> (tensor<8x8xf32> {graph.state = "w"}) {
  %0 = graph.permute %w {dims = array<i64: 1, 0>} : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %1 = graph.add %w, %0 : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  return %1 : tensor<8x8xf32>
}

// -----

// One save is enough for a swap.
// CHECK-LABEL: kernel.program @swap(
// CHECK-SAME: %[[A:.*]]: memref<4xf32> {kernel.name = "a"{{.*}}, %[[B:.*]]: memref<4xf32> {kernel.name = "b"
// CHECK: %[[V:.*]] = kernel.view
// CHECK-DAG: kernel.launch @copy_0 ins(%[[A]] : {{.*}}) outs(%[[V]] :
// CHECK: kernel.launch @copy_0 ins(%[[B]] : {{.*}}) outs(%[[A]] :
// CHECK: kernel.launch @copy_0 ins(%[[V]] : {{.*}}) outs(%[[B]] :
// CHECK-NEXT: kernel.return
func.func @swap(%a: tensor<4xf32> {graph.state = "a", graph.role = "buffer"}, %b: tensor<4xf32> {graph.state = "b", graph.role = "buffer"}) -> (tensor<4xf32> {graph.state = "a"}, tensor<4xf32> {graph.state = "b"}) {
  return %b, %a : tensor<4xf32>, tensor<4xf32>
}

// -----

// A value returned twice is computed in the first output and copied to the
// second; an input that is returned is copied.
// CHECK-LABEL: kernel.program @aliases(
// CHECK-SAME: %[[X:.*]]: memref<4xf32> {kernel.name = "arg0"{{.*}}, %[[Y0:.*]]: memref<4xf32> {kernel.name = "result0"{{.*}}, %[[Y1:.*]]: memref<4xf32> {kernel.name = "result1"{{.*}}, %[[Y2:.*]]: memref<4xf32> {kernel.name = "result2"
// CHECK: kernel.launch @exp_{{.*}} ins(%[[X]] : {{.*}}) outs(%[[Y0]] :
// CHECK: kernel.launch @copy_{{.*}} ins(%[[Y0]] : {{.*}}) outs(%[[Y1]] :
// CHECK: kernel.launch @copy_{{.*}} ins(%[[X]] : {{.*}}) outs(%[[Y2]] :
func.func @aliases(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %0 = graph.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  return %0, %0, %x : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// -----

// A result under another shape is computed in the output's bytes.
// CHECK-LABEL: kernel.program @reshaped(
// CHECK-SAME: %[[Y:[^ ]*]]: memref<24xf32> {kernel.name = "result0"
// CHECK: %[[R:.*]] = kernel.reinterpret %[[Y]] : memref<24xf32> to memref<4x6xf32>
// CHECK: kernel.launch @matmul_{{.*}} outs(%[[R]] :
// CHECK-NEXT: kernel.return
func.func @reshaped(%x: tensor<4x5xf32>, %w: tensor<5x6xf32>) -> tensor<24xf32> {
  %0 = graph.matmul %x, %w : (tensor<4x5xf32>, tensor<5x6xf32>) -> tensor<4x6xf32>
  %1 = graph.reshape %0 {shape = array<i64: 24>} : (tensor<4x6xf32>) -> tensor<24xf32>
  return %1 : tensor<24xf32>
}
