// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @matmul(
func.func @matmul(%self: tensor<2x3xf32>, %other: tensor<3x4xf32>) -> tensor<2x4xf32> {
  // CHECK: graph.matmul %{{.*}}, %{{.*}} : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  %0 = graph.matmul %self, %other : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// -----

// CHECK-LABEL: @batched(
func.func @batched(%self: tensor<5x?x2x3xf32>, %other: tensor<5x?x3x4xf32>) -> tensor<5x?x2x4xf32> {
  // CHECK: graph.matmul %{{.*}}, %{{.*}} : (tensor<5x?x2x3xf32>, tensor<5x?x3x4xf32>) -> tensor<5x?x2x4xf32>
  %0 = graph.matmul %self, %other : (tensor<5x?x2x3xf32>, tensor<5x?x3x4xf32>) -> tensor<5x?x2x4xf32>
  return %0 : tensor<5x?x2x4xf32>
}

// -----

// (C1)
func.func @ranks_differ(%self: tensor<5x2x3xf32>, %other: tensor<3x4xf32>) -> tensor<5x2x4xf32> {
  // expected-error@+2 {{expected operands of shapes […, M, K] and […, K, N], received float32[5, 2, 3] and float32[3, 4]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.matmul %self, %other : (tensor<5x2x3xf32>, tensor<3x4xf32>) -> tensor<5x2x4xf32>
  return %0 : tensor<5x2x4xf32>
}

// -----

// (C1)
func.func @vectors(%self: tensor<3xf32>, %other: tensor<3xf32>) -> tensor<f32> {
  // expected-error@+2 {{expected operands of shapes […, M, K] and […, K, N], received float32[3] and float32[3]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.matmul %self, %other : (tensor<3xf32>, tensor<3xf32>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

// (C1)
func.func @element_types_differ(%self: tensor<2x3xf32>, %other: tensor<3x4xf64>) -> tensor<2x4xf32> {
  // expected-error@+2 {{expected operands of one element type, received float32[2, 3] and float64[3, 4]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.matmul %self, %other : (tensor<2x3xf32>, tensor<3x4xf64>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// -----

// (C2)
func.func @batch_sizes_differ(%self: tensor<5x2x3xf32>, %other: tensor<6x3x4xf32>) -> tensor<5x2x4xf32> {
  // expected-error@+2 {{expected operands of shapes […, M, K] and […, K, N], received float32[5, 2, 3] and float32[6, 3, 4]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.matmul %self, %other : (tensor<5x2x3xf32>, tensor<6x3x4xf32>) -> tensor<5x2x4xf32>
  return %0 : tensor<5x2x4xf32>
}

// -----

// (C3)
func.func @inner_sizes_differ(%self: tensor<2x3xf32>, %other: tensor<5x4xf32>) -> tensor<2x4xf32> {
  // expected-error@+2 {{expected operands of shapes […, M, K] and […, K, N], received float32[2, 3] and float32[5, 4]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.matmul %self, %other : (tensor<2x3xf32>, tensor<5x4xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// -----

// (C4)
func.func @another_shape(%self: tensor<2x3xf32>, %other: tensor<3x4xf32>) -> tensor<4x2xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<2x4xf32>' are incompatible with return type(s) of operation 'tensor<4x2xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.matmul %self, %other : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<4x2xf32>
  return %0 : tensor<4x2xf32>
}
