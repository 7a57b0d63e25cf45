// RUN: tensorc-opt %s -tensorc-differentiate | FileCheck %s

// The chain rule: a seed of one, then the rules from the last op to the first.
// CHECK-LABEL: func.func @chain(
// CHECK-SAME: %[[X:.*]]: tensor<f32>)
// CHECK: %[[EXP:.*]] = graph.exp %[[X]]
// CHECK: graph.sin %[[EXP]]
// CHECK: %[[ONE:.*]] = graph.full {{.*}}value = 1.0{{.*}} -> tensor<f32>
// CHECK: %[[COS:.*]] = graph.cos %[[EXP]]
// CHECK: %[[A:.*]] = graph.mul %[[ONE]], %[[COS]]
// CHECK: %[[B:.*]] = graph.mul %[[A]], %[[EXP]]
// CHECK: return %[[B]]
func.func @chain(%x: tensor<f32>) -> tensor<f32> {
  %0 = graph.exp %x : (tensor<f32>) -> tensor<f32>
  %1 = graph.sin %0 : (tensor<f32>) -> tensor<f32>
  %g = graph.gradients %1 wrt(%x) : tensor<f32>, tensor<f32> -> tensor<f32>
  return %g : tensor<f32>
}

// Every use of a value contributes; the last use comes first in the sum.
// CHECK-LABEL: func.func @uses(
// CHECK-SAME: %[[X:.*]]: tensor<4xf32>, %[[SEED:.*]]: tensor<4xf32>)
// CHECK: %[[COS:.*]] = graph.cos %[[X]]
// CHECK: %[[LAST:.*]] = graph.mul {{.*}}, %[[COS]]
// CHECK: %[[FIRST:.*]] = graph.mul {{.*}}, %{{.*}}
// CHECK: %[[SUM:.*]] = graph.add %[[LAST]], %[[FIRST]]
// CHECK: return %[[SUM]]
func.func @uses(%x: tensor<4xf32>, %seed: tensor<4xf32>) -> tensor<4xf32> {
  %0 = graph.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = graph.sin %x : (tensor<4xf32>) -> tensor<4xf32>
  %2 = graph.mul %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %g = graph.gradients %2 wrt(%x) seed(%seed : tensor<4xf32>)
      : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  return %g : tensor<4xf32>
}

// The same tensor twice in one op.
// CHECK-LABEL: func.func @twice(
// CHECK-SAME: %[[X:.*]]: tensor<f32>)
// CHECK: %[[ONE:.*]] = graph.full
// CHECK: %[[A:.*]] = graph.mul %[[ONE]], %[[X]]
// CHECK: %[[B:.*]] = graph.mul %[[ONE]], %[[X]]
// CHECK: graph.add %[[A]], %[[B]]
func.func @twice(%x: tensor<f32>) -> tensor<f32> {
  %0 = graph.mul %x, %x : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %g = graph.gradients %0 wrt(%x) : tensor<f32>, tensor<f32> -> tensor<f32>
  return %g : tensor<f32>
}

// A rule gets a constant cut off, so that the second request finds no path
// through it; what an op made of the constant is as it was.
// CHECK-LABEL: func.func @constants(
// CHECK-SAME: %[[X:.*]]: tensor<f32>, %[[W:.*]]: tensor<f32>)
// CHECK: %[[SIN:.*]] = graph.sin %[[X]]
// CHECK: %[[CUT:.*]] = graph.detach %[[X]]
// CHECK: %[[A:.*]] = graph.mul %{{.*}}, %[[CUT]]
// CHECK: %[[GW:.*]] = graph.mul %[[A]], %[[SIN]]
// CHECK: %[[COS:.*]] = graph.cos %[[X]]
// CHECK: %[[GX:.*]] = graph.mul %{{.*}}, %[[COS]]
// CHECK: return %[[GW]], %[[GX]]
func.func @constants(%x: tensor<f32>, %w: tensor<f32>)
    -> (tensor<f32>, tensor<f32>) {
  %0 = graph.sin %x : (tensor<f32>) -> tensor<f32>
  %1 = graph.mul %w, %0 : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %2 = graph.mul %1, %x : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %gw = graph.gradients %2 wrt(%w) constants(%x : tensor<f32>)
      : tensor<f32>, tensor<f32> -> tensor<f32>
  %gx = graph.gradients %gw wrt(%x) : tensor<f32>, tensor<f32> -> tensor<f32>
  return %gw, %gx : tensor<f32>, tensor<f32>
}

