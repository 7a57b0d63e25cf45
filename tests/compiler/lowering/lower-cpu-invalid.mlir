// RUN: tensorc-opt %s --tensorc-lower-cpu -split-input-file -verify-diagnostics

kernel.func @several(%a: memref<4xf32>) {
  // expected-error@below {{stands in a kernel, expected one structured op}}
  %zero = arith.constant 0 : index
  kernel.return
}
