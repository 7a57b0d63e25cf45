//===- IndexMaps.cpp - Linear index maps ------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/IndexMaps.h"

#include "dialects/scalar/Sizes.h"

#include "mlir/IR/BuiltinTypes.h"

#include <numeric>

using namespace mlir;
using namespace tensorc::kernel;

SmallVector<int64_t> tensorc::kernel::loopSizes(ArrayRef<AffineMap> maps,
                                                TypeRange operands,
                                                ArrayRef<int64_t> dimSizes) {
  SmallVector<int64_t> sizes(maps.front().getNumDims(), ShapedType::kDynamic);
  for (auto [map, type] : llvm::zip_equal(maps, operands))
    for (auto [result, size] :
         llvm::zip_equal(map.getResults(), cast<ShapedType>(type).getShape()))
      if (auto dim = dyn_cast<AffineDimExpr>(result))
        if (!ShapedType::isDynamic(size))
          sizes[dim.getPosition()] = size;
  for (auto [dim, size] : llvm::enumerate(dimSizes))
    if (size >= 0 || ShapedType::isDynamic(size))
      sizes[dim] = size;
  return sizes;
}

AffineMap tensorc::kernel::canonicalMap(AffineMap map,
                                        ArrayRef<int64_t> sizes) {
  // Most maps are.
  if (llvm::all_of(map.getResults(), [&](AffineExpr result) {
        auto dim = dyn_cast<AffineDimExpr>(result);
        return dim ? sizes[dim.getPosition()] != 1
                   : isa<AffineConstantExpr>(result);
      }))
    return map;
  MLIRContext *context = map.getContext();
  SmallVector<AffineExpr> results;
  for (AffineExpr result : map.getResults()) {
    FailureOr<LinearExpr> linear = LinearExpr::of(result, map.getNumDims());
    if (failed(linear))
      return map;
    for (auto [dim, coefficient] : llvm::enumerate(linear->coefficients))
      if (sizes[dim] == 1)
        coefficient = 0;
    results.push_back(linear->toExpr(context));
  }
  return AffineMap::get(map.getNumDims(), 0, results, context);
}

bool tensorc::kernel::usesAnyDim(AffineMap map, ArrayRef<int64_t> dims) {
  return llvm::any_of(dims,
                      [&](int64_t dim) { return map.isFunctionOfDim(dim); });
}

/// Whether `expr`'s value tells the `open` dimensions in it apart, the others
/// being known.
static bool separates(const LinearExpr &expr, ArrayRef<int64_t> sizes,
                      ArrayRef<unsigned> open) {
  SmallVector<unsigned> digits(open);
  auto magnitude = [&](unsigned dim) {
    return std::abs(expr.coefficients[dim]);
  };
  llvm::sort(digits, [&](unsigned a, unsigned b) {
    return magnitude(a) < magnitude(b);
  });
  int64_t reach = 0; // of the lower digits
  for (unsigned dim : digits) {
    if (magnitude(dim) <= reach)
      return false;
    if (dim == digits.back())
      break;
    if (!tensorc::scalar::isNumber(sizes[dim]))
      return false;
    reach += magnitude(dim) * (sizes[dim] - 1);
  }
  return true;
}

bool tensorc::kernel::isInjective(AffineMap map, ArrayRef<int64_t> sizes,
                                  ArrayRef<unsigned> dims) {
  if (llvm::any_of(dims, [&](unsigned dim) { return sizes[dim] == 0; }))
    return true; // of no points
  SmallVector<bool> open(sizes.size(), false);
  for (unsigned dim : dims)
    open[dim] = sizes[dim] != 1;
  SmallVector<LinearExpr> results;
  for (AffineExpr result : map.getResults())
    results.push_back(*LinearExpr::of(result, sizes.size()));
  // A result that separates its dimensions makes them known to the others.
  for (bool progress = true; progress;) {
    progress = false;
    for (const LinearExpr &result : results) {
      SmallVector<unsigned> here;
      for (unsigned dim = 0; dim < sizes.size(); ++dim)
        if (open[dim] && result.coefficients[dim] != 0)
          here.push_back(dim);
      if (here.empty() || !separates(result, sizes, here))
        continue;
      for (unsigned dim : here)
        open[dim] = false;
      progress = true;
    }
  }
  return llvm::none_of(open, [](bool dim) { return dim; });
}
