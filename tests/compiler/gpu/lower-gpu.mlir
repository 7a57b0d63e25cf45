// RUN: tensorc-opt %s --tensorc-lower-gpu | FileCheck %s
// RUN: tensorc-opt %s --tensorc-lower-gpu --tensorc-to-nvvm --tensorc-emit-ptx=chip=sm_80 | FileCheck %s --check-prefixes=PTX,SM80
// RUN: tensorc-opt %s --tensorc-lower-gpu --tensorc-to-nvvm --tensorc-emit-ptx=chip=sm_90a | FileCheck %s --check-prefixes=PTX,SM90
// RUN: tensorc-opt %s '--tensorc-lower-gpu=warpgroups shared-bytes=232448' --tensorc-to-nvvm --tensorc-emit-ptx=chip=sm_90a | FileCheck %s --check-prefix=WGMMA
// RUN: tensorc-opt %s --tensorc-lower-gpu=tf32 --tensorc-to-nvvm --tensorc-emit-ptx=chip=sm_80 | FileCheck %s --check-prefix=TF32

// CHECK: #[[$BLOCKS:.+]] = affine_map<()[s0, s1] -> ((s0 + 255) floordiv 256)>
// CHECK: #[[$ROWS:.+]] = affine_map<()[s0, s1, s2, s3, s4, s5] -> ((s0 * s2 + 7) floordiv 8)>

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

// Sizes that aren't known are arguments, and any grid will do; for which there
// is work is said.
// CHECK-LABEL: gpu.func @dynamic
// CHECK-SAME: memref<?xf32, #gpu.address_space<global>>, %{{.*}}: i64, %{{.*}}: i64) kernel
// CHECK-SAME: kernel.blocks = #[[$BLOCKS]]
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

// Several dimensions of unknown sizes are those of a window: one thread does it.
// CHECK-LABEL: gpu.func @window
// CHECK-NOT: gpu.shuffle
// CHECK-NOT: gpu.barrier
// CHECK: gpu.return
kernel.func @window(%x: memref<?x?x?x?xf32>, %y: memref<?x?xf32>) {
  kernel.generic ins(%x : memref<?x?x?x?xf32>) outs(%y : memref<?x?xf32>)
    attributes {indexing_maps = [affine_map<(i, j, k, l) -> (i, k, j, l)>,
                                 affine_map<(i, j, k, l) -> (i, j)>],
                reduction_dims = array<i64: 2, 3>} {
  ^bb0(%v: f32):
    %m = kernel.reduce maximum %v : f32
    kernel.yield %m : f32
  }
  kernel.return
}

