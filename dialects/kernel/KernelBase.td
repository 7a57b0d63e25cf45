//===- KernelBase.td - The kernel dialect ----------------- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_KERNEL_BASE
#define TENSORC_KERNEL_BASE

include "dialects/scalar/ScalarBase.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Kernel_Dialect : Dialect {
  let name = "kernel";
  let cppNamespace = "::tensorc::kernel";
  let summary = "What runs together: fused kernels, buffers, launches";
  let dependentDialects = ["::tensorc::scalar::ScalarDialect"];
}

class Kernel_Op<string mnemonic, list<Trait> traits = []>
    : Op<Kernel_Dialect, mnemonic, traits>;

def Kernel_Buffer : StridedMemRefRankOf<
    [I1, UI<8>, I8, I16, I32, I64, F16, BF16, F32, F64],
    [0, 1, 2, 3, 4, 5, 6, 7, 8]>;
def Kernel_Scalar : AnyTypeOf<[AnySignlessInteger, UI<8>, AnyFloat, Index]>;

#endif // TENSORC_KERNEL_BASE
