// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: kernel.program @buffers
kernel.program @buffers(%arena: memref<1024xi8>) {
  // CHECK: kernel.constant dense<[1.0{{.*}}, 2.0{{.*}}]> : tensor<2xf32> : memref<2xf32>
  %c = kernel.constant dense<[1.0, 2.0]> : tensor<2xf32> : memref<2xf32>
  // CHECK: kernel.view %{{.*}}[64] : memref<1024xi8> to memref<4x8xf32>
  %v = kernel.view %arena[64] : memref<1024xi8> to memref<4x8xf32>
  // CHECK: kernel.reinterpret %{{.*}} : memref<4x8xf32> to memref<32xf32>
  %r = kernel.reinterpret %v : memref<4x8xf32> to memref<32xf32>
  kernel.return
}

// -----

kernel.program @constant_of_another_type() {
  // (C1)
  // expected-error@+1 {{'kernel.constant' op has contents of type 'tensor<2xf32>', expected the buffer's elements and shape 'memref<3xf32>'}}
  %c = kernel.constant dense<[1.0, 2.0]> : tensor<2xf32> : memref<3xf32>
  kernel.return
}

// -----

kernel.program @view_not_aligned(%arena: memref<1024xi8>) {
  // (C1)
  // expected-error@+1 {{'kernel.view' op has offset 6, expected a multiple of the element's size 4}}
  %v = kernel.view %arena[6] : memref<1024xi8> to memref<8xf32>
  kernel.return
}

// -----

kernel.program @view_before_the_arena(%arena: memref<1024xi8>) {
  // (C1)
  // expected-error@+1 {{'kernel.view' op has offset -4, expected a multiple of the element's size 4}}
  %v = kernel.view %arena[-4] : memref<1024xi8> to memref<8xf32>
  kernel.return
}

// -----

kernel.program @view_with_strides(%arena: memref<1024xi8>) {
  // (C2)
  // expected-error@+1 {{'kernel.view' op has result 'memref<8xf32, strided<[2]>>', expected a dense buffer}}
  %v = kernel.view %arena[0] : memref<1024xi8> to memref<8xf32, strided<[2]>>
  kernel.return
}

// -----

kernel.program @view_over_the_end(%arena: memref<1024xi8>) {
  // (C3)
  // expected-error@+1 {{'kernel.view' op ends at byte 1056 of an arena of 1024}}
  %v = kernel.view %arena[1024] : memref<1024xi8> to memref<8xf32>
  kernel.return
}

// -----

kernel.program @reinterpret_strided(%x: memref<8xf32, strided<[2]>>) {
  // (C1)
  // expected-error@+1 {{'kernel.reinterpret' op takes 'memref<8xf32, strided<[2]>>' to 'memref<2x4xf32>', expected dense buffers}}
  %r = kernel.reinterpret %x : memref<8xf32, strided<[2]>> to memref<2x4xf32>
  kernel.return
}

// -----

kernel.program @reinterpret_more_elements(%x: memref<8xf32>) {
  // (C2)
  // expected-error@+1 {{'kernel.reinterpret' op takes 'memref<8xf32>' to 'memref<2x5xf32>', expected the same element type and number of elements}}
  %r = kernel.reinterpret %x : memref<8xf32> to memref<2x5xf32>
  kernel.return
}

// -----

kernel.program @reinterpret_other_elements(%x: memref<8xf32>) {
  // (C2)
  // expected-error@+1 {{'kernel.reinterpret' op takes 'memref<8xf32>' to 'memref<8xi32>', expected the same element type and number of elements}}
  %r = kernel.reinterpret %x : memref<8xf32> to memref<8xi32>
  kernel.return
}
