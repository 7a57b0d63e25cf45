// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @einsum(
func.func @einsum(%self: tensor<?x2x3xf32>, %other: tensor<4x3x5xf32>) -> tensor<5x4x2xf32> {
  // CHECK: graph.einsum %{{.*}}, %{{.*}} {equation = "bik,bkj->jbi"} : (tensor<?x2x3xf32>, tensor<4x3x5xf32>) -> tensor<5x4x2xf32>
  %0 = graph.einsum %self, %other {equation = "bik,bkj->jbi"} : (tensor<?x2x3xf32>, tensor<4x3x5xf32>) -> tensor<5x4x2xf32>
  return %0 : tensor<5x4x2xf32>
}

// -----

// (C1)
func.func @no_result(%self: tensor<2x3xf32>, %other: tensor<3x5xf32>) -> tensor<2x5xf32> {
  // expected-error@+2 {{expected an equation `self,other->result`, received `ik,kj`}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.einsum %self, %other {equation = "ik,kj"} : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}

// -----

// (C1)
func.func @a_letter_too_few(%self: tensor<2x3xf32>, %other: tensor<3x5xf32>) -> tensor<2x5xf32> {
  // expected-error@+2 {{expected a letter for each dimension of [2, 3], received `k`}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.einsum %self, %other {equation = "k,kj->j"} : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}

// -----

// (C1)
func.func @twice(%self: tensor<2x3xf32>, %other: tensor<3x5xf32>) -> tensor<2x5xf32> {
  // expected-error@+2 {{expected words of letters that differ, received `ii,ij->j`}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.einsum %self, %other {equation = "ii,ij->j"} : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}

// -----

// (C1)
func.func @no_letters(%self: tensor<2x3xf32>, %other: tensor<3x5xf32>) -> tensor<2x5xf32> {
  // expected-error@+2 {{expected words of letters that differ, received `i1,1j->ij`}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.einsum %self, %other {equation = "i1,1j->ij"} : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}

// -----

// (C2)
func.func @alone(%self: tensor<2x3xf32>, %other: tensor<3x5xf32>) -> tensor<2x5xf32> {
  // expected-error@+2 {{expected each letter in two of the words of an equation, received `ik,kj->i`}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.einsum %self, %other {equation = "ik,kj->i"} : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}

// -----

// (C3)
func.func @sizes_differ(%self: tensor<2x3xf32>, %other: tensor<4x5xf32>) -> tensor<2x5xf32> {
  // expected-error@+2 {{expected one size for `k` of `ik,kj->ij`, received float32[2, 3] and float32[4, 5]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.einsum %self, %other {equation = "ik,kj->ij"} : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}

// -----

// (C3)
func.func @types_differ(%self: tensor<2x3xf32>, %other: tensor<3x5xf64>) -> tensor<2x5xf32> {
  // expected-error@+2 {{expected operands of one element type, received float32[2, 3] and float64[3, 5]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.einsum %self, %other {equation = "ik,kj->ij"} : (tensor<2x3xf32>, tensor<3x5xf64>) -> tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}

// -----

// (C4)
func.func @another_shape(%self: tensor<2x3xf32>, %other: tensor<3x5xf32>) -> tensor<2x5xf32> {
  // expected-error@+2 {{inferred type(s) 'tensor<5x2xf32>' are incompatible with return type(s) of operation 'tensor<2x5xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.einsum %self, %other {equation = "ik,kj->ji"} : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}
