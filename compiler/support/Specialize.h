//===- Specialize.h - Numbers for symbols ----------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_SUPPORT_SPECIALIZE_H
#define TENSORC_COMPILER_SUPPORT_SPECIALIZE_H

#include "tensorc/sym_expr.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tensorc::kernel {
class LaunchOp;
}

namespace tensorc::compiler {

/// What a call of `function` has to say: the symbols of its inputs, in their
/// order, then those that are named inside alone, by name.
std::vector<Symbol> symbolsOf(mlir::func::FuncOp function);

/// What a size may be: `1 to 256`, `a multiple of 8, 8 to 64`.
std::string rangeText(const Symbol &symbol);

/// Sizes by the names of the symbols that stand for them.
using SymbolValues = std::map<std::string, int64_t, std::less<>>;

/// Reads `B=3,S=5`; nothing where that is something else.
std::optional<SymbolValues> parseSymbolValues(llvm::StringRef text);

/// `size` where symbols that have a value are that; others stay.
SymInt specialized(SymInt size, const SymbolValues &values);

/// Puts numbers for symbols in all types and attributes of a module, of its
/// functions, programs and lists of symbols. Ops stay: a fold that the numbers
/// allow isn't done. An error where a value is none of its symbol, or where the
/// module has no such symbol.
llvm::LogicalResult specialize(mlir::ModuleOp module,
                               const SymbolValues &values);

/// Adds to a module of graph functions a copy of each that has all symbols of
/// one of `wanted`, with these sizes. It is called `<function>.B64`, and says
/// whose calls it serves (`specializesName`) and when
/// (`specializedSizesName`). An error where no function has the symbols.
llvm::LogicalResult addSpecialized(mlir::ModuleOp module,
                                   llvm::ArrayRef<SymbolValues> wanted);

/// The sizes that a launch tells its kernel, as `SymInt::raw` has them: those
/// of its buffers that are none of the kernel's types, then its own.
std::vector<int64_t> toldSizes(kernel::LaunchOp launch);

/// On a function or program: the name of the general one, and a dictionary of
/// numbers by the names of symbols.
inline constexpr llvm::StringLiteral specializesName = "kernel.specializes";
inline constexpr llvm::StringLiteral specializedSizesName =
    "kernel.specialized_sizes";

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_SUPPORT_SPECIALIZE_H