// Unless more is expected of them: a warp does it.
// CHECK-LABEL: gpu.func @expected
// CHECK-SAME: kernel.blocks = #[[$ROWS]], known_block_size = array<i32: 256, 1, 1>
// CHECK-COUNT-5: gpu.shuffle xor
// CHECK: gpu.return
kernel.func @expected(%x: memref<?x?x?x?xf32>, %y: memref<?x?xf32>) {
  kernel.generic ins(%x : memref<?x?x?x?xf32>) outs(%y : memref<?x?xf32>)
    attributes {indexing_maps = [affine_map<(i, j, k, l) -> (i, k, j, l)>,
                                 affine_map<(i, j, k, l) -> (i, j)>],
                reduction_dims = array<i64: 2, 3>,
                kernel.expected_sizes = array<i64: 64, 16, 12, 12>} {
  ^bb0(%v: f32):
    %m = kernel.reduce maximum %v : f32
    kernel.yield %m : f32
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

// What writes state looks at the status, too, and does nothing after a failure.
// CHECK-LABEL: gpu.func @update
// CHECK-SAME: %[[STATUS:[a-z0-9]+]]: memref<?xi32, #gpu.address_space<global>>) kernel attributes {kernel.can_fail
// CHECK: %[[FAILED:.*]] = memref.load %[[STATUS]]
// CHECK: %[[OK:.*]] = arith.cmpi eq, %[[FAILED]], %
// CHECK: scf.if %[[OK]] {
// CHECK: memref.store
// CHECK: }
// CHECK-NEXT: gpu.return
kernel.func @update(%a: memref<64xf32>, %b: memref<64xf32>) attributes {kernel.guarded} {
  kernel.generic ins(%a : memref<64xf32>) outs(%b : memref<64xf32>)
    attributes {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                reduction_dims = array<i64>} {
  ^bb0(%x: f32):
    %y = arith.negf %x : f32
    kernel.yield %y : f32
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
    scalar.check %ok, 5
    kernel.yield %x : i64
  }
  kernel.return
}

// Tiles of 128 × 128 in shared memory, 8 × 8 sums a thread; three parts of the
// depth are on their way while one is multiplied. What lies along the depth is
// turned on its way, element by element.
// CHECK-LABEL: gpu.func @matmul
// CHECK-SAME: workgroup(%{{.*}} : memref<4224xf32, #gpu.address_space<workgroup>>, %{{.*}} : memref<4224xf32
// CHECK-NOT: kernel.shared_bytes
// CHECK-SAME: known_block_size = array<i32: 256, 1, 1>, known_grid_size = array<i32: 256, 1, 1>
// CHECK-COUNT-3: nvvm.cp.async.commit.group
// CHECK: scf.for
// CHECK: nvvm.cp.async.wait.group 2
// CHECK-NEXT: gpu.barrier
// CHECK-COUNT-4: nvgpu.device_async_copy %{{.*}}, 1 :
// CHECK: nvgpu.device_async_copy %{{.*}}, 4 {bypassL1} :
// CHECK: nvvm.cp.async.commit.group
// CHECK-COUNT-512: math.fma
// CHECK-NOT: gpu.barrier
// CHECK: loop_annotation
// PTX-LABEL: gpu.binary @matmul
// PTX: .shared .align 16
// PTX: nounroll
// PTX: cp.async.wait_group
// PTX: {{bar(rier)?.sync}}
// PTX: cp.async.ca.shared.global
// PTX: cp.async.cg.shared.global
// PTX: cp.async.commit_group
// PTX: ld.shared.v4.b32
// PTX-COUNT-512: fma.rn.f32
// PTX: st.global.v4.b32
// TF32-LABEL: gpu.binary @matmul
// TF32: ldmatrix.sync.aligned.m8n8.x4.shared.b16
// TF32: cvt.rna.tf32.f32
// TF32: mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32
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

// bf16 goes to tensor cores: 64 × 64 sums a warp, 128 a thread. Three buffers
// for parts of the depth take more than 48 KB; they are one array then, as long
// as the launch says.
// CHECK-LABEL: gpu.func @tensor
// CHECK-SAME: memref<15360xi16, #gpu.address_space<workgroup>>, %{{.*}} : memref<30720xi16,
// CHECK-SAME: kernel.shared_bytes = 92160
// CHECK: nvvm.cp.async.wait.group 1
// CHECK-COUNT-4: nvgpu.ldmatrix {{.*}} {numTiles = 4 : i32, transpose = false}
// CHECK-COUNT-64: nvvm.mma.sync
// PTX-LABEL: gpu.binary @tensor
// PTX: .extern .shared .align 16 .b8 tensor_shared[];
// PTX-COUNT-5: ldmatrix.sync.aligned.m8n8.x4.shared.b16
// PTX-COUNT-64: mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32
//
// Four warps together: four parts of the depth in shared memory, of which two
// are on their way and one is still being multiplied.
// WGMMA-LABEL: gpu.binary @tensor
// WGMMA: .extern .shared .align 1024 .b8 tensor_shared[];
// WGMMA: .reqntid 256, 1, 1
// WGMMA: cp.async.wait_group \091;
// WGMMA: fence.proxy.async.shared::cta;
// WGMMA: bar.sync \090;
// WGMMA: wgmma.fence.sync.aligned;
// WGMMA-COUNT-4: wgmma.mma_async.sync.aligned.m64n256k16.f32.bf16.bf16
// WGMMA: wgmma.commit_group.sync.aligned;
// WGMMA-COUNT-12: cp.async.cg.shared.global
// WGMMA: wgmma.wait_group.sync.aligned 1;
// WGMMA-NOT: ldmatrix
// WGMMA: wgmma.wait_group.sync.aligned 0;
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

// What lies along the columns is turned when it is read.
// CHECK-LABEL: gpu.func @turned
// CHECK: nvgpu.ldmatrix {{.*}} {numTiles = 4 : i32, transpose = true}
// PTX-LABEL: gpu.binary @turned
// PTX: ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16
// PTX: mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32
kernel.func @turned(%a: memref<256x64xf16>, %b: memref<64x256xf16>, %c: memref<256x256xf16>) {
  kernel.contract ins(%a, %b : memref<256x64xf16>, memref<64x256xf16>)
    outs(%c : memref<256x256xf16>)
    attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>,
                                 affine_map<(m, n, k) -> (k, n)>,
                                 affine_map<(m, n, k) -> (m, n)>]} {
  ^bb0(%acc: f32):
    %y = arith.truncf %acc : f32 to f16
    kernel.yield %y : f16
  }
  kernel.return
}

// A row that is short is read once for all passes: its elements stay in registers.
// CHECK-LABEL: gpu.func @softmax
// CHECK-COUNT-2: vector.load
// CHECK-NOT: vector.load
// PTX-LABEL: gpu.binary @softmax
// PTX-COUNT-2: ld.global.v4.b32
// PTX-NOT: ld.global
kernel.func @softmax(%a: memref<8192x1024xf32>, %b: memref<8192x1024xf32>) {
  kernel.generic ins(%a : memref<8192x1024xf32>) outs(%b : memref<8192x1024xf32>)
    attributes {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
                reduction_dims = array<i64: 1>} {
  ^bb0(%x: f32):
    %max = kernel.reduce maximum %x : f32
    %d = arith.subf %x, %max : f32
    %e = math.exp %d : f32
    %sum = kernel.reduce add %e : f32
    %y = arith.divf %e, %sum : f32
    kernel.yield %y : f32
  }
  kernel.return
}
