// Each kind of kernel for each element type: how it lies in memory, what it is
// computed in, and how wide accesses are.
// RUN: sed -e s/TYPE/f32/g -e s/ADD/arith.addf/ -e s/ZERO/0.0/ -e s/ACC/f32/g %s | tensorc-opt --tensorc-lower-gpu | FileCheck %s --check-prefix=F32
// RUN: sed -e s/TYPE/f32/g -e s/ADD/arith.addf/ -e s/ZERO/0.0/ -e s/ACC/f32/g %s | tensorc-opt --tensorc-lower-gpu --tensorc-to-nvvm --tensorc-emit-ptx=chip=sm_80 | FileCheck %s --check-prefix=PTX-F32
// RUN: sed -e s/TYPE/f64/g -e s/ADD/arith.addf/ -e s/ZERO/0.0/ -e s/ACC/f64/g %s | tensorc-opt --tensorc-lower-gpu | FileCheck %s --check-prefix=F64
// RUN: sed -e s/TYPE/f64/g -e s/ADD/arith.addf/ -e s/ZERO/0.0/ -e s/ACC/f64/g %s | tensorc-opt --tensorc-lower-gpu --tensorc-to-nvvm --tensorc-emit-ptx=chip=sm_80 | FileCheck %s --check-prefix=PTX-F64
// RUN: sed -e s/TYPE/f16/g -e s/ADD/arith.addf/ -e s/ZERO/0.0/ -e s/ACC/f32/g %s | tensorc-opt --tensorc-lower-gpu | FileCheck %s --check-prefix=F16
// RUN: sed -e s/TYPE/f16/g -e s/ADD/arith.addf/ -e s/ZERO/0.0/ -e s/ACC/f32/g %s | tensorc-opt --tensorc-lower-gpu --tensorc-to-nvvm --tensorc-emit-ptx=chip=sm_80 | FileCheck %s --check-prefix=PTX-F16
// RUN: sed -e s/TYPE/bf16/g -e s/ADD/arith.addf/ -e s/ZERO/0.0/ -e s/ACC/f32/g %s | tensorc-opt --tensorc-lower-gpu | FileCheck %s --check-prefix=BF16
// RUN: sed -e s/TYPE/bf16/g -e s/ADD/arith.addf/ -e s/ZERO/0.0/ -e s/ACC/f32/g %s | tensorc-opt --tensorc-lower-gpu --tensorc-to-nvvm --tensorc-emit-ptx=chip=sm_80 | FileCheck %s --check-prefix=PTX-BF16
// RUN: sed -e s/TYPE/i8/g -e s/ADD/arith.addi/ -e s/ZERO/0/ -e s/ACC/i32/g %s | tensorc-opt --tensorc-lower-gpu | FileCheck %s --check-prefix=I8
// RUN: sed -e s/TYPE/i8/g -e s/ADD/arith.addi/ -e s/ZERO/0/ -e s/ACC/i32/g %s | tensorc-opt --tensorc-lower-gpu --tensorc-to-nvvm --tensorc-emit-ptx=chip=sm_80 | FileCheck %s --check-prefix=PTX-I8
// RUN: sed -e s/TYPE/i16/g -e s/ADD/arith.addi/ -e s/ZERO/0/ -e s/ACC/i32/g %s | tensorc-opt --tensorc-lower-gpu | FileCheck %s --check-prefix=I16
// RUN: sed -e s/TYPE/i16/g -e s/ADD/arith.addi/ -e s/ZERO/0/ -e s/ACC/i32/g %s | tensorc-opt --tensorc-lower-gpu --tensorc-to-nvvm --tensorc-emit-ptx=chip=sm_80 | FileCheck %s --check-prefix=PTX-I16
// RUN: sed -e s/TYPE/i32/g -e s/ADD/arith.addi/ -e s/ZERO/0/ -e s/ACC/i32/g %s | tensorc-opt --tensorc-lower-gpu | FileCheck %s --check-prefix=I32
// RUN: sed -e s/TYPE/i32/g -e s/ADD/arith.addi/ -e s/ZERO/0/ -e s/ACC/i32/g %s | tensorc-opt --tensorc-lower-gpu --tensorc-to-nvvm --tensorc-emit-ptx=chip=sm_80 | FileCheck %s --check-prefix=PTX-I32
// RUN: sed -e s/TYPE/i64/g -e s/ADD/arith.addi/ -e s/ZERO/0/ -e s/ACC/i64/g %s | tensorc-opt --tensorc-lower-gpu | FileCheck %s --check-prefix=I64
// RUN: sed -e s/TYPE/i64/g -e s/ADD/arith.addi/ -e s/ZERO/0/ -e s/ACC/i64/g %s | tensorc-opt --tensorc-lower-gpu --tensorc-to-nvvm --tensorc-emit-ptx=chip=sm_80 | FileCheck %s --check-prefix=PTX-I64

