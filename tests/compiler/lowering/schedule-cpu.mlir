// RUN: tensorc-opt %s --tensorc-schedule-cpu | FileCheck %s

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

// CHECK: kernel.func @large{{.*}}kernel.tasks = 16 : i64
kernel.func @large(%a: memref<4194304xf32>, %b: memref<4194304xf32>) {
  kernel.generic ins(%a : memref<4194304xf32>) outs(%b : memref<4194304xf32>)
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
// CHECK: kernel.func @matmul{{.*}}kernel.tasks = {{[2-9]|1[0-6]}} : i64
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
