//===- InPlace.h - Results where they belong -------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_MEMORY_INPLACE_H
#define TENSORC_COMPILER_MEMORY_INPLACE_H

#include "compiler/memory/Lifetimes.h"

namespace tensorc::compiler::memory {

/// Moves everything but launches to the program's start and joins chains of
/// `kernel.reinterpret`, so that the launches alone are its order.
void hoistBuffers(kernel::ProgramOp program);

/// Removes copies to the program's arguments: what is copied is computed there.
/// Reorders launches so that the old contents are read before, and everything
/// that can fail runs before state is written. Returns how many launches it
/// looked at.
uint64_t eliminateCopies(kernel::ProgramOp program, mlir::SymbolTable &symbols);

/// Lets launches write over inputs that nobody reads later.
void reuseInputs(kernel::ProgramOp program, mlir::SymbolTable &symbols);

} // namespace tensorc::compiler::memory

#endif // TENSORC_COMPILER_MEMORY_INPLACE_H
