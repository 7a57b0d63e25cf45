//===- SizeCode.h - Code for sizes that a call says -------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_SUPPORT_SIZECODE_H
#define TENSORC_COMPILER_SUPPORT_SIZECODE_H

#include "tensorc/sym_expr.h"

#include "mlir/IR/Builders.h"

namespace tensorc::compiler {

/// Builds, in the LLVM dialect, what `size` is in a call: an i64. `symbol`
/// gives the value of one, which is in its range.
mlir::Value emitSize(mlir::OpBuilder &b, mlir::Location loc, SymInt size,
                     llvm::function_ref<mlir::Value(const Symbol &)> symbol);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_SUPPORT_SIZECODE_H
