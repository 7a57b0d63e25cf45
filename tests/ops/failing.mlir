// RUN: not tensorc-check %s 2>&1 | FileCheck %s

// The check tells what is wrong where and in which way, for each way.
// CHECK:      failing.mlir:[[# @LINE + 4]]:3: error: `graph.neg`, in eager mode: [1, 0]: expected 5, received 4
func.func @wrong_number() {
  %0 = graph.constant dense<[[-2], [-4]]> : tensor<2x1xi32>
  %1 = graph.neg %0 : (tensor<2x1xi32>) -> tensor<2x1xi32>
  check.expect_eq_const %1, dense<[[2], [5]]> : tensor<2x1xi32>
  return
}

// Zeros have a sign, and numbers that aren't near are told from others.
// CHECK:      failing.mlir:[[# @LINE + 5]]:3: error: `graph.exp`, in eager mode: [1]: expected 2.5, received 2.71828
// CHECK:      failing.mlir:[[# @LINE + 6]]:3: error: `graph.abs`, in eager mode: [0]: expected -0, received 0
func.func @wrong_real() {
  %0 = graph.constant dense<[0.0, 1.0]> : tensor<2xf32>
  %1 = graph.exp %0 : (tensor<2xf32>) -> tensor<2xf32>
  check.expect_almost_eq_const %1, dense<[1.0, 2.5]> : tensor<2xf32>
  %2 = graph.abs %0 : (tensor<2xf32>) -> tensor<2xf32>
  check.expect_eq_const %2, dense<[-0.0, 1.0]> : tensor<2xf32>
  return
}

// CHECK: error: `graph.neg`, interpreted: [1, 0]: expected 5, received 4
// CHECK: error: `graph.neg`, compiled for x86-64-v3 at -O0: [1, 0]: expected 5, received 4
// CHECK: error: `graph.neg`, compiled for x86-64-v3 at -O3: [1, 0]: expected 5, received 4
// CHECK: error: `graph.neg`, folded for x86-64-v3 at -O3: [1, 0]: expected 5, received 4
// CHECK: 2 functions, 3 expectations, {{[0-9]+}} ways
