//===- Backward.h - One walk from a result to what made it ------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_AUTODIFF_BACKWARD_H
#define TENSORC_COMPILER_AUTODIFF_BACKWARD_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/Value.h"

namespace tensorc::compiler {

/// Builds, at `builder`'s insertion point, the gradients of `root` with respect
/// to each of `wrt`, given the gradient `seed` of `root` (of its type). All
/// values are of the block of the insertion point and stand before it. A null
/// value among the results is a zero: no path leads there. Where an op has one
/// of `constants` as an operand, its rule gets that cut off from gradients.
/// Emits an error and fails where an op on a path has no gradient rule.
mlir::FailureOr<llvm::SmallVector<mlir::Value>>
buildBackward(mlir::OpBuilder &builder, mlir::Value root, mlir::Value seed,
              mlir::ValueRange wrt, mlir::ValueRange constants);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_AUTODIFF_BACKWARD_H
