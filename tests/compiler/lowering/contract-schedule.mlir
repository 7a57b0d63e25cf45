// RUN: tensorc-opt %s --split-input-file --tensorc-lower-cpu=cpu=x86-64-v4 | FileCheck %s

// Lanes along the columns; the rows are broadcast.
// CHECK-LABEL: func.func @outer
// CHECK: scf.for {{.*}} iter_args({{.*}}) -> (vector<16xf32>
// CHECK: memref.load
// CHECK: vector.broadcast {{.*}} : f32 to vector<16xf32>
// CHECK: vector.load {{.*}} vector<16xf32>
// CHECK: vector.fma
// CHECK: vector.store
kernel.func @outer(%a: memref<64x32xf32>, %b: memref<32x64xf32>, %c: memref<64x64xf32>) {
  kernel.contract ins(%a, %b : memref<64x32xf32>, memref<32x64xf32>)
      outs(%c : memref<64x64xf32>)
      attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>,
                                   affine_map<(m, n, k) -> (k, n)>,
                                   affine_map<(m, n, k) -> (m, n)>]} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  kernel.return
}

// -----

// Lanes along the summed dimension; sums of lanes leave as one vector.
// CHECK-LABEL: func.func @inner
// CHECK: scf.for {{.*}} iter_args({{.*}}) -> (vector<16xf32>
// CHECK-NOT: vector.broadcast
// CHECK: vector.fma
// CHECK: vector.shuffle
// CHECK: vector.maskedstore
kernel.func @inner(%a: memref<1x576xf32>, %b: memref<120x576xf32>, %c: memref<1x120xf32>) {
  kernel.contract ins(%a, %b : memref<1x576xf32>, memref<120x576xf32>)
      outs(%c : memref<1x120xf32>)
      attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>,
                                   affine_map<(m, n, k) -> (n, k)>,
                                   affine_map<(m, n, k) -> (m, n)>]} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  kernel.return
}

// -----

// Rows too far apart for the caches are copied to the stack: 512 of 32 lanes,
// the 64 KiB that a task may have there.
// CHECK-LABEL: func.func @packed
// CHECK: memref.alloca() {alignment = 64 : i64} : memref<16384xf32>
kernel.func @packed(%a: memref<512x512xf32>, %b: memref<512x512xf32>, %c: memref<512x512xf32>) {
  kernel.contract ins(%a, %b : memref<512x512xf32>, memref<512x512xf32>)
      outs(%c : memref<512x512xf32>)
      attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>,
                                   affine_map<(m, n, k) -> (k, n)>,
                                   affine_map<(m, n, k) -> (m, n)>]} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  kernel.return
}

// -----

// Copies that change rows and columns are a function that kernels share,
// whatever the widths of their panels.
// CHECK: func.func private @transpose_f32_to_f32_x16(
// CHECK-COUNT-64: vector.shuffle
// CHECK-NOT: vector.shuffle
// CHECK-LABEL: func.func @transposed(
// CHECK-NOT: vector.shuffle
// CHECK: call @transpose_f32_to_f32_x16(
// The last tile has the code of the others: of 32 columns, 20 are there.
// CHECK-NOT: call @transpose_
// CHECK-LABEL: func.func @transposed_of_ten(
// CHECK-NOT: vector.shuffle
// CHECK: call @transpose_f32_to_f32_x16(
kernel.func @transposed(%a: memref<64x120xf32>, %b: memref<84x120xf32>, %c: memref<64x84xf32>) {
  kernel.contract ins(%a, %b : memref<64x120xf32>, memref<84x120xf32>)
      outs(%c : memref<64x84xf32>)
      attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>,
                                   affine_map<(m, n, k) -> (n, k)>,
                                   affine_map<(m, n, k) -> (m, n)>]} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  kernel.return
}
kernel.func @transposed_of_ten(%a: memref<64x84xf32>, %b: memref<10x84xf32>, %c: memref<64x10xf32>) {
  kernel.contract ins(%a, %b : memref<64x84xf32>, memref<10x84xf32>)
      outs(%c : memref<64x10xf32>)
      attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>,
                                   affine_map<(m, n, k) -> (n, k)>,
                                   affine_map<(m, n, k) -> (m, n)>]} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  kernel.return
}

// -----

// Of a sum whose terms are counted by the call, at most 256, one side is copied
// to a panel with room for that many, and no block of terms begins anew.
// CHECK-LABEL: func.func @weight_gradient(
// CHECK-NOT: 384 : index
// CHECK: memref.alloca() {alignment = 64 : i64}
// CHECK-NOT: 384 : index
// CHECK: call @transpose_f32_to_f32_x16(
// CHECK-NOT: 384 : index
// CHECK: return
kernel.func @weight_gradient(%x: memref<120x?xf32>, %g: memref<96x?xf32>, %w: memref<120x96xf32>) {
  kernel.contract ins(%x, %g : memref<120x?xf32>, memref<96x?xf32>) outs(%w : memref<120x96xf32>)
      attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>],
                  kernel.expected_sizes = array<i64: 120, 96, 64>, kernel.greatest_sizes = array<i64: 120, 96, 256>} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  kernel.return
}

// -----

// Rows that no whole tile takes are computed one by one, from their number on.
// CHECK-LABEL: func.func @rows_by_call(
// CHECK-NOT: memref.alloca
// CHECK: return
kernel.func @rows_by_call(%x: memref<?x96xf32>, %w: memref<96x64xf32>, %y: memref<?x64xf32>) {
  kernel.contract ins(%x, %w : memref<?x96xf32>, memref<96x64xf32>) outs(%y : memref<?x64xf32>)
      attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>],
                  kernel.expected_sizes = array<i64: 64, 64, 96>, kernel.greatest_sizes = array<i64: 256, 64, 96>} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  kernel.return
}
