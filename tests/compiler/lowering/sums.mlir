// RUN: tensorc-opt %s --tensorc-lower-cpu | FileCheck %s

// 1000 rows are added in blocks of 32, each from zero.
// CHECK-LABEL: func.func @columns
// CHECK: scf.for
// CHECK: %[[TOTAL:.*]] = scf.for %[[NUMBER:.*]] = %{{.*}} to %{{.*}} iter_args(%[[SUM:.*]] = %{{.*}}) -> (vector<16xf32>)
// CHECK: %[[START:.*]] = arith.muli %[[NUMBER]], %c32
// CHECK: %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : vector<16xf32>
// CHECK: %[[BLOCK:.*]] = scf.for %{{.*}} = %[[START]] to %{{.*}} iter_args(%[[PART:.*]] = %[[ZERO]]) -> (vector<16xf32>)
// CHECK: arith.addf %[[PART]], %{{.*}}
// CHECK: arith.addf %[[SUM]], %[[BLOCK]]
// CHECK-NOT: scf.for
// CHECK: vector.store %[[TOTAL]]
kernel.func @columns(%a: memref<1000x16xf32>, %b: memref<16xf32>) {
  kernel.generic ins(%a : memref<1000x16xf32>) outs(%b : memref<16xf32>)
    attributes {indexing_maps = [affine_map<(i, j) -> (i, j)>,
                                 affine_map<(i, j) -> (j)>],
                reduction_dims = array<i64: 0>} {
  ^bb0(%x: f32):
    %s = kernel.reduce add %x : f32
    kernel.yield %s : f32
  }
  kernel.return
}

// What is exact in any order needs no blocks.
// CHECK-LABEL: func.func @maxima
// CHECK: scf.for
// CHECK: scf.for
// CHECK-NOT: scf.for
// CHECK: return
kernel.func @maxima(%a: memref<1000x16xf32>, %b: memref<16xf32>) {
  kernel.generic ins(%a : memref<1000x16xf32>) outs(%b : memref<16xf32>)
    attributes {indexing_maps = [affine_map<(i, j) -> (i, j)>,
                                 affine_map<(i, j) -> (j)>],
                reduction_dims = array<i64: 0>} {
  ^bb0(%x: f32):
    %s = kernel.reduce maximum %x : f32
    kernel.yield %s : f32
  }
  kernel.return
}

// A number of rows that isn't known: one loop where it is at most 32.
// CHECK-LABEL: func.func @unknown
// CHECK: %[[SHORT:.*]] = arith.cmpi sle, %{{.*}}, %{{.*}} : index
// CHECK: scf.if %[[SHORT]]
// CHECK: scf.for
// CHECK: } else {
// CHECK-COUNT-4: scf.for
kernel.func @unknown(%a: memref<?x16xf32>, %b: memref<16xf32>) {
  kernel.generic ins(%a : memref<?x16xf32>) outs(%b : memref<16xf32>)
    attributes {indexing_maps = [affine_map<(i, j) -> (i, j)>,
                                 affine_map<(i, j) -> (j)>],
                reduction_dims = array<i64: 0>} {
  ^bb0(%x: f32):
    %s = kernel.reduce add %x : f32
    kernel.yield %s : f32
  }
  kernel.return
}

// Each op of a body rounds to its type, but for those that can't need it.
// CHECK-LABEL: func.func @rounded
// CHECK: %[[S:.*]] = arith.addf
// CHECK-NEXT: %[[R:.*]] = arith.truncf %[[S]] : vector<16xf32> to vector<16xf16>
// CHECK-NEXT: %[[W:.*]] = arith.extf %[[R]] : vector<16xf16> to vector<16xf32>
// CHECK-NEXT: %[[N:.*]] = arith.negf %[[W]]
// CHECK-NEXT: arith.mulf %[[N]],
kernel.func @rounded(%a: memref<16xf16>, %b: memref<16xf16>) {
  kernel.generic ins(%a : memref<16xf16>) outs(%b : memref<16xf16>)
    attributes {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                reduction_dims = array<i64>} {
  ^bb0(%x: f16):
    %s = arith.addf %x, %x : f16
    %n = arith.negf %s : f16
    %p = arith.mulf %n, %x : f16
    kernel.yield %p : f16
  }
  kernel.return
}

// CHECK-LABEL: func.func @excess
// CHECK: %[[S:.*]] = arith.addf
// CHECK-NEXT: arith.mulf %[[S]],
kernel.func @excess(%a: memref<16xf16>, %b: memref<16xf16>) attributes {kernel.excess_precision} {
  kernel.generic ins(%a : memref<16xf16>) outs(%b : memref<16xf16>)
    attributes {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                reduction_dims = array<i64>} {
  ^bb0(%x: f16):
    %s = arith.addf %x, %x : f16
    %p = arith.mulf %s, %x : f16
    kernel.yield %p : f16
  }
  kernel.return
}
