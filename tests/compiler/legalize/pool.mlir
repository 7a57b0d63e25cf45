// RUN: tensorc-opt %s -split-input-file --tensorc-legalize | FileCheck %s

// Padding of a maximum is -∞. What ceil mode adds is padding behind.
// CHECK-LABEL: func.func @max(
// CHECK: graph.pad %{{.*}} {high = array<i64: 0, 0, 0, 1>, {{.*}}low = array<i64: 0, 0, 1, 0>, value = 0xFFF0000000000000 : f64}
// CHECK: graph.max_pool2d {{.*}}ceil_mode = false, {{.*}}padding = array<i64: 0, 0>
func.func @max(%x: tensor<1x2x5x6xf32>) -> tensor<1x2x2x3xf32> {
  %0 = graph.max_pool2d %x {kernel_size = array<i64: 3, 3>, stride = array<i64: 3, 2>, padding = array<i64: 1, 0>, dilation = array<i64: 1, 1>, ceil_mode = true} : (tensor<1x2x5x6xf32>) -> tensor<1x2x2x3xf32>
  return %0 : tensor<1x2x2x3xf32>
}

// -----

// A mean over padding that doesn't count is scaled where there is some.
// CHECK-LABEL: func.func @mean(
// CHECK: graph.pad {{.*}}value = 0.000000e+00
// CHECK: %[[MEAN:.*]] = graph.avg_pool2d {{.*}}padding = array<i64: 0, 0>
// CHECK: %[[C:.*]] = graph.constant dense<{{\[\[}}2.250000e+00, 1.500000e+00], [1.500000e+00, 1.000000e+00]]>
// CHECK: %[[FACTORS:.*]] = graph.broadcast_to %[[C]]
// CHECK: graph.mul %[[MEAN]], %[[FACTORS]]
func.func @mean(%x: tensor<1x1x5x5xf32>) -> tensor<1x1x2x2xf32> {
  %0 = graph.avg_pool2d %x {kernel_size = array<i64: 3, 3>, stride = array<i64: 3, 3>, padding = array<i64: 1, 1>, ceil_mode = false, count_include_pad = false} : (tensor<1x1x5x5xf32>) -> tensor<1x1x2x2xf32>
  return %0 : tensor<1x1x2x2xf32>
}

// -----

// Windows that don't overlap have a space of their own, also where ceil mode
// rounds nothing.
// CHECK-LABEL: func.func @scatter(
// CHECK-NEXT: graph.max_pool2d_backward {{.*}}ceil_mode = false
// CHECK-NEXT: return
func.func @scatter(%g: tensor<1x1x2x2xf32>, %x: tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32> {
  %0 = graph.max_pool2d_backward %g, %x {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, ceil_mode = true} : (tensor<1x1x2x2xf32>, tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32>
  return %0 : tensor<1x1x4x4xf32>
}

// -----

// Others: the first maximum's place in each window, from the last place on; then
// a slice of the spread gradients for each place.
// CHECK-LABEL: func.func @overlap(
// CHECK: %[[MAX:.*]] = graph.max_pool2d
// CHECK-COUNT-2: graph.where
// CHECK: graph.pad {{.*}}value = -1.0
// CHECK: graph.pad {{.*}}value = 0.0
// CHECK-COUNT-2: graph.where
// CHECK: graph.add
// CHECK-NOT: graph.max_pool2d_backward
func.func @overlap(%g: tensor<1x1x1x3xf32>, %x: tensor<1x1x1x4xf32>) -> tensor<1x1x1x4xf32> {
  %0 = graph.max_pool2d_backward %g, %x {kernel_size = array<i64: 1, 2>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, ceil_mode = false} : (tensor<1x1x1x3xf32>, tensor<1x1x1x4xf32>) -> tensor<1x1x1x4xf32>
  return %0 : tensor<1x1x1x4xf32>
}

// -----

// CHECK-LABEL: func.func @mean_backward(
// CHECK: %[[SHARE:.*]] = graph.div
// CHECK: %[[SPREAD:.*]] = graph.pad %[[SHARE]]
// CHECK: graph.slice %[[SPREAD]]
// CHECK: graph.slice %[[SPREAD]]
// CHECK: graph.add
// CHECK-NOT: graph.avg_pool2d_backward
func.func @mean_backward(%g: tensor<1x1x1x3xf32>) -> tensor<1x1x1x4xf32> {
  %0 = graph.avg_pool2d_backward %g {input_shape = array<i64: 1, 1, 1, 4>, kernel_size = array<i64: 1, 2>, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, ceil_mode = false, count_include_pad = true} : (tensor<1x1x1x3xf32>) -> tensor<1x1x1x4xf32>
  return %0 : tensor<1x1x1x4xf32>
}
