//===- LinearExpr.h - Index expressions as numbers --------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DIALECTS_SCALAR_LINEAREXPR_H
#define TENSORC_DIALECTS_SCALAR_LINEAREXPR_H

#include "mlir/IR/AffineExpr.h"

#include <optional>

namespace tensorc::scalar {

/// offset + Σ coefficients[d] * d.
struct LinearExpr {
  int64_t offset = 0;
  llvm::SmallVector<int64_t> coefficients; ///< one for each dimension

  /// `expr` as a linear expression over `dims` dimensions; fails on symbols,
  /// division, modulo and products of dimensions.
  static llvm::FailureOr<LinearExpr> of(mlir::AffineExpr expr, unsigned dims);

  mlir::AffineExpr toExpr(mlir::MLIRContext *context) const;

  /// The least and greatest value over 0 ≤ d < sizes[d], sizes being at least
  /// 1; none where a size that matters is dynamic.
  std::optional<std::pair<int64_t, int64_t>>
  range(llvm::ArrayRef<int64_t> sizes) const;
};

} // namespace tensorc::scalar

#endif // TENSORC_DIALECTS_SCALAR_LINEAREXPR_H
