// RUN: tensorc-opt %s -split-input-file --tensorc-plan-memory --mlir-print-local-scope | FileCheck %s

// Buffers that don't live at the same time share bytes; each starts at a multiple
// of 64.
// CHECK-LABEL: kernel.program @chain(
// CHECK-SAME: %[[ARENA:[^ ]*]]: memref<512xi8> {kernel.name = "workspace", kernel.role = "workspace"})
// CHECK-SAME: kernel.buffer_bytes = 576 : i64, kernel.live_bytes = 424 : i64, kernel.workspace_bytes = 512 : i64
// CHECK: %[[A:.*]] = kernel.view %[[ARENA]][0] : memref<512xi8> to memref<8x8xf32>
// CHECK: %[[B:.*]] = kernel.view %[[ARENA]][256] : memref<512xi8> to memref<8x5xf32>
// CHECK: %[[C:.*]] = kernel.view %[[ARENA]][448] : memref<512xi8> to memref<2xf32>
// CHECK: %[[D:.*]] = kernel.view %[[ARENA]][0] : memref<512xi8> to memref<2xf32>
// CHECK: kernel.launch @first ins(%{{.*}}) outs(%[[A]] :
// CHECK: kernel.launch @second ins(%[[A]] : {{.*}}) outs(%[[B]], %[[C]] :
// CHECK: kernel.launch @third ins(%[[B]], %[[C]] : {{.*}}) outs(%[[D]] :
kernel.func @first(%x: memref<8x8xf32>, %y: memref<8x8xf32>) {
  kernel.generic ins(%x : memref<8x8xf32>) outs(%y : memref<8x8xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>], reduction_dims = array<i64>} {
  ^bb0(%in: f32):
    kernel.yield %in : f32
  }
  kernel.return
}
kernel.func @second(%x: memref<8x8xf32>, %y: memref<8x5xf32>, %z: memref<2xf32>) {
  kernel.return
}
kernel.func @third(%x: memref<8x5xf32>, %y: memref<2xf32>, %z: memref<2xf32>) {
  kernel.return
}
kernel.func @last(%x: memref<2xf32>, %y: memref<2xf32>) {
  kernel.return
}
kernel.program @chain(%x: memref<8x8xf32> {kernel.name = "x", kernel.role = "input"}, %y: memref<2xf32> {kernel.name = "y", kernel.role = "output"}) {
  %0 = kernel.alloc : memref<8x8xf32>
  kernel.launch @first ins(%x : memref<8x8xf32>) outs(%0 : memref<8x8xf32>)
  %1 = kernel.alloc : memref<8x5xf32>
  %2 = kernel.alloc : memref<2xf32>
  kernel.launch @second ins(%0 : memref<8x8xf32>) outs(%1, %2 : memref<8x5xf32>, memref<2xf32>)
  %3 = kernel.alloc : memref<2xf32>
  kernel.launch @third ins(%1, %2 : memref<8x5xf32>, memref<2xf32>) outs(%3 : memref<2xf32>)
  kernel.launch @last ins(%3 : memref<2xf32>) outs(%y : memref<2xf32>)
  kernel.return
}

// -----

// An elementwise kernel writes over an input that is not read again, but not over
// one that is, nor over one that it reads elsewhere.
// CHECK-LABEL: kernel.program @reuse(
// CHECK-DAG: %[[A:.*]] = kernel.view %{{.*}}[0] : memref<512xi8>
// CHECK-DAG: %[[B:.*]] = kernel.view %{{.*}}[256] : memref<512xi8>
// CHECK: kernel.launch @exp ins(%arg0 : {{.*}}) outs(%[[X:.*]] :
// CHECK: kernel.launch @exp ins(%[[X]] : {{.*}}) outs(%[[Y:.*]] :
// CHECK: kernel.launch @add ins(%[[X]], %[[Y]] : {{.*}}) outs(%[[X]] :
// CHECK: kernel.launch @transpose ins(%[[X]] : {{.*}}) outs(%[[Z:.*]] :
// CHECK: kernel.launch @transpose ins(%[[Z]] : {{.*}}) outs(%arg1 :
kernel.func @exp(%x: memref<8x8xf32>, %y: memref<8x8xf32>) {
  kernel.generic ins(%x : memref<8x8xf32>) outs(%y : memref<8x8xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], reduction_dims = array<i64>} {
  ^bb0(%in: f32):
    %0 = math.exp %in : f32
    kernel.yield %0 : f32
  }
  kernel.return
}
kernel.func @add(%x: memref<8x8xf32>, %y: memref<8x8xf32>, %z: memref<8x8xf32>) {
  kernel.generic ins(%x, %y : memref<8x8xf32>, memref<8x8xf32>) outs(%z : memref<8x8xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>], reduction_dims = array<i64>} {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.addf %a, %b : f32
    kernel.yield %0 : f32
  }
  kernel.return
}
kernel.func @transpose(%x: memref<8x8xf32>, %y: memref<8x8xf32>) {
  kernel.generic ins(%x : memref<8x8xf32>) outs(%y : memref<8x8xf32>)
      attributes {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>], reduction_dims = array<i64>} {
  ^bb0(%in: f32):
    kernel.yield %in : f32
  }
  kernel.return
}
kernel.program @reuse(%x: memref<8x8xf32> {kernel.name = "x", kernel.role = "input"}, %y: memref<8x8xf32> {kernel.name = "y", kernel.role = "output"}) {
  %0 = kernel.alloc : memref<8x8xf32>
  kernel.launch @exp ins(%x : memref<8x8xf32>) outs(%0 : memref<8x8xf32>)
  %1 = kernel.alloc : memref<8x8xf32>
  kernel.launch @exp ins(%0 : memref<8x8xf32>) outs(%1 : memref<8x8xf32>)
  %2 = kernel.alloc : memref<8x8xf32>
  kernel.launch @add ins(%0, %1 : memref<8x8xf32>, memref<8x8xf32>) outs(%2 : memref<8x8xf32>)
  %3 = kernel.alloc : memref<8x8xf32>
  kernel.launch @transpose ins(%2 : memref<8x8xf32>) outs(%3 : memref<8x8xf32>)
  kernel.launch @transpose ins(%3 : memref<8x8xf32>) outs(%y : memref<8x8xf32>)
  kernel.return
}

// -----

// Nothing to place; a buffer of no bytes is fine.
// CHECK-LABEL: kernel.program @nothing(
// CHECK-SAME: memref<0xi8>
// CHECK: kernel.view %{{.*}}[0] : memref<0xi8> to memref<0x4xf32>
kernel.func @make(%x: memref<0x4xf32>) {
  kernel.return
}
kernel.program @nothing() {
  %unused = kernel.alloc : memref<4xf32>
  %0 = kernel.alloc : memref<0x4xf32>
  kernel.launch @make ins() outs(%0 : memref<0x4xf32>)
  kernel.return
}
