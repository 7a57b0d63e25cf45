// RUN: tensorc-opt %s --tensorc-cpu-to-llvm > %t
// RUN: FileCheck %s --input-file=%t
// RUN: tensorc-opt %s --tensorc-cpu-to-llvm --mlir-disable-threading | cmp - %t

// Functions that are converted side by side keep their order, and share what
// they declare.
// CHECK: module {
// CHECK-NEXT: llvm.func @expm1(f64) -> f64
// CHECK-NEXT: llvm.func @log1p(f64) -> f64
// CHECK-NEXT: llvm.func @first
// CHECK: llvm.call @expm1(
// CHECK: }
// CHECK-NEXT: llvm.func @second
// CHECK: llvm.call @expm1(
// CHECK: }
// CHECK-NEXT: llvm.func @third
// CHECK: llvm.call @log1p(
// CHECK: }
// CHECK-NEXT: llvm.func @fourth
// CHECK: llvm.call @expm1(
// CHECK: llvm.call @second(
// CHECK: }
// CHECK-NEXT: kernel.program @main
func.func @first(%x: f64) -> f64 {
  %0 = math.expm1 %x : f64
  return %0 : f64
}
func.func @second(%x: f64) -> f64 {
  %0 = math.expm1 %x : f64
  return %0 : f64
}
func.func @third(%x: f64) -> f64 {
  %0 = math.log1p %x : f64
  return %0 : f64
}
func.func @fourth(%x: f64) -> f64 {
  %0 = math.expm1 %x : f64
  %1 = func.call @second(%0) : (f64) -> f64
  return %1 : f64
}
kernel.program @main() {
  kernel.return
}
