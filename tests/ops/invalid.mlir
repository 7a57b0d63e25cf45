// RUN: split-file %s %t
// RUN: not tensorc-check %t/nothing.mlir 2>&1 | FileCheck %s --check-prefix=NOTHING
// RUN: not tensorc-check %t/arguments.mlir 2>&1 | FileCheck %s --check-prefix=ARGUMENTS
// RUN: not tensorc-check %t/empty.mlir 2>&1 | FileCheck %s --check-prefix=EMPTY
// RUN: not tensorc-check %t/type.mlir 2>&1 | FileCheck %s --check-prefix=TYPE

// A test that checks nothing is none.

//--- nothing.mlir
// NOTHING: nothing.mlir:2:1: error: expected a function that takes nothing and checks something
func.func @nothing() {
  return
}

//--- arguments.mlir
// ARGUMENTS: error: expected a function that takes nothing and checks something
func.func @arguments(%0: tensor<1xf32>) {
  check.expect_eq_const %0, dense<1.0> : tensor<1xf32>
  return
}

//--- empty.mlir
// EMPTY: error: expected functions

//--- type.mlir
func.func @type() {
  %0 = graph.constant dense<1.0> : tensor<2xf32>
  // TYPE: error: use of value '%0' expects different type than prior uses
  check.expect_eq_const %0, dense<1.0> : tensor<1xf32>
  return
}
