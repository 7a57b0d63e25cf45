// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: kernel.program @step(
// CHECK-SAME: memref<4xf32> {kernel.name = "x", kernel.role = "input"}, %{{.*}}: memref<2xi64> {kernel.name = "y", kernel.role = "output"}) {
kernel.program @step(%x: memref<4xf32> {kernel.name = "x", kernel.role = "input"},
                     %y: memref<2xi64> {kernel.name = "y", kernel.role = "output"}) {
  // CHECK: %{{.*}} = kernel.alloc : memref<4x?xf32>
  %a = kernel.alloc : memref<4x?xf32>
  // CHECK: kernel.return
  kernel.return
}

// CHECK-LABEL: kernel.func @k(%{{.*}}: memref<4xf32>) attributes {kernel.tasks = 2 : i64} {
kernel.func @k(%x: memref<4xf32>) attributes {kernel.tasks = 2 : i64} {
  kernel.return
}

// -----

// (C1)
// expected-error@+1 {{'kernel.program' op has 1 results, expected none (results are written to buffers)}}
kernel.program @result() -> f32 {
  kernel.return
}

// -----

// (C2)
// expected-error@+1 {{'kernel.func' op argument #1 is of type 'tensor<4xf32>', expected a buffer}}
kernel.func @tensor(%x: memref<4xf32>, %y: tensor<4xf32>) {
  kernel.return
}
