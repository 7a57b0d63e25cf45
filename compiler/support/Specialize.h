//===- Specialize.h - Numbers for symbols ----------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_SUPPORT_SPECIALIZE_H
#define TENSORC_COMPILER_SUPPORT_SPECIALIZE_H

#include "tensorc/sym_int.h"

#include "mlir/IR/BuiltinOps.h"

#include <map>
#include <optional>
#include <string>

namespace tensorc::compiler {

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

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_SUPPORT_SPECIALIZE_H
