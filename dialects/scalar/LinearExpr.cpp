//===- LinearExpr.cpp - Index expressions as numbers ----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/scalar/LinearExpr.h"

#include "dialects/scalar/Sizes.h"

#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;
using namespace tensorc::scalar;

FailureOr<LinearExpr> LinearExpr::of(AffineExpr expr, unsigned dims) {
  LinearExpr linear;
  linear.coefficients.assign(dims, 0);
  if (auto constant = dyn_cast<AffineConstantExpr>(expr)) {
    linear.offset = constant.getValue();
    return linear;
  }
  if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
    linear.coefficients[dim.getPosition()] = 1;
    return linear;
  }
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return failure();
  FailureOr<LinearExpr> left = of(binary.getLHS(), dims);
  FailureOr<LinearExpr> right = of(binary.getRHS(), dims);
  if (failed(left) || failed(right))
    return failure();
  if (expr.getKind() == AffineExprKind::Add) {
    linear.offset = left->offset + right->offset;
    for (unsigned dim = 0; dim < dims; ++dim)
      linear.coefficients[dim] =
          left->coefficients[dim] + right->coefficients[dim];
    return linear;
  }
  if (expr.getKind() != AffineExprKind::Mul)
    return failure();
  auto isConstant = [](const LinearExpr &side) {
    return llvm::all_of(side.coefficients, [](int64_t c) { return c == 0; });
  };
  if (isConstant(*left))
    std::swap(*left, *right);
  if (!isConstant(*right))
    return failure();
  linear.offset = left->offset * right->offset;
  for (unsigned dim = 0; dim < dims; ++dim)
    linear.coefficients[dim] = left->coefficients[dim] * right->offset;
  return linear;
}

AffineExpr LinearExpr::toExpr(MLIRContext *context) const {
  AffineExpr sum = getAffineConstantExpr(0, context);
  for (auto [dim, coefficient] : llvm::enumerate(coefficients))
    if (coefficient != 0)
      sum = sum + getAffineDimExpr(dim, context) * coefficient;
  return sum + offset;
}

std::optional<std::pair<int64_t, int64_t>>
LinearExpr::range(ArrayRef<int64_t> sizes) const {
  std::pair<int64_t, int64_t> range(offset, offset);
  for (auto [coefficient, size] : llvm::zip_equal(coefficients, sizes)) {
    if (coefficient == 0)
      continue;
    if (!isNumber(size))
      return std::nullopt;
    int64_t last = coefficient * (size - 1);
    (last < 0 ? range.first : range.second) += last;
  }
  return range;
}
