//===- Passes.td - Programs to host code ----------------------*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LOWERING_HOST_PASSES
#define TENSORC_COMPILER_LOWERING_HOST_PASSES

include "mlir/Pass/PassBase.td"

def LowerProgramPass : Pass<"tensorc-lower-program", "::mlir::ModuleOp"> {
  let summary = "Turns each kernel.program into host code that launches kernels";
  let description = [{
    For a module whose memory is planned and whose kernels are `llvm.func`s. A
    program becomes

        i32 program(ptr state, ptr workspace, ptr inputs…, ptr outputs…)

    A kernel of one task is called directly, one of more through
    `tensorc_rt_launch`; after a kernel that can fail, its status is looked at.
    Variants that aren't for a CPU are left alone.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // TENSORC_COMPILER_LOWERING_HOST_PASSES
