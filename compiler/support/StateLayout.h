//===- StateLayout.h - Where model state lives ------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_SUPPORT_STATELAYOUT_H
#define TENSORC_COMPILER_SUPPORT_STATELAYOUT_H

#include "tensorc/sym_int.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"

#include <string>

namespace tensorc::compiler {

/// One named tensor of the state region.
struct StateEntry {
  std::string name;
  std::string role; ///< `parameter`, `buffer` or `optimizer`
  mlir::MemRefType type;
  int64_t offset = 0; ///< bytes from the region's start
  int64_t bytes = 0;
  bool isAlias = false; ///< another name of a tensor before it
};

/// The state region that all programs of a module share: parameters, then
/// buffers, then optimizer state, each in the order of the module's
/// `graph.state_order` (names), else of first use; every tensor aligned to
/// `TENSORC_ALIGNMENT`. Behind them, at the same places, the other names of
/// those that have several: the module's `graph.state_aliases` (name by alias).
struct StateLayout {
  llvm::SmallVector<StateEntry, 0> entries;
  int64_t bytes = 0;

  void add(StateEntry entry);
  const StateEntry *find(llvm::StringRef name) const;

private:
  llvm::StringMap<size_t> numbers; ///< of the entries, by name
};

/// Computes the layout from the state arguments of the module's
/// `kernel.program`s. Two programs that disagree about a state tensor's type
/// are an error at the second one.
mlir::FailureOr<StateLayout> layoutState(mlir::ModuleOp module);

/// Bytes that the dense elements of `type` take in memory (`i1` takes one), at
/// most where sizes are symbols.
int64_t byteSize(mlir::ShapedType type);
/// The same in a call that says the symbols.
SymInt bytesOf(mlir::ShapedType type);
int64_t elementBytes(mlir::Type type);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_SUPPORT_STATELAYOUT_H
