// RUN: tensorc-opt %s --pass-pipeline='builtin.module(tensorc-lower-cpu,func.func(convert-scf-to-cf),tensorc-cpu-to-llvm)' | FileCheck %s

// Buffers and sizes are loaded from the arguments, once and for all.
// CHECK-LABEL: llvm.func @negate
// CHECK-SAME: (%[[BUFFERS:.*]]: !llvm.ptr, %[[SIZES:.*]]: !llvm.ptr, %{{.*}}: i64, %{{.*}}: i64) -> i32
// CHECK: %[[SIZE:.*]] = llvm.getelementptr %[[SIZES]][0]
// CHECK: llvm.load %[[SIZE]] invariant
// CHECK: %[[BUFFER:.*]] = llvm.getelementptr %[[BUFFERS]][1]
// CHECK: llvm.load %[[BUFFER]] invariant
// CHECK: llvm.fneg %{{.*}} : vector<16xf32>
// CHECK: llvm.intr.masked.store
// CHECK-NOT: kernel.
// CHECK: llvm.return
kernel.func @negate(%a: memref<?xf32>, %b: memref<?xf32>) {
  kernel.generic ins(%a : memref<?xf32>) outs(%b : memref<?xf32>)
    attributes {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                reduction_dims = array<i64>} {
  ^bb0(%x: f32):
    %y = arith.negf %x : f32
    kernel.yield %y : f32
  }
  kernel.return
}

// Programs wait for the host's lowering.
// CHECK-LABEL: kernel.program @main
// CHECK: kernel.launch @negate
kernel.program @main(%a: memref<4xf32>, %b: memref<4xf32>) {
  kernel.launch @negate ins(%a : memref<4xf32>) outs(%b : memref<4xf32>)
  kernel.return
}
