// RUN: not tensorc-opt %s --tensorc-lower-cpu 2>&1 | FileCheck %s

// CHECK: [[@LINE+2]]:3: error: 'kernel.contract' op has an accumulator of type 'i1', expected an integer or floating-point type
kernel.func @k(%a: memref<4x5xi1>, %b: memref<5x6xi1>, %c: memref<4x6xi1>) {
  kernel.contract ins(%a, %b : memref<4x5xi1>, memref<5x6xi1>)
      outs(%c : memref<4x6xi1>)
      attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>,
                                   affine_map<(m, n, k) -> (k, n)>,
                                   affine_map<(m, n, k) -> (m, n)>]} {
  ^bb0(%acc: i1):
    kernel.yield %acc : i1
  }
  kernel.return
}
