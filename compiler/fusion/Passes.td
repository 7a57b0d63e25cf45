//===- Passes.td - From graph to kernels ------------------- -*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_FUSION_PASSES
#define TENSORC_COMPILER_FUSION_PASSES

include "mlir/Pass/PassBase.td"

def FusePass : Pass<"tensorc-fuse", "::mlir::ModuleOp"> {
  let summary = "Turns graph functions into programs of fused kernels";
  let description = [{
    Each `func.func` of primitive `graph` ops becomes a `kernel.program`, each
    cluster of its ops a `kernel.func`. Elementwise ops, movements, row
    reductions and pooling run together where one iteration space serves them
    all; an elementwise chain that consumes a contraction is its epilogue.
    Identical kernels are one symbol. Every value that leaves a cluster gets a
    `kernel.alloc`; results are copied to the program's outputs and state, and
    memory planning removes these copies.

    Composite ops and gradient requests are errors: `tensorc-differentiate` and
    `tensorc-simplify` come first.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect",
    "::mlir::math::MathDialect", "::tensorc::graph::GraphDialect",
    "::tensorc::kernel::KernelDialect"
  ];
}

#endif // TENSORC_COMPILER_FUSION_PASSES
