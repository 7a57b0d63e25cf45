// RUN: tensorc-opt %s -split-input-file --tensorc-legalize | FileCheck %s

// Padding of a maximum is -∞. What ceil mode adds is padding behind.
// CHECK-LABEL: func.func @max(
// CHECK: graph.pad %{{.*}} {high = array<i64: 0, 0, 0, 1>, {{.*}}low = array<i64: 0, 0, 1, 0>, value = 0xFFF0000000000000 : f64}
// CHECK: graph.unfold {{.*}}dim = 2 : i64, size = 3 : i64, step = 3
// CHECK: %[[W:.*]] = graph.unfold {{.*}}dim = 3 : i64, size = 3 : i64, step = 2
// CHECK: graph.amax %[[W]] {dims = array<i64: 4, 5>, keepdim = false}
func.func @max(%x: tensor<1x2x5x6xf32>) -> tensor<1x2x2x3xf32> {
  %0 = graph.max_pool %x {kernel_size = array<i64: 3, 3>, stride = array<i64: 3, 2>, padding = array<i64: 1, 0>, dilation = array<i64: 1, 1>, ceil_mode = true} : (tensor<1x2x5x6xf32>) -> tensor<1x2x2x3xf32>
  return %0 : tensor<1x2x2x3xf32>
}

// -----

// A mean is over the elements that count.
// CHECK-LABEL: func.func @mean(
// CHECK: graph.pad {{.*}}value = 0.000000e+00
// CHECK: %[[SUM:.*]] = graph.sum {{.*}}dims = array<i64: 4, 5>
// CHECK: %[[C:.*]] = graph.constant dense<{{\[\[}}4.000000e+00, 6.000000e+00], [6.000000e+00, 9.000000e+00]]>
// CHECK: %[[COUNTS:.*]] = graph.broadcast_to %[[C]]
// CHECK: graph.div %[[SUM]], %[[COUNTS]]
func.func @mean(%x: tensor<1x1x5x5xf32>) -> tensor<1x1x2x2xf32> {
  %0 = graph.avg_pool %x {kernel_size = array<i64: 3, 3>, stride = array<i64: 3, 3>, padding = array<i64: 1, 1>, ceil_mode = false, count_include_pad = false} : (tensor<1x1x5x5xf32>) -> tensor<1x1x2x2xf32>
  return %0 : tensor<1x1x2x2xf32>
}

// -----

// From windows that don't overlap, each gradient goes to its place, also where
// ceil mode rounds nothing.
// CHECK-LABEL: func.func @scatter(
// CHECK-COUNT-2: graph.unfold %
// CHECK-NEXT: graph.first_max_backward
// CHECK-COUNT-2: graph.unfold_backward
// CHECK-NEXT: return
func.func @scatter(%g: tensor<1x1x2x2xf32>, %x: tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32> {
  %0 = graph.max_pool_backward %g, %x {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, ceil_mode = true} : (tensor<1x1x2x2xf32>, tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32>
  return %0 : tensor<1x1x4x4xf32>
}

// -----

// Others: the first maximum's place in each window; then a slice of the spread
// gradients for each place.
// CHECK-LABEL: func.func @overlap(
// CHECK: %[[FIRST:.*]] = graph.first_max
// CHECK-DAG: graph.pad %[[FIRST]] {{.*}}value = -1.0
// CHECK-DAG: graph.pad %{{.*}}value = 0.0
// CHECK-COUNT-2: graph.where
// CHECK: graph.add
// CHECK-NOT: graph.max_pool_backward
func.func @overlap(%g: tensor<1x1x1x3xf32>, %x: tensor<1x1x1x4xf32>) -> tensor<1x1x1x4xf32> {
  %0 = graph.max_pool_backward %g, %x {kernel_size = array<i64: 1, 2>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, ceil_mode = false} : (tensor<1x1x1x3xf32>, tensor<1x1x1x4xf32>) -> tensor<1x1x1x4xf32>
  return %0 : tensor<1x1x1x4xf32>
}

// -----

// CHECK-LABEL: func.func @mean_backward(
// CHECK: %[[SHARE:.*]] = graph.div
// CHECK: %[[SPREAD:.*]] = graph.pad %[[SHARE]]
// CHECK: graph.slice %[[SPREAD]]
// CHECK: graph.slice %[[SPREAD]]
// CHECK: graph.add
// CHECK-NOT: graph.avg_pool_backward
func.func @mean_backward(%g: tensor<1x1x1x3xf32>) -> tensor<1x1x1x4xf32> {
  %0 = graph.avg_pool_backward %g {input_shape = array<i64: 1, 1, 1, 4>, kernel_size = array<i64: 1, 2>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, ceil_mode = false, count_include_pad = true} : (tensor<1x1x1x3xf32>) -> tensor<1x1x1x4xf32>
  return %0 : tensor<1x1x1x4xf32>
}
