//===- Passes.td - Between the phases ------------------------*- tablegen -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_PIPELINE_PASSES
#define TENSORC_COMPILER_PIPELINE_PASSES

include "mlir/Pass/PassBase.td"

def MergeVariantsPass : Pass<"tensorc-merge-variants", "::mlir::ModuleOp"> {
  let summary = "Makes one module of the variants for CPUs";
  let description = [{
    Moves the functions and globals of all variants for CPUs (in the LLVM dialect)
    into the module that holds these, as functions that only the object itself
    sees. Their symbols get the suffix of their CPU (`infer.v4`), and their
    functions its name and features for LLVM. Other variants stay.
  }];
  let options = [
    Option<"tune", "tune", "std::string", "\"\"",
           "LLVM's name of the CPU to tune for; empty: none in particular">
  ];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // TENSORC_COMPILER_PIPELINE_PASSES
