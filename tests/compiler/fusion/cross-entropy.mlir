// RUN: tensorc-opt %s -split-input-file --tensorc-differentiate --tensorc-simplify --tensorc-fuse --mlir-print-local-scope | FileCheck %s

// From logits and labels to the loss of each row: one kernel. The number of rows
// that count, and the mean, are sums over rows.
// CHECK-LABEL: kernel.program @forward
// CHECK-COUNT-2: kernel.launch
// CHECK-NEXT: kernel.launch @copy
// CHECK-NOT: kernel.launch
// CHECK: kernel.return
func.func @forward(%x: tensor<64x10xf32>, %t: tensor<64xi64>) -> tensor<f32> {
  %0 = graph.cross_entropy %x, %t {reduction = "mean", ignore_index = -100 : i64, label_smoothing = 0.0 : f64} : (tensor<64x10xf32>, tensor<64xi64>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

// With its gradient: the rows' losses and the gradient leave the same kernel.
// CHECK-LABEL: kernel.program @backward
// CHECK: kernel.launch @sum_{{.*}} ins(%[[T:.*]] : memref<64xi64>)
// CHECK: kernel.launch @{{.*}}exp{{.*}} ins({{.*}}%[[X:.*]], {{.*}}) outs(%{{.*}}, %{{.*}} : memref<64xf32>, memref<64x10xf32>)
// CHECK: kernel.launch @sum_{{.*}} ins(%{{.*}}) outs(%{{.*}} : memref<f32>)
// CHECK-NEXT: kernel.launch @copy
// CHECK-NEXT: kernel.launch @copy
// CHECK-NEXT: kernel.return
func.func @backward(%x: tensor<64x10xf32>, %t: tensor<64xi64>) -> (tensor<f32>, tensor<64x10xf32>) {
  %0 = graph.cross_entropy %x, %t {reduction = "mean", ignore_index = -100 : i64, label_smoothing = 0.0 : f64} : (tensor<64x10xf32>, tensor<64xi64>) -> tensor<f32>
  %1 = graph.gradients %0 wrt(%x) : tensor<f32>, tensor<64x10xf32> -> tensor<64x10xf32>
  return %0, %1 : tensor<f32>, tensor<64x10xf32>
}
