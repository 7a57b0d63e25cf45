// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @gradients(
func.func @gradients(%w: tensor<2x3xf32>, %b: tensor<3xf32>) -> (tensor<2x3xf32>, tensor<3xf32>) {
  %loss = graph.sum %w {dims = array<i64: 0, 1>, keepdim = false} : (tensor<2x3xf32>) -> tensor<f32>
  // CHECK: %{{.*}}:2 = graph.gradients %{{.*}} wrt(%{{.*}}, %{{.*}}) : tensor<f32>, tensor<2x3xf32>, tensor<3xf32> -> tensor<2x3xf32>, tensor<3xf32>
  %0:2 = graph.gradients %loss wrt(%w, %b) : tensor<f32>, tensor<2x3xf32>, tensor<3xf32> -> tensor<2x3xf32>, tensor<3xf32>
  return %0#0, %0#1 : tensor<2x3xf32>, tensor<3xf32>
}

// CHECK-LABEL: @seed(
func.func @seed(%w: tensor<2xf32>, %s: tensor<2xf32>) -> tensor<2xf32> {
  %0 = graph.exp %w : (tensor<2xf32>) -> tensor<2xf32>
  // CHECK: graph.gradients %{{.*}} wrt(%{{.*}}) seed(%{{.*}} : tensor<2xf32>) : tensor<2xf32>, tensor<2xf32> -> tensor<2xf32>
  %1 = graph.gradients %0 wrt(%w) seed(%s : tensor<2xf32>) : tensor<2xf32>, tensor<2xf32> -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// CHECK-LABEL: @constants(
func.func @constants(%w: tensor<f32>, %x: tensor<f32>) -> tensor<f32> {
  %0 = graph.mul %w, %x : (tensor<f32>, tensor<f32>) -> tensor<f32>
  // CHECK: graph.gradients %{{.*}} wrt(%{{.*}}) constants(%{{.*}} : tensor<f32>) : tensor<f32>, tensor<f32> -> tensor<f32>
  %1 = graph.gradients %0 wrt(%w) constants(%x : tensor<f32>) : tensor<f32>, tensor<f32> -> tensor<f32>
  return %1 : tensor<f32>
}

// -----

// (C1)
func.func @another_type(%loss: tensor<f32>, %w: tensor<2xf32>) -> tensor<3xf32> {
  // expected-error@+1 {{has results of types ('tensor<3xf32>'), expected those of `wrt` ('tensor<2xf32>')}}
  %0 = graph.gradients %loss wrt(%w) : tensor<f32>, tensor<2xf32> -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

// (C2)
func.func @seed_of_another_type(%loss: tensor<f32>, %w: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error@+1 {{has a seed of type 'tensor<2xf32>', expected the root's 'tensor<f32>'}}
  %0 = graph.gradients %loss wrt(%w) seed(%w : tensor<2xf32>) : tensor<f32>, tensor<2xf32> -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// (C2)
func.func @many_elements_without_seed(%w: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error@+1 {{has the root 'tensor<2xf32>' and no seed, expected one element}}
  %0 = graph.gradients %w wrt(%w) : tensor<2xf32>, tensor<2xf32> -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// (C3)
func.func @whole_numbers(%loss: tensor<f32>, %w: tensor<2xi32>) -> tensor<2xi32> {
  // expected-error@+1 {{operand #1 must be variadic of tensor of floating-point numbers, but got 'tensor<2xi32>'}}
  %0 = graph.gradients %loss wrt(%w) : tensor<f32>, tensor<2xi32> -> tensor<2xi32>
  return %0 : tensor<2xi32>
}
