//===- Parts.h - A module in parts that compile side by side ----*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_CODEGEN_CPU_PARTS_H
#define TENSORC_COMPILER_CODEGEN_CPU_PARTS_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/SmallVector.h"

namespace tensorc::cpu {

/// Modules (LLVM dialect) that make up a module together. They hold its
/// functions, which return to it in the end. Depends on the module alone.
class ModuleParts {
public:
  explicit ModuleParts(mlir::ModuleOp module);
  ModuleParts(const ModuleParts &) = delete;
  ModuleParts &operator=(const ModuleParts &) = delete;
  ~ModuleParts();

  size_t size() const { return 1 + others.size(); }
  /// The first is the module itself, with all but what others took. Functions
  /// that refer to globals stay in it.
  mlir::ModuleOp operator[](size_t part) {
    return part == 0 ? module : *others[part - 1];
  }

private:
  mlir::ModuleOp module;
  llvm::SmallVector<mlir::OwningOpRef<mlir::ModuleOp>> others;
  /// What the module held, in order, and what it holds besides.
  llvm::SmallVector<mlir::Operation *> before, declarations;
};

/// The ELF objects (64 bits, little-endian) of a module's parts in one.
llvm::SmallVector<char, 0>
joinObjects(llvm::ArrayRef<llvm::SmallVector<char, 0>> parts);

} // namespace tensorc::cpu

#endif // TENSORC_COMPILER_CODEGEN_CPU_PARTS_H
