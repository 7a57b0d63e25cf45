// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @set_data(
func.func @set_data(%self: tensor<2x?xi64>, %source: tensor<2x?xi64>) -> tensor<2x?xi64> {
  // CHECK: graph.set_data %{{.*}}, %{{.*}} : (tensor<2x?xi64>, tensor<2x?xi64>) -> tensor<2x?xi64>
  %0 = graph.set_data %self, %source : (tensor<2x?xi64>, tensor<2x?xi64>) -> tensor<2x?xi64>
  return %0 : tensor<2x?xi64>
}

// -----

// (C1)
func.func @another_shape(%self: tensor<2xi64>, %source: tensor<2xi64>) -> tensor<3xi64> {
  // expected-error@+2 {{inferred type(s) 'tensor<2xi64>' are incompatible with return type(s) of operation 'tensor<3xi64>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.set_data %self, %source : (tensor<2xi64>, tensor<2xi64>) -> tensor<3xi64>
  return %0 : tensor<3xi64>
}
