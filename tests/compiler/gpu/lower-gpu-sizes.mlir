// What programs say of the sizes of kernels: their ranges, and numbers that
// divide them.
// RUN: tensorc-opt %s --tensorc-lower-gpu | FileCheck %s
// RUN: tensorc-opt %s '--tensorc-lower-gpu=warpgroups shared-bytes=232448' | FileCheck %s --check-prefix=WGMMA

#id = affine_map<(i, j) -> (i, j)>

module attributes {scalar.symbols = [#scalar.symbol<B : 1 to 65536, hint 64>, #scalar.symbol<S : 8 to 64, hint 8, divisor 8>]} {
// Rows of 64 and any number of them are one dimension, read in packs. Indices
// fit into 32 bits at all launches.
// CHECK-LABEL: gpu.module @rows
// CHECK-SAME: kernel.index_bits = 32
// CHECK: vector.load
kernel.func @rows(%x: memref<?x64xf32>, %y: memref<?x64xf32>) {
  kernel.generic ins(%x : memref<?x64xf32>) outs(%y : memref<?x64xf32>)
    attributes {indexing_maps = [#id, #id], reduction_dims = array<i64>,
                kernel.expected_sizes = array<i64: 65536, 64>} {
  ^bb0(%v: f32):
    %r = arith.negf %v : f32
    kernel.yield %r : f32
  }
  kernel.return
}
// A multiple of 8 is as good; one of 4 + 2 isn't.
// CHECK-LABEL: gpu.module @columns
// CHECK: vector.load
kernel.func @columns(%x: memref<16384x?xf32>, %y: memref<16384x?xf32>) {
  kernel.generic ins(%x : memref<16384x?xf32>) outs(%y : memref<16384x?xf32>)
    attributes {indexing_maps = [#id, #id], reduction_dims = array<i64>,
                kernel.expected_sizes = array<i64: 16384, 64>} {
  ^bb0(%v: f32):
    %r = arith.negf %v : f32
    kernel.yield %r : f32
  }
  kernel.return
}
// CHECK-LABEL: gpu.module @odd
// CHECK-NOT: vector.load {{.*}}vector<4xf32>
// CHECK-LABEL: gpu.module @great
kernel.func @odd(%x: memref<16383x?xf32>, %y: memref<16383x?xf32>) {
  kernel.generic ins(%x : memref<16383x?xf32>) outs(%y : memref<16383x?xf32>)
    attributes {indexing_maps = [#id, #id], reduction_dims = array<i64>,
                kernel.expected_sizes = array<i64: 16384, 64>} {
  ^bb0(%v: f32):
    %r = arith.negf %v : f32
    kernel.yield %r : f32
  }
  kernel.return
}
// One launch that needs 64 bits is enough.
// CHECK-SAME: kernel.index_bits = 64
kernel.func @great(%x: memref<?x64xf32>, %y: memref<?x64xf32>) {
  kernel.generic ins(%x : memref<?x64xf32>) outs(%y : memref<?x64xf32>)
    attributes {indexing_maps = [#id, #id], reduction_dims = array<i64>} {
  ^bb0(%v: f32):
    %r = math.absf %v : f32
    kernel.yield %r : f32
  }
  kernel.return
}
// So is a number that a body computes with.
// CHECK-LABEL: gpu.module @told
// CHECK-SAME: kernel.index_bits = 64
kernel.func @told(%x: memref<8xf32>, %y: memref<8xf32>, %count: index) {
  kernel.generic ins(%x : memref<8xf32>) outs(%y : memref<8xf32>)
    attributes {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                reduction_dims = array<i64>} {
  ^bb0(%v: f32):
    %n = kernel.argument 2
    %m = arith.index_cast %n : index to i64
    %f = arith.sitofp %m : i64 to f32
    %r = arith.divf %v, %f : f32
    kernel.yield %r : f32
  }
  kernel.return
}
// Any number of rows is multiplied in warpgroups.
// WGMMA-LABEL: gpu.module @products
// WGMMA: nvvm.wgmma.mma_async
kernel.func @products(%x: memref<?x1024xbf16>, %w: memref<1024x1024xbf16>, %y: memref<?x1024xbf16>) {
  kernel.contract ins(%x, %w : memref<?x1024xbf16>, memref<1024x1024xbf16>) outs(%y : memref<?x1024xbf16>)
    attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
                                 affine_map<(m, n, k) -> (m, n)>],
                kernel.expected_sizes = array<i64: 4096, 1024, 1024>} {
  ^bb0(%sum: f32):
    %r = arith.truncf %sum : f32 to bf16
    kernel.yield %r : bf16
  }
  kernel.return
}
kernel.program @f(
    %a: memref<?x64xf32, #scalar.sizes<B, 64>>, %b: memref<?x64xf32, #scalar.sizes<B, 64>>,
    %c: memref<16384x?xf32, #scalar.sizes<16384, S>>, %d: memref<16384x?xf32, #scalar.sizes<16384, S>>,
    %e: memref<16383x?xf32, #scalar.sizes<16383, "S + 2">>, %g: memref<16383x?xf32, #scalar.sizes<16383, "S + 2">>,
    %h: memref<?x64xf32, #scalar.sizes<"B * 1000", 64>>, %i: memref<?x64xf32, #scalar.sizes<"B * 1000", 64>>,
    %j: memref<8xf32>, %k: memref<8xf32>)
    attributes {kernel.symbols = [#scalar.symbol<B : 1 to 65536, hint 64>, #scalar.symbol<S : 8 to 64, hint 8, divisor 8>]} {
  kernel.launch @rows ins(%a : memref<?x64xf32, #scalar.sizes<B, 64>>) outs(%b : memref<?x64xf32, #scalar.sizes<B, 64>>)
  kernel.launch @columns ins(%c : memref<16384x?xf32, #scalar.sizes<16384, S>>) outs(%d : memref<16384x?xf32, #scalar.sizes<16384, S>>)
  kernel.launch @odd ins(%e : memref<16383x?xf32, #scalar.sizes<16383, "S + 2">>) outs(%g : memref<16383x?xf32, #scalar.sizes<16383, "S + 2">>)
  kernel.launch @great ins(%a : memref<?x64xf32, #scalar.sizes<B, 64>>) outs(%b : memref<?x64xf32, #scalar.sizes<B, 64>>)
  kernel.launch @great ins(%h : memref<?x64xf32, #scalar.sizes<"B * 1000", 64>>) outs(%i : memref<?x64xf32, #scalar.sizes<"B * 1000", 64>>)
  kernel.launch @told ins(%j : memref<8xf32>) outs(%k : memref<8xf32>) sizes #scalar.sizes<"B * 100000">
  kernel.return
}
}
