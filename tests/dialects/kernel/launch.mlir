// RUN: tensorc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

kernel.func @k(%x: memref<4x?xf32>, %y: memref<4xf32>) {
  kernel.return
}

// CHECK-LABEL: kernel.program @launch
kernel.program @launch(%x: memref<4x8xf32>, %y: memref<4xf32>) {
  // CHECK: kernel.launch @k ins(%{{.*}} : memref<4x8xf32>) outs(%{{.*}} : memref<4xf32>)
  kernel.launch @k ins(%x : memref<4x8xf32>) outs(%y : memref<4xf32>)
  kernel.return
}

kernel.func @fill(%y: memref<4xf32>) {
  kernel.return
}

// CHECK-LABEL: kernel.program @no_inputs
kernel.program @no_inputs(%y: memref<4xf32>) {
  // CHECK: kernel.launch @fill ins() outs(%{{.*}} : memref<4xf32>)
  kernel.launch @fill ins() outs(%y : memref<4xf32>)
  kernel.return
}

// -----

kernel.program @unknown(%y: memref<4xf32>) {
  // (C1)
  // expected-error@+1 {{'kernel.launch' op launches `nobody`, which is no `kernel.func`}}
  kernel.launch @nobody ins() outs(%y : memref<4xf32>)
  kernel.return
}

// -----

kernel.func @k(%x: memref<4xf32>, %y: memref<4xf32>) {
  kernel.return
}

kernel.program @too_few(%y: memref<4xf32>) {
  // (C2)
  // expected-error@+1 {{'kernel.launch' op passes 1 buffers to `k`, expected 2}}
  kernel.launch @k ins() outs(%y : memref<4xf32>)
  kernel.return
}

// -----

kernel.func @k(%y: memref<4xf32>) {
  kernel.return
}

kernel.program @another_shape(%y: memref<5xf32>) {
  // (C3)
  // expected-error@+1 {{'kernel.launch' op passes 'memref<5xf32>' as buffer #0 of `k`, expected 'memref<4xf32>'}}
  kernel.launch @k ins() outs(%y : memref<5xf32>)
  kernel.return
}

// -----

kernel.func @k(%y: memref<4xf32>) {
  kernel.return
}

kernel.program @other_elements(%y: memref<4xf64>) {
  // (C3)
  // expected-error@+1 {{'kernel.launch' op passes 'memref<4xf64>' as buffer #0 of `k`, expected 'memref<4xf32>'}}
  kernel.launch @k ins() outs(%y : memref<4xf64>)
  kernel.return
}

// -----

module attributes {scalar.symbols = [#scalar.symbol<B : 1 to 8, hint 4>]} {
  kernel.func @k(%x: memref<?xf32>, %n: index) {
    kernel.return
  }
  // CHECK-LABEL: kernel.program @said
  kernel.program @said(%x: memref<?xf32, #scalar.sizes<B>>) attributes {kernel.symbols = [#scalar.symbol<B : 1 to 8, hint 4>]} {
    // CHECK: kernel.launch @k ins() outs(%arg0 : memref<?xf32, #scalar.sizes<B>>) sizes #scalar.sizes<"2*B">
    kernel.launch @k ins() outs(%x : memref<?xf32, #scalar.sizes<B>>) sizes #scalar.sizes<"2*B">
    kernel.return
  }
}

// -----

kernel.func @k(%x: memref<?xf32>, %n: index) {
  kernel.return
}
kernel.program @unsaid(%x: memref<8xf32>) {
  // (C4)
  // expected-error@+1 {{'kernel.launch' op passes 0 sizes to `k`, expected 1}}
  kernel.launch @k ins() outs(%x : memref<8xf32>)
  kernel.return
}

// -----

// (C3) of `kernel.func`
// expected-error@+1 {{'kernel.func' op argument #0 is of type 'index', expected a buffer}}
kernel.func @first(%n: index, %x: memref<?xf32>) {
  kernel.return
}
