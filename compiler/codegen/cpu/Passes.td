//===- Passes.td - Lowered kernels to the LLVM dialect ---------*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_CODEGEN_CPU_PASSES
#define TENSORC_COMPILER_CODEGEN_CPU_PASSES

include "mlir/Pass/PassBase.td"

def VectorMathPass : Pass<"tensorc-vector-math", "::mlir::func::FuncOp"> {
  let summary = "Turns transcendental functions into vector arithmetic";
  let description = [{
    Functions of f32 that the `graph` dialect has become arithmetic (see
    `compiler/codegen/math`), so that no lane calls libm. Others call it lane by
    lane: all functions of f64, `arith.remf`.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect"];
}

def CpuToLLVMPass : Pass<"tensorc-cpu-to-llvm", "::mlir::ModuleOp"> {
  let summary = "Converts lowered kernels to the LLVM dialect";
  let description = [{
    Converts the module's `func.func`s and everything in them; other ops stay.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect",
                           "::mlir::cf::ControlFlowDialect"];
}

#endif // TENSORC_COMPILER_CODEGEN_CPU_PASSES