#ij = affine_map<(i, j) -> (i, j)>
// F32-LABEL: gpu.func @elementwise(%arg0: memref<?xf32, #gpu.address_space<global>>
// F32-COUNT-2: vector.load {{.*}}, vector<4xf32>
// F32: arith.addf {{.*}} : f32
// PTX-F32-LABEL: gpu.binary @elementwise
// PTX-F32-COUNT-2: ld.global.v4.b32
// PTX-F32: add.f32
// F64-LABEL: gpu.func @elementwise(%arg0: memref<?xf64, #gpu.address_space<global>>
// F64-COUNT-2: vector.load {{.*}}, vector<2xf64>
// F64: arith.addf {{.*}} : f64
// PTX-F64-LABEL: gpu.binary @elementwise
// PTX-F64-COUNT-2: ld.global.v2.b64
// PTX-F64: add.f64
// F16-LABEL: gpu.func @elementwise(%arg0: memref<?xf16, #gpu.address_space<global>>
// F16-COUNT-2: vector.load {{.*}}, vector<8xf16>
// F16: arith.addf {{.*}} : f32
// PTX-F16-LABEL: gpu.binary @elementwise
// PTX-F16-COUNT-2: ld.global.v4.b32
// PTX-F16: add.rn.f16
// BF16-LABEL: gpu.func @elementwise(%arg0: memref<?xi16, #gpu.address_space<global>>
// BF16-COUNT-2: vector.load {{.*}}, vector<8xi16>
// BF16: arith.addf {{.*}} : f32
// PTX-BF16-LABEL: gpu.binary @elementwise
// PTX-BF16-COUNT-2: ld.global.v4.b32
// PTX-BF16: fma.rn.bf16
// I8-LABEL: gpu.func @elementwise(%arg0: memref<?xi8, #gpu.address_space<global>>
// I8-COUNT-2: vector.load {{.*}}, vector<8xi8>
// I8: arith.addi {{.*}} : i8
// PTX-I8-LABEL: gpu.binary @elementwise
// PTX-I8-COUNT-2: ld.global.v2.b32
// PTX-I8: add.s16
// I16-LABEL: gpu.func @elementwise(%arg0: memref<?xi16, #gpu.address_space<global>>
// I16-COUNT-2: vector.load {{.*}}, vector<8xi16>
// I16: arith.addi {{.*}} : i16
// PTX-I16-LABEL: gpu.binary @elementwise
// PTX-I16-COUNT-2: ld.global.v4.b32
// PTX-I16: add.s16
// I32-LABEL: gpu.func @elementwise(%arg0: memref<?xi32, #gpu.address_space<global>>
// I32-COUNT-2: vector.load {{.*}}, vector<4xi32>
// I32: arith.addi {{.*}} : i32
// PTX-I32-LABEL: gpu.binary @elementwise
// PTX-I32-COUNT-2: ld.global.v4.b32
// PTX-I32: add.s32
// I64-LABEL: gpu.func @elementwise(%arg0: memref<?xi64, #gpu.address_space<global>>
// I64-COUNT-2: vector.load {{.*}}, vector<2xi64>
// I64: arith.addi {{.*}} : i64
// PTX-I64-LABEL: gpu.binary @elementwise
// PTX-I64-COUNT-2: ld.global.v2.b64
// PTX-I64: add.s64
kernel.func @elementwise(%a: memref<1024x256xTYPE>, %b: memref<1024x256xTYPE>, %c: memref<1024x256xTYPE>) {
  kernel.generic ins(%a, %b : memref<1024x256xTYPE>, memref<1024x256xTYPE>) outs(%c : memref<1024x256xTYPE>)
    attributes {indexing_maps = [#ij, #ij, #ij], reduction_dims = array<i64>} {
  ^bb0(%x: TYPE, %y: TYPE):
    %z = ADD %x, %y : TYPE
    kernel.yield %z : TYPE
  }
  kernel.return
}
// F32-LABEL: gpu.func @reduce
// F32: gpu.shuffle xor
// PTX-F32-LABEL: gpu.binary @reduce
// PTX-F32: max.NaN.f32
// PTX-F32: shfl.sync.bfly.b32
// F64-LABEL: gpu.func @reduce
// F64: gpu.shuffle xor
// PTX-F64-LABEL: gpu.binary @reduce
// PTX-F64: setp
// PTX-F64: shfl.sync.bfly.b32
// F16-LABEL: gpu.func @reduce
// F16: gpu.shuffle xor
// PTX-F16-LABEL: gpu.binary @reduce
// PTX-F16: max.NaN.f16
// PTX-F16: shfl.sync.bfly.b32
// BF16-LABEL: gpu.func @reduce
// BF16: gpu.shuffle xor
// PTX-BF16-LABEL: gpu.binary @reduce
// PTX-BF16: max.NaN.bf16
// PTX-BF16: shfl.sync.bfly.b32
// I8-LABEL: gpu.func @reduce
// I8: gpu.shuffle xor
// PTX-I8-LABEL: gpu.binary @reduce
// PTX-I8: max.s16
// PTX-I8: shfl.sync.bfly.b32
// I16-LABEL: gpu.func @reduce
// I16: gpu.shuffle xor
// PTX-I16-LABEL: gpu.binary @reduce
// PTX-I16: max.s16
// PTX-I16: shfl.sync.bfly.b32
// I32-LABEL: gpu.func @reduce
// I32: gpu.shuffle xor
// PTX-I32-LABEL: gpu.binary @reduce
// PTX-I32: max.s32
// PTX-I32: shfl.sync.bfly.b32
// I64-LABEL: gpu.func @reduce
// I64: gpu.shuffle xor
// PTX-I64-LABEL: gpu.binary @reduce
// PTX-I64: max.s64
// PTX-I64: shfl.sync.bfly.b32
kernel.func @reduce(%a: memref<16x4096xTYPE>, %b: memref<16xTYPE>) {
  kernel.generic ins(%a : memref<16x4096xTYPE>) outs(%b : memref<16xTYPE>)
    attributes {indexing_maps = [#ij, affine_map<(i, j) -> (i)>], reduction_dims = array<i64: 1>} {
  ^bb0(%x: TYPE):
    %m = kernel.reduce maximum %x : TYPE
    kernel.yield %m : TYPE
  }
  kernel.return
}
// F32-LABEL: gpu.func @window
// F32-NOT: gpu.barrier
// PTX-F32-LABEL: gpu.binary @window
// PTX-F32: max.NaN.f32
// F64-LABEL: gpu.func @window
// F64-NOT: gpu.barrier
// PTX-F64-LABEL: gpu.binary @window
// PTX-F64: setp
// F16-LABEL: gpu.func @window
// F16-NOT: gpu.barrier
// PTX-F16-LABEL: gpu.binary @window
// PTX-F16: max.NaN.f16
// BF16-LABEL: gpu.func @window
// BF16-NOT: gpu.barrier
// PTX-BF16-LABEL: gpu.binary @window
// PTX-BF16: max.NaN.bf16
// I8-LABEL: gpu.func @window
// I8-NOT: gpu.barrier
// PTX-I8-LABEL: gpu.binary @window
// PTX-I8: max.s16
// I16-LABEL: gpu.func @window
// I16-NOT: gpu.barrier
// PTX-I16-LABEL: gpu.binary @window
// PTX-I16: max.s16
// I32-LABEL: gpu.func @window
// I32-NOT: gpu.barrier
// PTX-I32-LABEL: gpu.binary @window
// PTX-I32: max.s32
// I64-LABEL: gpu.func @window
// I64-NOT: gpu.barrier
// PTX-I64-LABEL: gpu.binary @window
// PTX-I64: max.s64
kernel.func @window(%a: memref<8x65x64xTYPE>, %b: memref<8x64x64xTYPE>) {
  kernel.generic ins(%a : memref<8x65x64xTYPE>) outs(%b : memref<8x64x64xTYPE>)
    attributes {indexing_maps = [affine_map<(n, i, j, k) -> (n, i + k, j)>, affine_map<(n, i, j, k) -> (n, i, j)>],
                reduction_dims = array<i64: 3>, dim_sizes = array<i64: -1, -1, -1, 2>} {
  ^bb0(%x: TYPE):
    %m = kernel.reduce maximum %x : TYPE
    kernel.yield %m : TYPE
  }
  kernel.return
}
// F32-LABEL: gpu.func @pad
// F32: scf.if
// PTX-F32-LABEL: gpu.binary @pad
// PTX-F32: ld.global
// F64-LABEL: gpu.func @pad
// F64: scf.if
// PTX-F64-LABEL: gpu.binary @pad
// PTX-F64: ld.global
// F16-LABEL: gpu.func @pad
// F16: scf.if
// PTX-F16-LABEL: gpu.binary @pad
// PTX-F16: ld.global
// BF16-LABEL: gpu.func @pad
// BF16: scf.if
// PTX-BF16-LABEL: gpu.binary @pad
// PTX-BF16: ld.global
// I8-LABEL: gpu.func @pad
// I8: scf.if
// PTX-I8-LABEL: gpu.binary @pad
// PTX-I8: ld.global
// I16-LABEL: gpu.func @pad
// I16: scf.if
// PTX-I16-LABEL: gpu.binary @pad
// PTX-I16: ld.global
// I32-LABEL: gpu.func @pad
// I32: scf.if
// PTX-I32-LABEL: gpu.binary @pad
// PTX-I32: ld.global
// I64-LABEL: gpu.func @pad
// I64: scf.if
// PTX-I64-LABEL: gpu.binary @pad
// PTX-I64: ld.global
kernel.func @pad(%a: memref<30x30xTYPE>, %b: memref<32x32xTYPE>) {
  kernel.pad %a into %b {low = array<i64: 1, 1>, interior = array<i64: 0, 0>, value = ZERO : TYPE} : memref<30x30xTYPE>, memref<32x32xTYPE>
  kernel.return
}
// F32-LABEL: gpu.func @contract
// F32: math.fma {{.*}} : f32
// PTX-F32-LABEL: gpu.binary @contract
// PTX-F32: fma.rn.f32
// F64-LABEL: gpu.func @contract
// F64: math.fma {{.*}} : f64
// PTX-F64-LABEL: gpu.binary @contract
// PTX-F64: fma.rn.f64
// F16-LABEL: gpu.func @contract
// F16: nvvm.mma.sync
// PTX-F16-LABEL: gpu.binary @contract
// PTX-F16: mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32
// BF16-LABEL: gpu.func @contract
// BF16: nvvm.mma.sync
// PTX-BF16-LABEL: gpu.binary @contract
// PTX-BF16: mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32
// I8-LABEL: gpu.func @contract
// I8: arith.muli {{.*}} : i32
// PTX-I8-LABEL: gpu.binary @contract
// PTX-I8: mad.lo.s32
// I16-LABEL: gpu.func @contract
// I16: arith.muli {{.*}} : i32
// PTX-I16-LABEL: gpu.binary @contract
// PTX-I16: mad.lo.s32
// I32-LABEL: gpu.func @contract
// I32: arith.muli {{.*}} : i32
// PTX-I32-LABEL: gpu.binary @contract
// PTX-I32: mad.lo.s32
// I64-LABEL: gpu.func @contract
// I64: arith.muli {{.*}} : i64
// PTX-I64-LABEL: gpu.binary @contract
// PTX-I64: mad.lo.s64
kernel.func @contract(%a: memref<128x64xTYPE>, %b: memref<64x128xTYPE>, %c: memref<128x128xACC>) {
  kernel.contract ins(%a, %b : memref<128x64xTYPE>, memref<64x128xTYPE>) outs(%c : memref<128x128xACC>)
    attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                                 affine_map<(m, n, k) -> (m, n)>]} {
  ^bb0(%acc: ACC):
    kernel.yield %acc : ACC
  }
  kernel.return
}
