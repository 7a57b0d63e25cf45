// RUN: tensorc-opt %s --tensorc-schedule-cpu | FileCheck %s
// RUN: not tensorc-opt %s --tensorc-schedule-cpu=cpu=z80 2>&1 | FileCheck %s --check-prefix=NONE

// NONE: error: the CPU is `z80`, expected one of x86-64-v3, x86-64-v4, aarch64

// CHECK: kernel.func @small{{.*}}kernel.tasks = 1 : i64
kernel.func @small(%a: memref<64xf32>, %b: memref<64xf32>) {
  kernel.generic ins(%a : memref<64xf32>) outs(%b : memref<64xf32>)
    attributes {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                reduction_dims = array<i64>} {
  ^bb0(%x: f32):
    kernel.yield %x : f32
  }
  kernel.return
}

// One for each 10 µs.
// CHECK: kernel.func @large{{.*}}kernel.tasks = 167 : i64
kernel.func @large(%a: memref<4194304xf32>, %b: memref<4194304xf32>) {
  kernel.generic ins(%a : memref<4194304xf32>) outs(%b : memref<4194304xf32>)
    attributes {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                reduction_dims = array<i64>} {
  ^bb0(%x: f32):
    kernel.yield %x : f32
  }
  kernel.return
}

// Four for each of 64 threads, and no more.
// CHECK: kernel.func @huge{{.*}}kernel.tasks = 256 : i64
kernel.func @huge(%a: memref<41943040xf32>, %b: memref<41943040xf32>) {
  kernel.generic ins(%a : memref<41943040xf32>) outs(%b : memref<41943040xf32>)
    attributes {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                reduction_dims = array<i64>} {
  ^bb0(%x: f32):
    kernel.yield %x : f32
  }
  kernel.return
}

// No more than there are results.
// CHECK: kernel.func @total{{.*}}kernel.tasks = 1 : i64
kernel.func @total(%a: memref<4194304xf32>, %b: memref<f32>) {
  kernel.generic ins(%a : memref<4194304xf32>) outs(%b : memref<f32>)
    attributes {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> ()>],
                reduction_dims = array<i64: 0>} {
  ^bb0(%x: f32):
    %s = kernel.reduce add %x : f32
    kernel.yield %s : f32
  }
  kernel.return
}

// Work counts, not bytes alone.
// CHECK: kernel.func @matmul{{.*}}kernel.tasks = 6 : i64
kernel.func @matmul(%a: memref<128x128xf32>, %b: memref<128x128xf32>, %c: memref<128x128xf32>) {
  kernel.contract ins(%a, %b : memref<128x128xf32>, memref<128x128xf32>)
    outs(%c : memref<128x128xf32>)
    attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>,
                                 affine_map<(m, n, k) -> (k, n)>,
                                 affine_map<(m, n, k) -> (m, n)>]} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  kernel.return
}

// Whoever launches it knows the sizes.
// CHECK: kernel.func @dynamic{{.*}}kernel.tasks = 1 : i64
kernel.func @dynamic(%a: memref<?xf32>, %b: memref<?xf32>) {
  kernel.generic ins(%a : memref<?xf32>) outs(%b : memref<?xf32>)
    attributes {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                reduction_dims = array<i64>} {
  ^bb0(%x: f32):
    kernel.yield %x : f32
  }
  kernel.return
}
