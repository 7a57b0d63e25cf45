// RUN: not tensorc-opt %s --tensorc-lower-gpu=multiprocessors=0 2>&1 | FileCheck %s --check-prefix=COUNT
// RUN: not tensorc-opt %s --tensorc-to-nvvm 2>&1 | FileCheck %s --check-prefix=MATH
// RUN: not tensorc-opt %s --tensorc-emit-ptx=chip=sm_70 2>&1 | FileCheck %s --check-prefix=CHIP

// COUNT: error: the GPU has 0 multiprocessors and 101376 bytes of shared memory, expected at least 1 and 49152
// CHIP: error: the GPU is `sm_70`, expected one of sm_80, sm_89, sm_90a, sm_100
// MATH: error: `math.exp` of `f128` has no code for a GPU, expected `f32` or `f64`
gpu.module @exp {
  gpu.func @exp(%a: memref<?xf128, #gpu.address_space<global>>) kernel {
    %i = gpu.thread_id x
    %x = memref.load %a[%i] : memref<?xf128, #gpu.address_space<global>>
    %y = math.exp %x : f128
    memref.store %y, %a[%i] : memref<?xf128, #gpu.address_space<global>>
    gpu.return
  }
}
