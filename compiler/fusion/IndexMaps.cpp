//===- IndexMaps.cpp - How values are indexed -----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/fusion/IndexMaps.h"

#include "dialects/graph/GraphDialect.h"
#include "dialects/kernel/IndexMaps.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using tensorc::kernel::LinearExpr;

namespace tensorc::compiler::fusion {

ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

ArrayRef<int64_t> intsOf(Operation *op, StringRef name) {
  return op->getAttrOfType<DenseI64ArrayAttr>(name).asArrayRef();
}

int64_t intOf(Operation *op, StringRef name) {
  return op->getAttrOfType<IntegerAttr>(name).getInt();
}

std::optional<int64_t> product(ArrayRef<int64_t> sizes) {
  int64_t result = 1;
  for (int64_t size : sizes) {
    if (ShapedType::isDynamic(size))
      return std::nullopt;
    result *= size;
  }
  return result;
}

bool isIndexing(Operation *op) {
  return isa<graph::BroadcastToOp, graph::PermuteOp, graph::SliceOp,
             graph::FlipOp, graph::ReshapeOp>(op);
}

static AffineExpr toExpr(const LinearExpr &linear, MLIRContext *context) {
  AffineExpr sum = getAffineConstantExpr(0, context);
  for (auto [dim, coefficient] : llvm::enumerate(linear.coefficients))
    if (coefficient != 0)
      sum = sum + getAffineDimExpr(dim, context) * coefficient;
  return sum + linear.offset;
}

/// Splits `index`, a position in `shape` laid out densely, into one index for
/// each of `shape`'s dimensions; fails where that isn't linear.
static LogicalResult delinearize(LinearExpr index, ArrayRef<int64_t> shape,
                                 ArrayRef<int64_t> sizes, MLIRContext *context,
                                 SmallVectorImpl<AffineExpr> &results) {
  SmallVector<AffineExpr> reversed;
  for (int64_t size : llvm::reverse(shape.drop_front())) {
    LinearExpr low;
    low.coefficients.assign(index.coefficients.size(), 0);
    low.offset = ((index.offset % size) + size) % size;
    index.offset = (index.offset - low.offset) / size;
    for (auto [quotient, rest] :
         llvm::zip_equal(index.coefficients, low.coefficients)) {
      if (quotient % size == 0) {
        quotient /= size;
      } else {
        rest = quotient;
        quotient = 0;
      }
    }
    auto range = low.range(sizes);
    if (!range || range->first < 0 || range->second >= size)
      return failure();
    reversed.push_back(toExpr(low, context));
  }
  results.push_back(toExpr(index, context));
  llvm::append_range(results, llvm::reverse(reversed));
  return success();
}

/// The operand's index expressions of a reshape from shape `from` to shape `to`
/// read at `map`. Dimensions of equal size that stand at equal positions of the
/// dense layout go through as they are; between these, groups of equal numbers
/// of elements are linearized and split again. An unknown size is equal to
/// another where neither shape has more of them.
static FailureOr<SmallVector<AffineExpr>>
reshapeExprs(ArrayRef<int64_t> from, ArrayRef<int64_t> to, AffineMap map,
             ArrayRef<int64_t> sizes) {
  MLIRContext *context = map.getContext();
  AffineExpr zero = getAffineConstantExpr(0, context);
  SmallVector<AffineExpr> results;
  if (llvm::count_if(from, ShapedType::isDynamic) > 1 ||
      llvm::count_if(to, ShapedType::isDynamic) > 1)
    return failure();
  size_t i = 0, j = 0;
  while (i < from.size() || j < to.size()) {
    if (i < from.size() && from[i] == 1) {
      results.push_back(zero);
      ++i;
      continue;
    }
    if (j < to.size() && to[j] == 1) {
      ++j;
      continue;
    }
    if (i == from.size() || j == to.size())
      return failure();
    if (from[i] == to[j]) {
      results.push_back(map.getResult(j));
      ++i, ++j;
      continue;
    }
    size_t fromBegin = i, toBegin = j;
    if (ShapedType::isDynamic(from[i]) || ShapedType::isDynamic(to[j]))
      return failure();
    int64_t fromCount = from[i++], toCount = to[j++];
    while (fromCount != toCount) {
      bool takeFrom = fromCount < toCount;
      if (takeFrom ? i == from.size() : j == to.size())
        return failure();
      int64_t next = takeFrom ? from[i++] : to[j++];
      if (ShapedType::isDynamic(next))
        return failure();
      (takeFrom ? fromCount : toCount) *= next;
    }
    AffineExpr linear = zero;
    for (size_t k = toBegin; k < j; ++k)
      linear = linear * to[k] + map.getResult(k);
    FailureOr<LinearExpr> index = LinearExpr::of(linear, sizes.size());
    if (failed(index) ||
        failed(delinearize(std::move(*index),
                           from.slice(fromBegin, i - fromBegin), sizes, context,
                           results)))
      return failure();
  }
  return results;
}

FailureOr<AffineMap> operandMap(Operation *op, AffineMap map,
                                ArrayRef<int64_t> sizes) {
  MLIRContext *context = map.getContext();
  ArrayRef<int64_t> from = shapeOf(op->getOperand(0));
  ArrayRef<int64_t> to = shapeOf(op->getResult(0));
  SmallVector<AffineExpr> exprs(from.size());
  LogicalResult known =
      llvm::TypeSwitch<Operation *, LogicalResult>(op)
          .Case([&](graph::BroadcastToOp) {
            size_t lead = to.size() - from.size();
            for (auto [dim, expr] : llvm::enumerate(exprs))
              expr = from[dim] == 1 ? getAffineConstantExpr(0, context)
                                    : map.getResult(dim + lead);
            return success();
          })
          .Case([&](graph::PermuteOp) {
            for (auto [dim, source] : llvm::enumerate(intsOf(op, "dims")))
              exprs[source] = map.getResult(dim);
            return success();
          })
          .Case([&](graph::SliceOp) {
            ArrayRef<int64_t> starts = intsOf(op, "starts");
            ArrayRef<int64_t> steps = intsOf(op, "steps");
            for (auto [dim, expr] : llvm::enumerate(exprs))
              expr = map.getResult(dim) * steps[dim] + starts[dim];
            return success();
          })
          .Case([&](graph::FlipOp) {
            llvm::copy(map.getResults(), exprs.begin());
            for (int64_t dim : intsOf(op, "dims")) {
              if (ShapedType::isDynamic(from[dim]))
                return failure();
              exprs[dim] = exprs[dim] * -1 + (from[dim] - 1);
            }
            return success();
          })
          .Case([&](graph::ReshapeOp) {
            auto reshaped = reshapeExprs(from, to, map, sizes);
            if (failed(reshaped))
              return failure();
            exprs = std::move(*reshaped);
            return success();
          })
          .Default([](Operation *) { return failure(); });
  if (failed(known))
    return failure();
  return AffineMap::get(map.getNumDims(), 0, exprs, context);
}

Access resolve(Access access, ArrayRef<int64_t> sizes) {
  while (Operation *op = access.value.getDefiningOp()) {
    if (!isIndexing(op))
      break;
    FailureOr<AffineMap> map = operandMap(op, access.map, sizes);
    if (failed(map))
      break;
    access = {op->getOperand(0), *map};
  }
  return access;
}

AffineMap canonicalMap(AffineMap map, ArrayRef<int64_t> sizes) {
  MLIRContext *context = map.getContext();
  SmallVector<AffineExpr> results;
  for (AffineExpr result : map.getResults()) {
    FailureOr<LinearExpr> linear = LinearExpr::of(result, map.getNumDims());
    if (failed(linear))
      return map;
    for (auto [dim, coefficient] : llvm::enumerate(linear->coefficients))
      if (sizes[dim] == 1)
        coefficient = 0;
    results.push_back(toExpr(*linear, context));
  }
  return AffineMap::get(map.getNumDims(), 0, results, context);
}

Coverage coverage(AffineMap map, ArrayRef<int64_t> sizes,
                  ArrayRef<bool> reduced, ArrayRef<int64_t> shape) {
  AffineMap canonical = canonicalMap(map, sizes);
  SmallVector<unsigned> used;
  SmallVector<int64_t> usedSizes;
  std::optional<bool> usesReduced;
  for (unsigned dim = 0; dim < sizes.size(); ++dim) {
    if (sizes[dim] == 1)
      continue;
    bool isUsed = canonical.isFunctionOfDim(dim);
    if (reduced[dim] ? usesReduced.value_or(isUsed) != isUsed : !isUsed)
      return Coverage::None;
    if (reduced[dim])
      usesReduced = isUsed;
    if (!isUsed)
      continue;
    used.push_back(dim);
    usedSizes.push_back(sizes[dim]);
  }
  std::optional<int64_t> elements = product(shape);
  if (elements == 0)
    return Coverage::Full;
  if (!kernel::isInjective(canonical, sizes, used))
    return Coverage::None;
  if (elements && product(usedSizes))
    return *elements == *product(usedSizes) ? Coverage::Full
                                            : Coverage::Partial;
  // Dynamic sizes: an element for each point where every result is one
  // dimension of its own.
  for (auto [result, size] : llvm::zip_equal(canonical.getResults(), shape))
    if (!isa<AffineDimExpr>(result) &&
        !(size == 1 && isa<AffineConstantExpr>(result)))
      return Coverage::Partial;
  return Coverage::Full;
}

} // namespace tensorc::compiler::fusion
