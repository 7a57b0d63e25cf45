//===- VerifyPlan.h - Is a plan sound? -------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_MEMORY_VERIFYPLAN_H
#define TENSORC_COMPILER_MEMORY_VERIFYPLAN_H

#include "dialects/kernel/KernelDialect.h"

namespace tensorc::compiler::memory {

/// Checks a planned program, emitting an error where
/// - a `kernel.alloc` is left,
/// - two views of the arena overlap, in bytes and in time,
/// - a view is read before anything is written to it,
/// - a launch that can fail writes state, or comes after one that does.
llvm::LogicalResult verifyPlan(kernel::ProgramOp program,
                               mlir::SymbolTable &symbols);

} // namespace tensorc::compiler::memory

#endif // TENSORC_COMPILER_MEMORY_VERIFYPLAN_H
