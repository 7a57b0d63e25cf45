// RUN: tensorc-opt %s | tensorc-opt | FileCheck %s
// RUN: tensorc-opt %s --mlir-print-op-generic | FileCheck %s --check-prefix=GENERIC

// A body's check, whoever holds the body.
// CHECK-LABEL: func.func @body
// GENERIC: "scalar.check"(%{{.*}}) <{status = 5 : i32}> : (i1) -> ()
func.func @body(%valid: i1, %label: i64) {
  // CHECK: scalar.check %{{.*}}, 5{{$}}
  scalar.check %valid, 5
  // CHECK: scalar.check %{{.*}}, 5, %{{.*}} {expected = "less than 10", number = 2 : i32, source = "a.cpp:1", subject = "label"}
  scalar.check %valid, 5, %label {expected = "less than 10", subject = "label", source = "a.cpp:1", number = 2 : i32}
  return
}