// What no path leads to is zero; so is what passes only a comparison, a
// conversion to whole numbers, or `detach`.
// CHECK-LABEL: func.func @zeros(
// CHECK-SAME: %[[X:.*]]: tensor<2xf32>, %[[Y:.*]]: tensor<3xf32>)
// CHECK-DAG: %[[ZX:.*]] = graph.full {{.*}}value = 0.0{{.*}} -> tensor<2xf32>
// CHECK-DAG: %[[ZY:.*]] = graph.full {{.*}}value = 0.0{{.*}} -> tensor<3xf32>
// CHECK-NOT: graph.gradients
// CHECK: return %[[ZX]], %[[ZY]]
func.func @zeros(%x: tensor<2xf32>, %y: tensor<3xf32>)
    -> (tensor<2xf32>, tensor<3xf32>) {
  %0 = graph.isnan %x : (tensor<2xf32>) -> tensor<2xi1>
  %1 = graph.to %0 {dtype = f32} : (tensor<2xi1>) -> tensor<2xf32>
  %2 = graph.detach %x : (tensor<2xf32>) -> tensor<2xf32>
  %3 = graph.mul %1, %2 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %4 = graph.sum %3 {dims = array<i64: 0>, keepdim = false}
      : (tensor<2xf32>) -> tensor<f32>
  %g:2 = graph.gradients %4 wrt(%x, %y)
      : tensor<f32>, tensor<2xf32>, tensor<3xf32> -> tensor<2xf32>, tensor<3xf32>
  return %g#0, %g#1 : tensor<2xf32>, tensor<3xf32>
}

// The gradient of the root itself is the seed; one asked for in the middle of
// the path is passed on as well.
// CHECK-LABEL: func.func @middle(
// CHECK-SAME: %[[X:.*]]: tensor<f32>)
// CHECK: %[[EXP:.*]] = graph.exp %[[X]]
// CHECK: %[[SIN:.*]] = graph.sin %[[EXP]]
// CHECK: %[[ONE:.*]] = graph.full {{.*}}value = 1.0
// CHECK: %[[COS:.*]] = graph.cos %[[EXP]]
// CHECK: %[[A:.*]] = graph.mul %[[ONE]], %[[COS]]
// CHECK: %[[B:.*]] = graph.mul %[[A]], %[[EXP]]
// CHECK: return %[[ONE]], %[[A]], %[[B]]
func.func @middle(%x: tensor<f32>) -> (tensor<f32>, tensor<f32>, tensor<f32>) {
  %0 = graph.exp %x : (tensor<f32>) -> tensor<f32>
  %1 = graph.sin %0 : (tensor<f32>) -> tensor<f32>
  %g:3 = graph.gradients %1 wrt(%1, %0, %x)
      : tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>
      -> tensor<f32>, tensor<f32>, tensor<f32>
  return %g#0, %g#1, %g#2 : tensor<f32>, tensor<f32>, tensor<f32>
}

// Only what is asked for is built: the gradient of `%w` alone.
// CHECK-LABEL: func.func @needed(
// CHECK-SAME: %[[X:.*]]: tensor<2x3xf32>, %[[W:.*]]: tensor<3x4xf32>
// CHECK: graph.matmul %[[X]], %[[W]]
// CHECK: %[[T:.*]] = graph.permute %[[X]]
// CHECK: %[[DW:.*]] = graph.matmul %[[T]]
// CHECK-NOT: graph.permute
// CHECK: return %[[DW]]
func.func @needed(%x: tensor<2x3xf32>, %w: tensor<3x4xf32>,
                  %seed: tensor<2x4xf32>) -> tensor<3x4xf32> {
  %0 = graph.matmul %x, %w : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  %g = graph.gradients %0 wrt(%w) seed(%seed : tensor<2x4xf32>)
      : tensor<2x4xf32>, tensor<3x4xf32> -> tensor<3x4xf32>
  return %g : tensor<3x4xf32>
}

// Two requests in one function: each stands on its own.
// CHECK-LABEL: func.func @two(
// CHECK-SAME: %[[X:.*]]: tensor<f32>)
// CHECK: %[[COS:.*]] = graph.cos %[[X]]
// CHECK: %[[G:.*]] = graph.mul %{{.*}}, %[[COS]]
// CHECK: %[[EXP:.*]] = graph.exp %[[X]]
// CHECK: %[[H:.*]] = graph.mul %{{.*}}, %[[EXP]]
// CHECK: return %[[G]], %[[H]]
func.func @two(%x: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  %0 = graph.sin %x : (tensor<f32>) -> tensor<f32>
  %g = graph.gradients %0 wrt(%x) : tensor<f32>, tensor<f32> -> tensor<f32>
  %1 = graph.exp %x : (tensor<f32>) -> tensor<f32>
  %h = graph.gradients %1 wrt(%x) : tensor<f32>, tensor<f32> -> tensor<f32>
  return %g, %h : tensor<f32>, tensor<f32>
}
