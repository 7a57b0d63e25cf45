// RUN: tensorc-opt %s --tensorc-lower-gpu | FileCheck %s
// RUN: tensorc-opt %s --tensorc-lower-gpu --tensorc-to-nvvm --tensorc-emit-ptx=chip=sm_80 | FileCheck %s --check-prefixes=PTX,SM80
// RUN: tensorc-opt %s --tensorc-lower-gpu --tensorc-to-nvvm --tensorc-emit-ptx=chip=sm_90a | FileCheck %s --check-prefixes=PTX,SM90

// Dense dimensions are one; a thread reads and writes 16 bytes at once.
// CHECK-LABEL: gpu.module @add
// CHECK-SAME: kernel.index_bits = 32
// CHECK: gpu.func @add(%[[A:[a-z0-9]+]]: memref<?xf32, #gpu.address_space<global>>,
// CHECK-SAME: known_block_size = array<i32: 256, 1, 1>, known_grid_size = array<i32: 1024, 1, 1>
// CHECK: %[[X:.*]] = vector.load %[[A]][%{{.*}}] {alignment = 16 : i64} : {{.*}}, vector<4xf32>
// CHECK-COUNT-4: arith.addf
// CHECK: vector.store %{{.*}} {alignment = 16 : i64}
// PTX-LABEL: gpu.binary @add
// SM80: .target sm_80
// SM90: .target sm_90a
// PTX: .reqntid 256, 1, 1
// PTX-COUNT-2: ld.global.v4.b32
// PTX-COUNT-4: {{add(.rn)?.f32}}
// PTX: st.global.v4.b32
kernel.func @add(%a: memref<16x256x256xf32>, %b: memref<16x256x256xf32>, %c: memref<16x256x256xf32>) {
  kernel.generic ins(%a, %b : memref<16x256x256xf32>, memref<16x256x256xf32>)
    outs(%c : memref<16x256x256xf32>)
    attributes {indexing_maps = [affine_map<(i, j, k) -> (i, j, k)>,
                                 affine_map<(i, j, k) -> (i, j, k)>,
                                 affine_map<(i, j, k) -> (i, j, k)>],
                reduction_dims = array<i64>} {
  ^bb0(%x: f32, %y: f32):
    %s = arith.addf %x, %y : f32
    kernel.yield %s : f32
  }
  kernel.return
}

// Sizes that aren't known are arguments, and any grid will do.
// CHECK-LABEL: gpu.func @dynamic
// CHECK-SAME: memref<?xf32, #gpu.address_space<global>>, %{{.*}}: i64, %{{.*}}: i64) kernel
// CHECK-NOT: known_grid_size
// CHECK: %[[BLOCK:.*]] = gpu.block_id x
// CHECK: %[[BLOCKS:.*]] = gpu.grid_dim x
// CHECK: scf.for %{{.*}} = %[[BLOCK]] to %{{.*}} step %[[BLOCKS]]
// PTX-LABEL: gpu.binary @dynamic
// PTX: .param .u64 dynamic_param_3
kernel.func @dynamic(%a: memref<?xf32>, %b: memref<?xf32>) {
  kernel.generic ins(%a : memref<?xf32>) outs(%b : memref<?xf32>)
    attributes {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                reduction_dims = array<i64>} {
  ^bb0(%x: f32):
    %s = arith.negf %x : f32
    kernel.yield %s : f32
  }
  kernel.return
}

// A block for a row: shuffles in each warp, then shared memory. bf16 travels in
// packs of eight.
// CHECK-LABEL: gpu.func @sums
// CHECK-SAME: workgroup(%[[SHARED:.*]] : memref<8xf32, #gpu.address_space<workgroup>>)
// CHECK: vector<8xi16>
// CHECK-COUNT-5: gpu.shuffle xor
// CHECK: memref.store %{{.*}}, %[[SHARED]]
// CHECK: gpu.barrier
// CHECK: memref.load %[[SHARED]]
// CHECK: gpu.barrier
// PTX-LABEL: gpu.binary @sums
// PTX: ld.global.v4.b32
// PTX-COUNT-5: shfl.sync.bfly.b32
// PTX: {{bar(rier)?.sync}}
kernel.func @sums(%a: memref<1000x4096xbf16>, %b: memref<1000xf32>) {
  kernel.generic ins(%a : memref<1000x4096xbf16>) outs(%b : memref<1000xf32>)
    attributes {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>],
                reduction_dims = array<i64: 1>} {
  ^bb0(%x: bf16):
    %y = arith.extf %x : bf16 to f32
    %s = kernel.reduce add %y : f32
    kernel.yield %s : f32
  }
  kernel.return
}

// Neighbours read neighbouring columns; no shuffles.
// CHECK-LABEL: gpu.func @columns
// CHECK-NOT: gpu.shuffle
// CHECK: gpu.barrier
// CHECK: gpu.return
kernel.func @columns(%a: memref<4096x512xf32>, %b: memref<512xf32>) {
  kernel.generic ins(%a : memref<4096x512xf32>) outs(%b : memref<512xf32>)
    attributes {indexing_maps = [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i)>],
                reduction_dims = array<i64: 1>} {
  ^bb0(%x: f32):
    %s = kernel.reduce add %x : f32
    kernel.yield %s : f32
  }
  kernel.return
}

