//===- Variant.h - The module of one target ---------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From planning on, a module holds one nested module for each target, a
// variant, with all programs and kernels. `kernel.target` says for what it is;
// passes ask that, and leave variants of other kinds alone.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_TARGET_VARIANT_H
#define TENSORC_COMPILER_TARGET_VARIANT_H

#include "compiler/target/Cpu.h"
#include "compiler/target/Gpu.h"

#include "mlir/IR/BuiltinOps.h"

namespace tensorc::target {

/// `"x86-64-v4"`, `"cuda:sm_80"`.
inline constexpr llvm::StringLiteral targetAttribute = "kernel.target";
inline constexpr llvm::StringLiteral gpuPrefix = "cuda:";

/// The CPU or GPU that `module` is a variant for; null where it is for
/// something else, or for nothing in particular.
const Cpu *cpuOf(mlir::ModuleOp module);
const Gpu *gpuOf(mlir::ModuleOp module);

/// Whether `module` says for what it is.
inline bool isVariant(mlir::ModuleOp module) {
  return module->hasAttr(targetAttribute);
}

} // namespace tensorc::target

#endif // TENSORC_COMPILER_TARGET_VARIANT_H
