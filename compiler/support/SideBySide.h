//===- SideBySide.h - Ops of a module, several at a time --------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_SUPPORT_SIDEBYSIDE_H
#define TENSORC_COMPILER_SUPPORT_SIDEBYSIDE_H

#include "mlir/IR/BuiltinOps.h"

namespace tensorc::compiler {

/// Has `transform` change `ops`, symbols of `module`, in modules that hold some
/// of them each, on as many threads as the context has. What has become of them
/// is in `module` in the end, in their order and where the first was; before
/// everything what `transform` adds, as declarations, once for each name. How
/// the ops are shared out depends on them alone.
mlir::LogicalResult transformSideBySide(
    mlir::ModuleOp module, llvm::ArrayRef<mlir::Operation *> ops,
    llvm::function_ref<mlir::LogicalResult(mlir::ModuleOp)> transform);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_SUPPORT_SIDEBYSIDE_H
