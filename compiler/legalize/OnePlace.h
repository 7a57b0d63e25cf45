//===- OnePlace.h - Elements whose place a symbol says ----------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LEGALIZE_ONEPLACE_H
#define TENSORC_COMPILER_LEGALIZE_ONEPLACE_H

#include "tensorc/op.h"

#include "mlir/IR/Operation.h"

namespace tensorc::compiler {

/// Kernels read and write where numbers say, and sizes. Of a slice that takes
/// one place of a dimension, or a pad that fills around one, at an index that
/// is a symbol (`x.select(1, S - 1)` and its gradient), this makes a pass over
/// the dimension that compares each index. Null for all else.
DecomposeRule onePlaceRule(mlir::Operation *op);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_LEGALIZE_ONEPLACE_H
