//===- Passes.h - Lowered GPU kernels to the LLVM dialect -------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_CODEGEN_PTX_PASSES_H
#define TENSORC_COMPILER_CODEGEN_PTX_PASSES_H

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Pass/Pass.h"

namespace tensorc::ptx {

/// Registers the pipeline `tensorc-to-nvvm`.
void registerNVVMPipeline();

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/codegen/ptx/Passes.h.inc"

} // namespace tensorc::ptx

#endif // TENSORC_COMPILER_CODEGEN_PTX_PASSES_H
