// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: kernel.func @pad
kernel.func @pad(%x: memref<2x3xf32>, %y: memref<4x?xf32>) {
  // CHECK: kernel.pad %{{.*}} into %{{.*}} {interior = array<i64: 0, 1>, low = array<i64: 1, -1>, value = 0.000000e+00 : f32} : memref<2x3xf32>, memref<4x?xf32>
  kernel.pad %x into %y {low = array<i64: 1, -1>, interior = array<i64: 0, 1>, value = 0.0 : f32} : memref<2x3xf32>, memref<4x?xf32>
  kernel.return
}

// -----

kernel.func @rank(%x: memref<2x3xf32>, %y: memref<4xf32>) {
  // (C1)
  // expected-error@+1 {{'kernel.pad' op has an input of rank 2, an output of rank 1, 2 low and 2 interior sizes, expected equal numbers}}
  kernel.pad %x into %y {low = array<i64: 1, 0>, interior = array<i64: 0, 0>, value = 0.0 : f32} : memref<2x3xf32>, memref<4xf32>
  kernel.return
}

// -----

kernel.func @sizes(%x: memref<2xf32>, %y: memref<4xf32>) {
  // (C1)
  // expected-error@+1 {{'kernel.pad' op has an input of rank 1, an output of rank 1, 1 low and 0 interior sizes, expected equal numbers}}
  kernel.pad %x into %y {low = array<i64: 1>, interior = array<i64>, value = 0.0 : f32} : memref<2xf32>, memref<4xf32>
  kernel.return
}

// -----

kernel.func @element_types(%x: memref<2xf32>, %y: memref<4xf32>) {
  // (C2)
  // expected-error@+1 {{'kernel.pad' op pads 'f32' with 'f64' into 'f32', expected one element type}}
  kernel.pad %x into %y {low = array<i64: 1>, interior = array<i64: 0>, value = 0.0 : f64} : memref<2xf32>, memref<4xf32>
  kernel.return
}

// -----

kernel.func @negative_interior(%x: memref<2xf32>, %y: memref<4xf32>) {
  // (C3)
  // expected-error@+1 {{'kernel.pad' op has interior padding -1, expected none below 0}}
  kernel.pad %x into %y {low = array<i64: 1>, interior = array<i64: -1>, value = 0.0 : f32} : memref<2xf32>, memref<4xf32>
  kernel.return
}