// Overlapping windows are added up by one thread, without atomics.
// CHECK-LABEL: gpu.func @scatter
// CHECK: scf.for
// CHECK-NOT: atomic
// CHECK: gpu.return
// PTX-LABEL: gpu.binary @scatter
// PTX-NOT: {{atom|red}}.global
// PTX: gpu.binary
kernel.func @scatter(%a: memref<64x30xf32>, %b: memref<64x32xf32>) {
  kernel.generic ins(%a : memref<64x30xf32>) outs(%b : memref<64x32xf32>)
    attributes {indexing_maps = [affine_map<(n, o, k) -> (n, o)>, affine_map<(n, o, k) -> (n, o + k)>],
                reduction_dims = array<i64: 2>, dim_sizes = array<i64: -1, -1, 3>,
                accumulate = array<i64: 0>} {
  ^bb0(%x: f32):
    kernel.yield %x : f32
  }
  kernel.return
}

// The status is the last argument; what fails stores into it.
// CHECK-LABEL: gpu.func @check
// CHECK-SAME: %[[STATUS:[a-z0-9]+]]: memref<?xi32, #gpu.address_space<global>>) kernel attributes {kernel.can_fail
// CHECK: scf.if
// CHECK: memref.store %{{.*}}, %[[STATUS]]
kernel.func @check(%a: memref<64xi64>, %b: memref<64xi64>) {
  kernel.generic ins(%a : memref<64xi64>) outs(%b : memref<64xi64>)
    attributes {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                reduction_dims = array<i64>} {
  ^bb0(%x: i64):
    %ten = arith.constant 10 : i64
    %ok = arith.cmpi ult, %x, %ten : i64
    kernel.check %ok, 5
    kernel.yield %x : i64
  }
  kernel.return
}

// Tiles of 128 × 128 in shared memory, 8 × 8 sums a thread.
// CHECK-LABEL: gpu.func @matmul
// CHECK-SAME: workgroup(%{{.*}} : memref<2112xf32, #gpu.address_space<workgroup>>, %{{.*}} : memref<2112xf32
// CHECK-SAME: known_block_size = array<i32: 256, 1, 1>, known_grid_size = array<i32: 256, 1, 1>
// CHECK: gpu.barrier
// CHECK: scf.for
// CHECK-COUNT-2: vector.load %{{.*}} {alignment = 16 : i64} : {{.*}}global>>, vector<4xf32>
// CHECK-COUNT-512: math.fma
// CHECK: gpu.barrier
// PTX-LABEL: gpu.binary @matmul
// PTX: .shared .align 16
// PTX: ld.global.v4.b32
// PTX: ld.shared.v4.b32
// PTX-COUNT-512: fma.rn.f32
// PTX: {{bar(rier)?.sync}}
// PTX: st.global.v4.b32
kernel.func @matmul(%a: memref<2048x2048xf32>, %b: memref<2048x2048xf32>, %c: memref<2048x2048xf32>) {
  kernel.contract ins(%a, %b : memref<2048x2048xf32>, memref<2048x2048xf32>)
    outs(%c : memref<2048x2048xf32>)
    attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>,
                                 affine_map<(m, n, k) -> (k, n)>,
                                 affine_map<(m, n, k) -> (m, n)>]} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  kernel.return
}

// Few long sums: a block for each.
// CHECK-LABEL: gpu.func @dots
// CHECK-SAME: known_grid_size = array<i32: 54, 1, 1>
// CHECK: math.fma
// CHECK: gpu.shuffle xor
// CHECK: gpu.barrier
kernel.func @dots(%a: memref<6x57600xf32>, %b: memref<9x57600xf32>, %c: memref<6x9xf32>) {
  kernel.contract ins(%a, %b : memref<6x57600xf32>, memref<9x57600xf32>)
    outs(%c : memref<6x9xf32>)
    attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>,
                                 affine_map<(m, n, k) -> (n, k)>,
                                 affine_map<(m, n, k) -> (m, n)>]} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  kernel.return
}

// CHECK-LABEL: gpu.func @pad
// CHECK: scf.if
// CHECK: memref.load
// CHECK: memref.store
kernel.func @pad(%a: memref<3x28x28xf32>, %b: memref<3x32x32xf32>) {
  kernel.pad %a into %b {low = array<i64: 0, 2, 2>, interior = array<i64: 0, 0, 0>, value = 0.0 : f32} : memref<3x28x28xf32>, memref<3x32x32xf32>
  kernel.return
}

// bf16 goes to tensor cores: 64 × 32 sums a warp, 64 a thread.
// CHECK-LABEL: gpu.func @tensor
// CHECK-SAME: memref<10240xi16, #gpu.address_space<workgroup>>
// CHECK-COUNT-32: nvvm.mma.sync
// PTX-LABEL: gpu.binary @tensor
// PTX-COUNT-32: mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32
kernel.func @tensor(%a: memref<4096x4096xbf16>, %b: memref<4096x4096xbf16>, %c: memref<4096x4096xbf16>) {
  kernel.contract ins(%a, %b : memref<4096x4096xbf16>, memref<4096x4096xbf16>)
    outs(%c : memref<4096x4096xbf16>)
    attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>,
                                 affine_map<(m, n, k) -> (n, k)>,
                                 affine_map<(m, n, k) -> (m, n)>]} {
  ^bb0(%acc: f32):
    %y = arith.truncf %acc : f32 to bf16
    kernel.yield %y : bf16
  }
  kernel.return
}
