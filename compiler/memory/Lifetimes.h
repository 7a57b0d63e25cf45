//===- Lifetimes.h - Who reads and writes what -----------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_MEMORY_LIFETIMES_H
#define TENSORC_COMPILER_MEMORY_LIFETIMES_H

#include "dialects/kernel/KernelDialect.h"

#include "llvm/ADT/MapVector.h"

namespace tensorc::compiler::memory {

/// The buffer whose bytes `buffer` is: behind every `kernel.reinterpret`.
mlir::Value baseOf(mlir::Value buffer);

/// The launches of `program`, in order.
llvm::SmallVector<kernel::LaunchOp> launchesOf(kernel::ProgramOp program);

/// The first and the last launch that touches a buffer, by number.
struct Lifetime {
  unsigned first;
  unsigned last;
  bool overlaps(const Lifetime &other) const {
    return first <= other.last && other.first <= last;
  }
};

/// Of each base buffer that a launch touches.
llvm::MapVector<mlir::Value, Lifetime>
lifetimesOf(llvm::ArrayRef<kernel::LaunchOp> launches);

/// True where `launch` may write output number `output` over its inputs in
/// `buffer`: a generic kernel that reads these nowhere but where it writes.
bool canWriteOver(kernel::LaunchOp launch, unsigned output, mlir::Value buffer,
                  mlir::SymbolTable &symbols);

/// True for a launch of a kernel that copies its input to its output.
bool isCopy(kernel::LaunchOp launch, mlir::SymbolTable &symbols);

/// True for a launch of a kernel that can fail.
bool canFail(kernel::LaunchOp launch, mlir::SymbolTable &symbols);

/// True for the program's arguments that outlive a call.
bool isState(mlir::Value buffer);

} // namespace tensorc::compiler::memory

#endif // TENSORC_COMPILER_MEMORY_LIFETIMES_H
