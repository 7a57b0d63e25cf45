//===- Decomposition.h - Ops become what a rule makes of them ---*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_SUPPORT_DECOMPOSITION_H
#define TENSORC_COMPILER_SUPPORT_DECOMPOSITION_H

#include "tensorc/op.h"
#include "tensorc/tensor.h"

#include "mlir/IR/Operation.h"

namespace tensorc::compiler {

/// What the op table has of a `graph` op; null for others.
const OpInfo *infoOf(mlir::Operation *op);

/// Records before `op` what `rule` makes of its operands and attributes, with
/// its location. Fails, with a diagnostic, where the rule does, or yields other
/// types than the op.
llvm::FailureOr<llvm::SmallVector<mlir::Value>>
decomposed(mlir::Operation *op,
           llvm::function_ref<std::vector<Tensor>(const DecomposeArgs &)> rule);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_SUPPORT_DECOMPOSITION_H
