//===- Patterns.h - Canonicalization of graph ops -------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DIALECTS_GRAPH_PATTERNS_H
#define TENSORC_DIALECTS_GRAPH_PATTERNS_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/PatternMatch.h"

#include <optional>

namespace tensorc::graph {

/// The patterns of the dialect; those of single ops are folds.
void addGraphPatterns(mlir::RewritePatternSet &patterns);

/// The value that all elements of `tensor` have: that of a `full`, or of a
/// constant (as a double, if that holds it exactly).
std::optional<double> uniformValue(mlir::Value tensor);

/// Whether tensors of `type` are all of one shape, in one call: no size is `?`.
bool saysSizes(mlir::RankedTensorType type);

} // namespace tensorc::graph

#endif // TENSORC_DIALECTS_GRAPH_PATTERNS_H
