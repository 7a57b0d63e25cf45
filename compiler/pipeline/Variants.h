//===- Variants.h - Code for several targets in one module ------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_PIPELINE_VARIANTS_H
#define TENSORC_COMPILER_PIPELINE_VARIANTS_H

#include "compiler/target/Variant.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Pass/PassManager.h"

namespace tensorc::compiler {

/// What code is for.
struct Target {
  /// Of one architecture, ascending.
  std::vector<const target::Cpu *> cpus = {target::findCpu("x86-64-v4")};
  std::string tune; ///< LLVM's name of the CPU to tune for, or ""
  std::vector<const target::Gpu *> gpus; ///< ascending
};

/// `native`, a CPU of the table, several of one architecture, or `fat` (those
/// of x86-64); `cuda:sm_80` and other GPUs, or `cuda` for the oldest; or a list
/// of them, with commas. An error names what is possible.
llvm::Expected<Target> parseTarget(llvm::StringRef name);

/// Replaces `module` (programs and kernels) by one that holds a copy of it for
/// each CPU and each GPU of `target`.
void makeVariants(mlir::OwningOpRef<mlir::ModuleOp> &module,
                  const Target &target);

/// Passes on the module of variants: memory, on GPUs also long reductions in
/// parts.
void buildPlanPipeline(mlir::OpPassManager &pm);
/// Kernels to scf, vector, memref, arith, gpu; f32 is multiplied on GPUs'
/// tensor cores where `tf32` says so.
void buildLoweringPipeline(mlir::OpPassManager &pm, bool tf32);

/// Each variant's code in the language of its target: kernels and programs of
/// CPUs in the LLVM dialect, kernels of GPUs as one binary.
void buildTranslationPipeline(mlir::OpPassManager &pm);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_PIPELINE_VARIANTS_H
