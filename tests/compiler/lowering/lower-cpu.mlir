// RUN: tensorc-opt %s --tensorc-lower-cpu | FileCheck %s --check-prefixes=CHECK,V4
// RUN: tensorc-opt %s --tensorc-lower-cpu=cpu=x86-64-v3 | FileCheck %s --check-prefixes=CHECK,V3

// What a check says, of @described below.
// CHECK-NOT: @described_check1(
// CHECK-DAG: llvm.mlir.global private unnamed_addr constant @described_check0("less than 10%%, received %lld at `ids[%lld, %lld]` (a.cpp:7)\00")
// CHECK-DAG: llvm.func @tensorc_rt_fail(i32, !llvm.ptr, ...) -> i32

// Dense dimensions are one; the loop is over native vectors.
// CHECK-LABEL: func.func @add
// CHECK-SAME: (%[[BUFFERS:.*]]: !llvm.ptr, %{{.*}}: !llvm.ptr, %{{.*}}: i64, %{{.*}}: i64) -> i32
// CHECK-SAME: kernel.tasks = 1
// CHECK: %[[A:.*]] = kernel.binding %[[BUFFERS]][0] : !llvm.ptr to memref<?xf32>
// CHECK-COUNT-2: scf.for
// V4: %[[X:.*]] = vector.load %[[A]][%{{.*}}] : memref<?xf32>, vector<16xf32>
// V3: %[[X:.*]] = vector.load %[[A]][%{{.*}}] : memref<?xf32>, vector<8xf32>
// CHECK: %[[Y:.*]] = vector.load
// CHECK: arith.addf %[[X]], %[[Y]] fastmath<contract>
// CHECK: vector.store
// CHECK-NOT: memref.load
// CHECK: return
kernel.func @add(%a: memref<4x8x16xf32>, %b: memref<4x8x16xf32>, %c: memref<4x8x16xf32>) {
  kernel.generic ins(%a, %b : memref<4x8x16xf32>, memref<4x8x16xf32>)
    outs(%c : memref<4x8x16xf32>)
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

// The bias is loaded once for a row, outside the loop over its vectors.
// CHECK-LABEL: func.func @bias
// CHECK: scf.for
// CHECK: %[[BIAS:.*]] = memref.load
// CHECK: vector.load
// CHECK: vector.broadcast %[[BIAS]]
kernel.func @bias(%a: memref<4x64xf32>, %b: memref<4xf32>, %c: memref<4x64xf32>) {
  kernel.generic ins(%a, %b : memref<4x64xf32>, memref<4xf32>)
    outs(%c : memref<4x64xf32>)
    attributes {indexing_maps = [affine_map<(i, j) -> (i, j)>,
                                 affine_map<(i, j) -> (i)>,
                                 affine_map<(i, j) -> (i, j)>],
                reduction_dims = array<i64>} {
  ^bb0(%x: f32, %y: f32):
    %s = arith.addf %x, %y : f32
    kernel.yield %s : f32
  }
  kernel.return
}

// A row reduction: vectors along the row, four sums that hide the latency.
// CHECK-LABEL: func.func @rows
// CHECK: %{{.*}}:4 = scf.for
// CHECK-COUNT-4: arith.addf
// CHECK: scf.yield
// CHECK: vector.extract
// CHECK: memref.store
kernel.func @rows(%a: memref<4x6400xf32>, %b: memref<4xf32>) {
  kernel.generic ins(%a : memref<4x6400xf32>) outs(%b : memref<4xf32>)
    attributes {indexing_maps = [affine_map<(i, j) -> (i, j)>,
                                 affine_map<(i, j) -> (i)>],
                reduction_dims = array<i64: 1>} {
  ^bb0(%x: f32):
    %s = kernel.reduce add %x : f32
    kernel.yield %s : f32
  }
  kernel.return
}

// A column reduction: vectors across the columns, no sum of lanes.
// CHECK-LABEL: func.func @columns
// CHECK: scf.for
// CHECK-NOT: vector.extract
// CHECK: return
kernel.func @columns(%a: memref<100x64xf32>, %b: memref<64xf32>) {
  kernel.generic ins(%a : memref<100x64xf32>) outs(%b : memref<64xf32>)
    attributes {indexing_maps = [affine_map<(i, j) -> (i, j)>,
                                 affine_map<(i, j) -> (j)>],
                reduction_dims = array<i64: 0>} {
  ^bb0(%x: f32):
    %s = kernel.reduce add %x : f32
    kernel.yield %s : f32
  }
  kernel.return
}

// A pooling window is unrolled; a stride of 2 is loads and a shuffle.
// CHECK-LABEL: func.func @pool
// CHECK-NOT: vector.gather
// CHECK-COUNT-4: vector.shuffle
// CHECK-COUNT-3: arith.maximumf
// CHECK-NOT: arith.maximumf
// CHECK: return
kernel.func @pool(%a: memref<8x64x64xf32>, %b: memref<8x32x32xf32>) {
  kernel.generic ins(%a : memref<8x64x64xf32>) outs(%b : memref<8x32x32xf32>)
    attributes {indexing_maps = [affine_map<(c, i, j, h, w) -> (c, 2 * i + h, 2 * j + w)>,
                                 affine_map<(c, i, j, h, w) -> (c, i, j)>],
                dim_sizes = array<i64: -1, -1, -1, 2, 2>,
                reduction_dims = array<i64: 3, 4>} {
  ^bb0(%x: f32):
    %m = kernel.reduce maximum %x : f32
    kernel.yield %m : f32
  }
  kernel.return
}

// Dynamic sizes are read from the kernel's arguments, in order.
// CHECK-LABEL: func.func @dynamic
// CHECK-SAME: %[[SIZES:[^ ]*]]: !llvm.ptr, %{{[^ ]*}}: i64,
// CHECK-DAG: kernel.size %[[SIZES]][0]
// CHECK-DAG: kernel.size %[[SIZES]][1]
// CHECK: vector.maskedload
// CHECK: vector.maskedstore
kernel.func @dynamic(%a: memref<?x?xf32>, %b: memref<?x?xf32>) {
  kernel.generic ins(%a : memref<?x?xf32>) outs(%b : memref<?x?xf32>)
    attributes {indexing_maps = [affine_map<(i, j) -> (i, j)>,
                                 affine_map<(i, j) -> (i, j)>],
                reduction_dims = array<i64>} {
  ^bb0(%x: f32):
    %y = arith.negf %x : f32
    kernel.yield %y : f32
  }
  kernel.return
}

// A failing check decides the status.
// CHECK-LABEL: func.func @check
// CHECK-SAME: kernel.can_fail
// CHECK: %[[STATUS:.*]] = memref.alloca() : memref<1xi32>
// CHECK: vector.reduction <or>
// CHECK: memref.load %[[STATUS]]
// CHECK: memref.store %{{.*}}, %[[STATUS]]
// CHECK: return %{{.*}} : i32
kernel.func @check(%a: memref<64xi64>, %b: memref<64xi64>) {
  kernel.generic ins(%a : memref<64xi64>) outs(%b : memref<64xi64>)
    attributes {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                reduction_dims = array<i64>} {
  ^bb0(%x: i64):
    %ten = arith.constant 10 : i64
    %in = arith.cmpi ult, %x, %ten : i64
    scalar.check %in, 5
    kernel.yield %x : i64
  }
  kernel.return
}

// A check that shows a value says, when it fails first, what the value of the
// first lane is and where it was read from. Nothing else is in the way.
// CHECK-LABEL: func.func @described
// CHECK-SAME: kernel.has_words
// CHECK: %[[ANY:.*]] = vector.reduction <or>
// CHECK: scf.if %[[ANY]] {
// CHECK: memref.load
// CHECK: scf.if
// CHECK: vector.reduction <minui>
// CHECK: llvm.call @tensorc_rt_fail
kernel.func @described(%a: memref<8x8xi64>, %b: memref<8x8xi64>) {
  kernel.generic ins(%a : memref<8x8xi64>) outs(%b : memref<8x8xi64>)
    attributes {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
                reduction_dims = array<i64>} {
  ^bb0(%x: i64):
    %ten = arith.constant 10 : i64
    %in = arith.cmpi ult, %x, %ten : i64
    scalar.check %in, 5, %x {expected = "less than 10%", subject = "ids", source = "a.cpp:7"}
    kernel.yield %x : i64
  }
  kernel.return
}

// Padding is in the mask of the loads: no branch inside a row.
// CHECK-LABEL: func.func @pad
// CHECK: scf.if
// CHECK: vector.maskedload
// CHECK: } else {
// CHECK-NOT: vector.maskedload
kernel.func @pad(%a: memref<2x28x28xf32>, %b: memref<2x32x32xf32>) {
  kernel.pad %a into %b {low = array<i64: 0, 2, 2>, interior = array<i64: 0, 0, 0>,
                         value = 0.0 : f32} : memref<2x28x28xf32>, memref<2x32x32xf32>
  kernel.return
}

// Programs are left alone.
// CHECK-LABEL: kernel.program @main
// CHECK: kernel.launch @add
kernel.program @main(%a: memref<4x8x16xf32>, %c: memref<4x8x16xf32>) {
  kernel.launch @add ins(%a, %a : memref<4x8x16xf32>, memref<4x8x16xf32>)
    outs(%c : memref<4x8x16xf32>)
  kernel.return
}
