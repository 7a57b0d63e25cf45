//===- Levels.h - Code for several CPUs in one module -----------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_PIPELINE_LEVELS_H
#define TENSORC_COMPILER_PIPELINE_LEVELS_H

#include "compiler/support/StateLayout.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace tensorc::compiler {

/// Replaces `module` (programs and kernels) by one that holds a module for each
/// x86-64 level, with lowered kernels and every symbol suffixed (`f.v4`).
mlir::LogicalResult splitLevels(mlir::OwningOpRef<mlir::ModuleOp> &module,
                                llvm::ArrayRef<int> levels);

/// Converts the nested modules that `splitLevels` made to the LLVM dialect,
/// host code of the programs included, and moves all into `module`, as
/// functions that only the object itself sees.
mlir::LogicalResult mergeLevels(mlir::ModuleOp module, const StateLayout &state,
                                llvm::StringRef tune);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_PIPELINE_LEVELS_H
