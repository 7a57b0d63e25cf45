//===- Parts.h - A module in parts that compile side by side ----*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_CODEGEN_CPU_PARTS_H
#define TENSORC_COMPILER_CODEGEN_CPU_PARTS_H

#include "compiler/target/Cpu.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/SmallVector.h"
#include <string>

namespace tensorc::cpu {

/// Modules (LLVM dialect) that make up `module` together: the first has all but
/// the functions that others took. Functions that refer to globals stay in it.
/// Depends on the module alone; empty where one part is enough.
llvm::SmallVector<mlir::OwningOpRef<mlir::ModuleOp>>
splitModule(mlir::ModuleOp module);

/// The assembly of parts in one text: local labels get names of their own.
std::string joinAssembly(llvm::ArrayRef<std::string> parts);

/// Assembles what LLVM prints for `architecture` to an ELF object; fails where
/// it isn't valid.
mlir::FailureOr<llvm::SmallVector<char, 0>>
assemble(llvm::StringRef text, const target::Architecture &architecture);

} // namespace tensorc::cpu

#endif // TENSORC_COMPILER_CODEGEN_CPU_PARTS_H
