// RUN: tensorc-opt %s --split-input-file --tensorc-lower-cpu --tensorc-merge-kernels | FileCheck %s

// The same pools of two batches are one function, which is told how much there is.
// CHECK: func.func @small(%{{.*}}: !llvm.ptr, %[[SIZES:.*]]: !llvm.ptr, %[[TASK:.*]]: i64,
// CHECK: %[[EXTENT:.*]] = kernel.size %[[SIZES]][0]
// CHECK: arith.muli %[[EXTENT]],
// CHECK-NOT: kernel.extent
// CHECK-NOT: func.func @large
// Another size isn't.
// CHECK: func.func @wide(
// CHECK-NOT: kernel.size
// CHECK-LABEL: kernel.program @infer(
// CHECK: kernel.launch @small {{.*}} {kernel.sizes = array<i64: [[FEW:.*]]>, kernel.tasks = 1 : i64}
// CHECK-LABEL: kernel.program @train(
// CHECK: kernel.launch @small
// CHECK-NOT: array<i64: [[FEW]]>
// CHECK-SAME: {kernel.sizes = array<i64: {{.*}}>, kernel.tasks = 4 : i64}
// CHECK-LABEL: kernel.program @other(
// CHECK: kernel.launch @wide
// CHECK-NOT: kernel.sizes
kernel.func @small(%x: memref<25x30x30xf32>, %y: memref<25x15x15xf32>) attributes {kernel.tasks = 1} {
  kernel.generic ins(%x : memref<25x30x30xf32>) outs(%y : memref<25x15x15xf32>)
      attributes {dim_sizes = array<i64: -1, -1, -1, 2, 2>,
                  indexing_maps = [affine_map<(n, i, j, k, l) -> (n, i * 2 + k, j * 2 + l)>,
                                   affine_map<(n, i, j, k, l) -> (n, i, j)>],
                  reduction_dims = array<i64: 3, 4>} {
  ^bb0(%a: f32):
    %m = kernel.reduce maximum %a : f32
    kernel.yield %m : f32
  }
  kernel.return
}
kernel.func @large(%x: memref<100x30x30xf32>, %y: memref<100x15x15xf32>) attributes {kernel.tasks = 4} {
  kernel.generic ins(%x : memref<100x30x30xf32>) outs(%y : memref<100x15x15xf32>)
      attributes {dim_sizes = array<i64: -1, -1, -1, 2, 2>,
                  indexing_maps = [affine_map<(n, i, j, k, l) -> (n, i * 2 + k, j * 2 + l)>,
                                   affine_map<(n, i, j, k, l) -> (n, i, j)>],
                  reduction_dims = array<i64: 3, 4>} {
  ^bb0(%a: f32):
    %m = kernel.reduce maximum %a : f32
    kernel.yield %m : f32
  }
  kernel.return
}
kernel.func @wide(%x: memref<25x60x60xf32>, %y: memref<25x30x30xf32>) attributes {kernel.tasks = 1} {
  kernel.generic ins(%x : memref<25x60x60xf32>) outs(%y : memref<25x30x30xf32>)
      attributes {dim_sizes = array<i64: -1, -1, -1, 2, 2>,
                  indexing_maps = [affine_map<(n, i, j, k, l) -> (n, i * 2 + k, j * 2 + l)>,
                                   affine_map<(n, i, j, k, l) -> (n, i, j)>],
                  reduction_dims = array<i64: 3, 4>} {
  ^bb0(%a: f32):
    %m = kernel.reduce maximum %a : f32
    kernel.yield %m : f32
  }
  kernel.return
}
kernel.program @infer(%x: memref<25x30x30xf32> {kernel.name = "x", kernel.role = "input"},
                     %y: memref<25x15x15xf32> {kernel.name = "y", kernel.role = "output"}) {
  kernel.launch @small ins(%x : memref<25x30x30xf32>) outs(%y : memref<25x15x15xf32>)
  kernel.return
}
kernel.program @train(%x: memref<100x30x30xf32> {kernel.name = "x", kernel.role = "input"},
                     %y: memref<100x15x15xf32> {kernel.name = "y", kernel.role = "output"}) {
  kernel.launch @large ins(%x : memref<100x30x30xf32>) outs(%y : memref<100x15x15xf32>)
  kernel.return
}
kernel.program @other(%x: memref<25x60x60xf32> {kernel.name = "x", kernel.role = "input"},
                     %y: memref<25x30x30xf32> {kernel.name = "y", kernel.role = "output"}) {
  kernel.launch @wide ins(%x : memref<25x60x60xf32>) outs(%y : memref<25x30x30xf32>)
  kernel.return
}

// -----

// Without a launch, nobody would give it sizes.
// CHECK: func.func @small(
// CHECK-NOT: kernel.size
// CHECK: func.func @large(
// CHECK-NOT: kernel.size
kernel.func @small(%x: memref<25x30x30xf32>, %y: memref<25x15x15xf32>) attributes {kernel.tasks = 1} {
  kernel.generic ins(%x : memref<25x30x30xf32>) outs(%y : memref<25x15x15xf32>)
      attributes {dim_sizes = array<i64: -1, -1, -1, 2, 2>,
                  indexing_maps = [affine_map<(n, i, j, k, l) -> (n, i * 2 + k, j * 2 + l)>,
                                   affine_map<(n, i, j, k, l) -> (n, i, j)>],
                  reduction_dims = array<i64: 3, 4>} {
  ^bb0(%a: f32):
    %m = kernel.reduce maximum %a : f32
    kernel.yield %m : f32
  }
  kernel.return
}
kernel.func @large(%x: memref<100x30x30xf32>, %y: memref<100x15x15xf32>) attributes {kernel.tasks = 4} {
  kernel.generic ins(%x : memref<100x30x30xf32>) outs(%y : memref<100x15x15xf32>)
      attributes {dim_sizes = array<i64: -1, -1, -1, 2, 2>,
                  indexing_maps = [affine_map<(n, i, j, k, l) -> (n, i * 2 + k, j * 2 + l)>,
                                   affine_map<(n, i, j, k, l) -> (n, i, j)>],
                  reduction_dims = array<i64: 3, 4>} {
  ^bb0(%a: f32):
    %m = kernel.reduce maximum %a : f32
    kernel.yield %m : f32
  }
  kernel.return
}
