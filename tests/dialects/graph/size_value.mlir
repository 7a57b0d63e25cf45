// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: tensorc-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=FOLD

module attributes {scalar.symbols = [#scalar.symbol<B : 1 to 256, hint 64>]} {
  // CHECK-LABEL: @size_value(
  // FOLD-LABEL: @size_value(
  func.func @size_value() -> (tensor<i64>, tensor<i64>) {
    // CHECK: graph.size_value {size = #scalar.sizes<"2*B">} : () -> tensor<i64>
    // FOLD-DAG: graph.size_value {size = #scalar.sizes<"2*B">}
    %0 = graph.size_value {size = #scalar.sizes<"B + B">} : () -> tensor<i64>
    // CHECK: graph.size_value {size = array<i64: 7>} : () -> tensor<i64>
    // FOLD-DAG: graph.constant dense<7> : tensor<i64>
    %1 = graph.size_value {size = array<i64: 7>} : () -> tensor<i64>
    return %0, %1 : tensor<i64>, tensor<i64>
  }
}

// -----

// (C1)
func.func @two_sizes() -> tensor<i64> {
  // expected-error@+2 {{expected `size` of 1 numbers of at least 0, received [2, 3]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.size_value {size = array<i64: 2, 3>} : () -> tensor<i64>
  return %0 : tensor<i64>
}

// -----

// (C1)
module attributes {scalar.symbols = [#scalar.symbol<B : 1 to 256, hint 64>]} {
  func.func @negative_size() -> tensor<i64> {
    // expected-error@+2 {{expected `size` of 1 numbers of at least 0, received [B - 2]}}
    // expected-error@+1 {{failed to infer returned types}}
    %0 = graph.size_value {size = #scalar.sizes<"B - 2">} : () -> tensor<i64>
    return %0 : tensor<i64>
  }
}

// -----

// (C2)
func.func @another_type() -> tensor<1xi64> {
  // expected-error@+2 {{inferred type(s) 'tensor<i64>' are incompatible with return type(s) of operation 'tensor<1xi64>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.size_value {size = array<i64: 2>} : () -> tensor<1xi64>
  return %0 : tensor<1xi64>
}
