// RUN: tensorc-opt %s -split-input-file -verify-diagnostics --tensorc-plan-memory

kernel.func @first(%x: memref<?xf32>, %y: memref<?xf32>) {
  kernel.return
}
kernel.program @dynamic(%x: memref<?xf32> {kernel.name = "x", kernel.role = "input"}, %y: memref<?xf32> {kernel.name = "y", kernel.role = "output"}) {
  // expected-error@+1 {{'kernel.alloc' op needs 'memref<?xf32>', a buffer of dynamic size, expected sizes that are numbers or symbols for all intermediate values}}
  %0 = kernel.alloc : memref<?xf32>
  kernel.launch @first ins(%x : memref<?xf32>) outs(%0 : memref<?xf32>)
  kernel.launch @first ins(%0 : memref<?xf32>) outs(%y : memref<?xf32>)
  kernel.return
}

// -----

kernel.func @first(%x: memref<4xf32>, %y: memref<4xf32>) {
  kernel.return
}
kernel.program @unwritten(%y: memref<4xf32> {kernel.name = "y", kernel.role = "output"}) {
  %0 = kernel.alloc : memref<4xf32>
  // expected-error@+1 {{'kernel.launch' op reads a buffer that nothing has written}}
  kernel.launch @first ins(%0 : memref<4xf32>) outs(%y : memref<4xf32>)
  kernel.return
}
