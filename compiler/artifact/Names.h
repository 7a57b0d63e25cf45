//===- Names.h - Names of the header that can't be --------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_ARTIFACT_NAMES_H
#define TENSORC_COMPILER_ARTIFACT_NAMES_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringRef.h"

namespace tensorc::compiler {

/// Checks, before any work is done on them, that the functions of a `graph`
/// module, their inputs and outputs have names that the header can have, and
/// that no two become the same there. `prefix` is the model's name. An error is
/// at the function's line.
mlir::LogicalResult checkNames(mlir::ModuleOp module, llvm::StringRef prefix);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_ARTIFACT_NAMES_H
