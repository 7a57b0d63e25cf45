// RUN: not tensorc-opt %s --tensorc-lower-gpu=multiprocessors=0 2>&1 | FileCheck %s --check-prefix=COUNT
// RUN: not tensorc-opt %s --tensorc-lower-gpu --tensorc-to-nvvm 2>&1 | FileCheck %s --check-prefix=MATH
// RUN: not tensorc-opt %s --tensorc-emit-ptx=chip=sm_70 2>&1 | FileCheck %s --check-prefix=CHIP

// COUNT: error: the GPU has 0 multiprocessors and 101376 bytes of shared memory, expected at least 1 and 49152
// CHIP: error: the GPU is `sm_70`, expected one of sm_80, sm_89, sm_90a, sm_100
// MATH: error: `math.exp` of `f64` has no code for a GPU, expected `f32`
kernel.func @exp(%a: memref<64xf64>, %b: memref<64xf64>) {
  kernel.generic ins(%a : memref<64xf64>) outs(%b : memref<64xf64>)
    attributes {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                reduction_dims = array<i64>} {
  ^bb0(%x: f64):
    %y = math.exp %x : f64
    kernel.yield %y : f64
  }
  kernel.return
}
