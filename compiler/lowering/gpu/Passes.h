//===- Passes.h - Lowering kernels to GPU code ------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LOWERING_GPU_PASSES_H
#define TENSORC_COMPILER_LOWERING_GPU_PASSES_H

#include "compiler/lowering/gpu/Target.h"
#include "dialects/kernel/KernelDialect.h"
#include "mlir/Pass/Pass.h"

namespace tensorc::simt {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/lowering/gpu/Passes.h.inc"

/// The pass for a GPU.
std::unique_ptr<mlir::Pass> createLowerGpuPass(const TargetInfo &target);

} // namespace tensorc::simt

#endif // TENSORC_COMPILER_LOWERING_GPU_PASSES_H
