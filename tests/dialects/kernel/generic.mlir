// RUN: tensorc-opt %s | tensorc-opt | FileCheck %s
// RUN: tensorc-opt %s -canonicalize -cse | FileCheck %s

#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>

// Softmax: several reductions, each over the row.
// CHECK-LABEL: kernel.func @softmax
kernel.func @softmax(%x: memref<4x10xf32>, %y: memref<4x10xf32>) {
  // CHECK: kernel.generic ins(%{{.*}} : memref<4x10xf32>) outs(%{{.*}} : memref<4x10xf32>) attributes {indexing_maps = [#{{.*}}, #{{.*}}], reduction_dims = array<i64: 1>} {
  kernel.generic ins(%x : memref<4x10xf32>) outs(%y : memref<4x10xf32>)
      attributes {indexing_maps = [#id, #id], reduction_dims = array<i64: 1>} {
  // CHECK: ^bb0(%[[IN:.*]]: f32):
  ^bb0(%in: f32):
    // CHECK: %[[MAX:.*]] = kernel.reduce maximum %[[IN]] : f32
    %max = kernel.reduce maximum %in : f32
    %shifted = arith.subf %in, %max : f32
    %power = math.exp %shifted : f32
    // CHECK: kernel.reduce add %{{.*}} : f32
    %sum = kernel.reduce add %power : f32
    %out = arith.divf %power, %sum : f32
    // CHECK: kernel.yield %{{.*}} : f32
    kernel.yield %out : f32
  }
  kernel.return
}

// Rows and elements at once; an index; a check.
// CHECK-LABEL: kernel.func @mixed
kernel.func @mixed(%x: memref<4x10xf32>, %r: memref<4xi64>, %s: memref<4xf32>, %y: memref<4x10xf32>) {
  kernel.generic ins(%x, %r : memref<4x10xf32>, memref<4xi64>) outs(%s, %y : memref<4xf32>, memref<4x10xf32>)
      attributes {indexing_maps = [#id, #row, #row, #id], reduction_dims = array<i64: 1>} {
  ^bb0(%in: f32, %label: i64):
    // CHECK: kernel.index 1
    %i = kernel.index 1
    %index = arith.index_cast %i : index to i64
    %hit = arith.cmpi eq, %index, %label : i64
    %zero = arith.constant 0.0 : f32
    %ten = arith.constant 10 : i64
    %picked = arith.select %hit, %in, %zero : f32
    // CHECK: kernel.reduce add
    %sum = kernel.reduce add %picked : f32
    %valid = arith.cmpi ult, %label, %ten : i64
    // CHECK: scalar.check %{{.*}}, 5{{$}}
    scalar.check %valid, 5
    // CHECK: scalar.check %{{.*}}, 5, %{{.*}} {expected = "less than 10", source = "a.cpp:1", subject = "label"}
    scalar.check %valid, 5, %label {expected = "less than 10", subject = "label", source = "a.cpp:1"}
    kernel.yield %sum, %in : f32, f32
  }
  kernel.return
}

#window_in = affine_map<(d0, d1, d2, d3) -> (d0 * 2 + d2, d1 * 2 + d3)>
#window_out = affine_map<(d0, d1, d2, d3) -> (d0, d1)>

// Pooling: dimensions 2 and 3 are no map's result, so `dim_sizes` has them.
// CHECK-LABEL: kernel.func @max_pool
kernel.func @max_pool(%x: memref<8x8xf32>, %y: memref<4x4xf32>) {
  // CHECK: dim_sizes = array<i64: -1, -1, 2, 2>
  kernel.generic ins(%x : memref<8x8xf32>) outs(%y : memref<4x4xf32>)
      attributes {indexing_maps = [#window_in, #window_out], reduction_dims = array<i64: 2, 3>,
                  dim_sizes = array<i64: -1, -1, 2, 2>} {
  ^bb0(%in: f32):
    %max = kernel.reduce maximum %in : f32
    kernel.yield %max : f32
  }
  kernel.return
}

// Windows that don't overlap are written once each.
// CHECK-LABEL: kernel.func @disjoint_windows
kernel.func @disjoint_windows(%x: memref<4x4xf32>, %y: memref<8x8xf32>) {
  kernel.generic ins(%x : memref<4x4xf32>) outs(%y : memref<8x8xf32>)
      attributes {indexing_maps = [#window_out, #window_in], reduction_dims = array<i64>,
                  dim_sizes = array<i64: -1, -1, 2, 2>} {
  ^bb0(%in: f32):
    kernel.yield %in : f32
  }
  kernel.return
}

// No inputs, a scalar, a reversed dimension, an unknown size.
// CHECK-LABEL: kernel.func @rest
kernel.func @rest(%x: memref<8xf32>, %y: memref<8xf32>, %z: memref<f32>, %u: memref<?xf32>) {
  kernel.generic ins(%x : memref<8xf32>) outs(%y : memref<8xf32>)
      attributes {indexing_maps = [affine_map<(d0) -> (7 - d0)>, affine_map<(d0) -> (d0)>], reduction_dims = array<i64>} {
  ^bb0(%in: f32):
    kernel.yield %in : f32
  }
  // CHECK: kernel.generic ins() outs(%{{.*}} : memref<f32>)
  kernel.generic ins() outs(%z : memref<f32>)
      attributes {indexing_maps = [affine_map<() -> ()>], reduction_dims = array<i64>} {
    %zero = arith.constant 0.0 : f32
    kernel.yield %zero : f32
  }
  kernel.generic ins() outs(%u : memref<?xf32>)
      attributes {indexing_maps = [affine_map<(d0) -> (d0)>], reduction_dims = array<i64>} {
    %zero = arith.constant 0.0 : f32
    kernel.yield %zero : f32
  }
  kernel.return
}
