// RUN: tensorc-opt %s -split-input-file --tensorc-fuse --mlir-print-local-scope | FileCheck %s

// Inputs, outputs, state: with their names and roles. State that doesn't change
// is not written.
// CHECK-LABEL: kernel.program @step(
// CHECK-SAME: %[[X:.*]]: memref<4xf32> {kernel.name = "x", kernel.role = "input"},
// CHECK-SAME: %[[Y:.*]]: memref<4xf32> {kernel.name = "y", kernel.role = "output"},
// CHECK-SAME: %[[R1:.*]]: memref<4xf32> {kernel.name = "result2", kernel.role = "output"},
// CHECK-SAME: %[[W:.*]]: memref<4xf32> {kernel.name = "w", kernel.role = "parameter"},
// CHECK-SAME: %[[M:.*]]: memref<4xf32> {kernel.name = "m", kernel.role = "optimizer"})
// CHECK: %[[A:.*]] = kernel.alloc : memref<4xf32>
// CHECK: kernel.launch @add_0 ins(%[[W]], %[[X]] : {{.*}}) outs(%[[A]] :
// CHECK: kernel.launch @copy_1 ins(%[[A]] : {{.*}}) outs(%[[Y]] :
// CHECK: kernel.launch @copy_1 ins(%[[X]] : {{.*}}) outs(%[[R1]] :
// CHECK: kernel.launch @copy_1 ins(%[[A]] : {{.*}}) outs(%[[W]] :
// CHECK-NEXT: kernel.return
func.func @step(%w: tensor<4xf32> {graph.state = "w", graph.role = "parameter"}, %x: tensor<4xf32> {graph.name = "x"}, %m: tensor<4xf32> {graph.state = "m", graph.role = "optimizer"}) -> (tensor<4xf32> {graph.name = "y"}, tensor<4xf32> {graph.state = "w"}, tensor<4xf32>, tensor<4xf32> {graph.state = "m"}) {
  %0 = graph.add %w, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0, %0, %x, %m : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// -----

// State that becomes other state's contents is saved before any is written.
// CHECK-LABEL: kernel.program @swap(
// CHECK-SAME: %[[A:.*]]: memref<4xf32> {kernel.name = "a", kernel.role = "buffer"}, %[[B:.*]]: memref<4xf32> {kernel.name = "b", kernel.role = "buffer"})
// CHECK: kernel.launch @copy_0 ins(%[[B]] : {{.*}}) outs(%[[OLDB:.*]] :
// CHECK: kernel.launch @copy_0 ins(%[[A]] : {{.*}}) outs(%[[OLDA:.*]] :
// CHECK: kernel.launch @copy_0 ins(%[[OLDB]] : {{.*}}) outs(%[[A]] :
// CHECK: kernel.launch @copy_0 ins(%[[OLDA]] : {{.*}}) outs(%[[B]] :
func.func @swap(%a: tensor<4xf32> {graph.state = "a", graph.role = "buffer"}, %b: tensor<4xf32> {graph.state = "b", graph.role = "buffer"}) -> (tensor<4xf32> {graph.state = "a"}, tensor<4xf32> {graph.state = "b"}) {
  return %b, %a : tensor<4xf32>, tensor<4xf32>
}

// -----

// Identical kernels are one symbol, within a program and across programs.
// CHECK-COUNT-1: kernel.func @exp_
// CHECK-NOT: kernel.func @exp_
// CHECK-LABEL: kernel.program @one
// CHECK: kernel.launch @exp_[[N:[0-9]+]]
// CHECK: kernel.launch @exp_[[N]]
// CHECK-LABEL: kernel.program @two
// CHECK: kernel.launch @exp_[[N]]
func.func @one(%x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = graph.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = graph.exp %y : (tensor<4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}
func.func @two(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = graph.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// A result may be a constant, a view of an input, or nothing at all.
// CHECK-LABEL: kernel.program @trivial
// CHECK-SAME: %[[X:.*]]: memref<2x3xf32> {kernel.name = "arg0"
// CHECK: %[[T:.*]] = kernel.alloc : memref<3x2xf32>
// CHECK: kernel.launch @permute_{{.*}} ins(%[[X]] : memref<2x3xf32>) outs(%[[T]] : memref<3x2xf32>)
// CHECK: kernel.launch @full_{{.*}} ins() outs(%{{.*}} : memref<2xf32>)
// CHECK: kernel.reinterpret %[[X]] : memref<2x3xf32> to memref<6xf32>
// CHECK: kernel.constant dense<[1, 2]> : tensor<2xi32>
func.func @trivial(%x: tensor<2x3xf32>) -> (tensor<3x2xf32>, tensor<2xf32>, tensor<6xf32>, tensor<2xi32>) {
  %0 = graph.permute %x {dims = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %1 = graph.full {value = 2.0 : f64, shape = array<i64: 2>, dtype = f32} : () -> tensor<2xf32>
  %2 = graph.reshape %x {shape = array<i64: 6>} : (tensor<2x3xf32>) -> tensor<6xf32>
  %3 = graph.constant dense<[1, 2]> : tensor<2xi32>
  return %0, %1, %2, %3 : tensor<3x2xf32>, tensor<2xf32>, tensor<6xf32>, tensor<2xi32>
}

// -----

// CHECK-LABEL: kernel.program @empty() {
// CHECK-NEXT: kernel.return
func.func @empty() {
  return
}
