// RUN: tensorc %s --target=cuda:sm_80 --emit=ptx -o - | FileCheck %s
// RUN: tensorc %s --target=cuda:sm_80 --emit=ptx --excess-precision -o - | FileCheck %s --check-prefix=EXCESS

// A product of halves is rounded before the sum takes it, as between kernels;
// of bf16, which has no products there, it is a sum with -0.
// CHECK-LABEL: .entry
// CHECK-NOT: fma.rn.f16
// CHECK: mul.rn.f16
// CHECK-NEXT: add.rn.f16
// EXCESS-LABEL: .entry
// EXCESS: fma
func.func @f16(%x: tensor<64xf16>, %y: tensor<64xf16>, %z: tensor<64xf16>) -> tensor<64xf16> {
  %0 = graph.mul %x, %y : (tensor<64xf16>, tensor<64xf16>) -> tensor<64xf16>
  %1 = graph.add %0, %z : (tensor<64xf16>, tensor<64xf16>) -> tensor<64xf16>
  return %1 : tensor<64xf16>
}

// CHECK-LABEL: .entry
// CHECK: fma.rn.bf16 [[PRODUCT:%rs[0-9]+]],
// CHECK: fma.rn.bf16 %rs{{[0-9]+}}, [[PRODUCT]],
func.func @bf16(%x: tensor<64xbf16>, %y: tensor<64xbf16>, %z: tensor<64xbf16>) -> tensor<64xbf16> {
  %0 = graph.mul %x, %y : (tensor<64xbf16>, tensor<64xbf16>) -> tensor<64xbf16>
  %1 = graph.add %0, %z : (tensor<64xbf16>, tensor<64xbf16>) -> tensor<64xbf16>
  return %1 : tensor<64xbf16>
}
