// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @to(
func.func @to(%self: tensor<2x?xf32>) -> tensor<2x?xi64> {
  // CHECK: graph.to %{{.*}} {dtype = i64} : (tensor<2x?xf32>) -> tensor<2x?xi64>
  %0 = graph.to %self {dtype = i64} : (tensor<2x?xf32>) -> tensor<2x?xi64>
  return %0 : tensor<2x?xi64>
}

// -----

// CHECK-LABEL: @to_bool(
func.func @to_bool(%self: tensor<2x?xui8>) -> tensor<2x?xi1> {
  // CHECK: graph.to %{{.*}} {dtype = i1} : (tensor<2x?xui8>) -> tensor<2x?xi1>
  %0 = graph.to %self {dtype = i1} : (tensor<2x?xui8>) -> tensor<2x?xi1>
  return %0 : tensor<2x?xi1>
}

// -----

// (C1)
func.func @another_type(%self: tensor<2xf32>) -> tensor<2xf16> {
  // expected-error@+2 {{inferred type(s) 'tensor<2xf64>' are incompatible with return type(s) of operation 'tensor<2xf16>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.to %self {dtype = f64} : (tensor<2xf32>) -> tensor<2xf16>
  return %0 : tensor<2xf16>
}

// -----

// (C1)
func.func @another_shape(%self: tensor<2xf32>) -> tensor<3xf64> {
  // expected-error@+2 {{inferred type(s) 'tensor<2xf64>' are incompatible with return type(s) of operation 'tensor<3xf64>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.to %self {dtype = f64} : (tensor<2xf32>) -> tensor<3xf64>
  return %0 : tensor<3xf64>
}
