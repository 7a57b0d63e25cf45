// RUN: tensorc-opt %s --tensorc-fuse=excess-precision --tensorc-split-reductions="workers=64 work=4" | FileCheck %s
// RUN: tensorc-opt %s --tensorc-fuse --tensorc-split-reductions="workers=64 work=4" | FileCheck %s --check-prefix=EXACT

// Kernels are marked, the parts of a split one too.
// CHECK-COUNT-2: kernel.func {{.*}} attributes {kernel.excess_precision}
// CHECK: kernel.program
// EXACT: kernel.func
// EXACT-NOT: kernel.excess_precision
func.func @f(%x: tensor<4096xf16>) -> tensor<f16> {
  %0 = graph.mul %x, %x : (tensor<4096xf16>, tensor<4096xf16>) -> tensor<4096xf16>
  %1 = graph.amax %0 {dims = array<i64: 0>, keepdim = false} : (tensor<4096xf16>) -> tensor<f16>
  return %1 : tensor<f16>
}
