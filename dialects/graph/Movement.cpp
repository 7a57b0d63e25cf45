//===- Movement.cpp - Where ops that move elements read and write ---------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/GraphDialect.h"
#include "dialects/scalar/Elements.h"
#include "dialects/scalar/LinearExpr.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::graph;
using tensorc::scalar::LinearExpr;

static ArrayRef<int64_t> shapeOf(Value value) {
  return scalar::rawSizesOf(cast<ShapedType>(value.getType()));
}

//===----------------------------------------------------------------------===//
// The operand at other indices
//===----------------------------------------------------------------------===//

/// The map to `results` from the dimensions of `map`.
static AffineMap withResults(AffineMap map, ArrayRef<AffineExpr> results) {
  return AffineMap::get(map.getNumDims(), 0, results, map.getContext());
}

FailureOr<AffineMap> BroadcastToOp::getOperandMap(AffineMap map,
                                                  ArrayRef<int64_t>) {
  ArrayRef<int64_t> from = shapeOf(getSelf());
  size_t lead = map.getNumResults() - from.size();
  SmallVector<AffineExpr> exprs;
  for (auto [dim, size] : llvm::enumerate(from))
    exprs.push_back(size == 1 ? getAffineConstantExpr(0, getContext())
                              : map.getResult(dim + lead));
  return withResults(map, exprs);
}

FailureOr<AffineMap> PermuteOp::getOperandMap(AffineMap map,
                                              ArrayRef<int64_t>) {
  SmallVector<AffineExpr> exprs(map.getNumResults());
  for (auto [dim, source] : llvm::enumerate(getDims()))
    exprs[source] = map.getResult(dim);
  return withResults(map, exprs);
}

FailureOr<AffineMap> SliceOp::getOperandMap(AffineMap map, ArrayRef<int64_t>) {
  SmallVector<AffineExpr> exprs;
  for (auto [expr, start, step] :
       llvm::zip_equal(map.getResults(), getStarts(), getSteps())) {
    if (start.is_symbolic())
      return failure();
    exprs.push_back(expr * step + start.raw());
  }
  return withResults(map, exprs);
}

FailureOr<AffineMap> FlipOp::getOperandMap(AffineMap map, ArrayRef<int64_t>) {
  SmallVector<AffineExpr> exprs(map.getResults());
  for (int64_t dim : getDims()) {
    int64_t size = shapeOf(getSelf())[dim];
    if (!scalar::isNumber(size))
      return failure();
    exprs[dim] = exprs[dim] * -1 + (size - 1);
  }
  return withResults(map, exprs);
}

/// The last dimension's index is the place in the window of `dim`'s.
FailureOr<AffineMap> UnfoldOp::getOperandMap(AffineMap map, ArrayRef<int64_t>) {
  SmallVector<AffineExpr> exprs(map.getResults());
  AffineExpr place = exprs.pop_back_val();
  exprs[getDim()] = exprs[getDim()] * getStep() + place;
  return withResults(map, exprs);
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
    reversed.push_back(low.toExpr(context));
  }
  results.push_back(index.toExpr(context));
  llvm::append_range(results, llvm::reverse(reversed));
  return success();
}

/// Dimensions of equal size that stand at equal positions of the dense layout
/// go through as they are; between these, groups of equal numbers of elements
/// are linearized and split again, by numbers. An unknown size is equal to
/// another where neither shape has more of them. `map` goes to the dimensions
/// of `to`, the result to those of `from`.
static FailureOr<AffineMap> reshapedMap(AffineMap map, ArrayRef<int64_t> from,
                                        ArrayRef<int64_t> to,
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
    SymInt fromCount = from[i++], toCount = to[j++];
    while (!fromCount.is(toCount)) {
      bool takeFrom = known_at_most(fromCount, toCount);
      if (takeFrom ? i == from.size()
                   : j == to.size() || !known_at_most(toCount, fromCount))
        return failure();
      int64_t next = takeFrom ? from[i++] : to[j++];
      if (ShapedType::isDynamic(next))
        return failure();
      (takeFrom ? fromCount : toCount) *= next;
    }
    // Only a group's first size may be a symbol: others are factors.
    auto isNumber = [](int64_t size) { return scalar::isNumber(size); };
    if (!llvm::all_of(from.slice(fromBegin + 1, i - fromBegin - 1), isNumber) ||
        !llvm::all_of(to.slice(toBegin + 1, j - toBegin - 1), isNumber))
      return failure();
    AffineExpr linear = zero;
    for (size_t k = toBegin; k < j; ++k)
      linear =
          k == toBegin ? map.getResult(k) : linear * to[k] + map.getResult(k);
    FailureOr<LinearExpr> index = LinearExpr::of(linear, sizes.size());
    if (failed(index) ||
        failed(delinearize(std::move(*index),
                           from.slice(fromBegin, i - fromBegin), sizes, context,
                           results)))
      return failure();
  }
  return withResults(map, results);
}

FailureOr<AffineMap> ReshapeOp::getOperandMap(AffineMap map,
                                              ArrayRef<int64_t> sizes) {
  return reshapedMap(map, shapeOf(getSelf()), shapeOf(getResult()), sizes);
}

FailureOr<AffineMap> ReshapeOp::getResultMap(AffineMap map,
                                             ArrayRef<int64_t> sizes) {
  return reshapedMap(map, shapeOf(getResult()), shapeOf(getSelf()), sizes);
}

bool ReshapeOp::keepsOrder() { return true; }

//===----------------------------------------------------------------------===//
// Operands at their places in the result
//===----------------------------------------------------------------------===//

FailureOr<AffineMap> PadOp::getPlace(unsigned) {
  SmallVector<AffineExpr> exprs;
  for (auto [dim, low, interior] : llvm::enumerate(getLow(), getInterior())) {
    if (low.is_symbolic())
      return failure();
    exprs.push_back(getAffineDimExpr(dim, getContext()) * (interior + 1) +
                    low.raw());
  }
  return AffineMap::get(exprs.size(), 0, exprs, getContext());
}

TypedAttr PadOp::getFill() {
  return scalar::elementAttr(getElementTypeOrSelf(getResult()),
                             getValue().convertToDouble());
}

bool PadOp::keepsAll() {
  auto isNegative = [](SymInt size) { return size.min() < 0; };
  return llvm::none_of(getLow(), isNegative) &&
         llvm::none_of(getHigh(), isNegative);
}

/// What windows share has no place of its own.
FailureOr<AffineMap> UnfoldBackwardOp::getPlace(unsigned) {
  if (getStep() < getSize())
    return failure();
  size_t rank = getResult().getType().getRank();
  AffineMap whole = AffineMap::getMultiDimIdentityMap(rank + 1, getContext());
  SmallVector<AffineExpr> exprs(whole.getResults());
  AffineExpr place = exprs.pop_back_val();
  exprs[getDim()] = exprs[getDim()] * getStep() + place;
  return withResults(whole, exprs);
}

TypedAttr UnfoldBackwardOp::getFill() {
  return scalar::elementAttr(getElementTypeOrSelf(getResult()), 0);
}

FailureOr<AffineMap> CatOp::getPlace(unsigned operand) {
  int64_t dim = getDim(), offset = 0;
  for (Value before : getTensors().take_front(operand)) {
    int64_t size = shapeOf(before)[dim];
    if (!scalar::isNumber(size))
      return emitOpError("has operands of dynamic size in dimension ")
             << dim << " before the last, expected static sizes";
    offset += size;
  }
  size_t rank = getResult().getType().getRank();
  auto exprs = llvm::to_vector(
      AffineMap::getMultiDimIdentityMap(rank, getContext()).getResults());
  exprs[dim] = exprs[dim] + offset;
  return AffineMap::get(rank, 0, exprs, getContext());
}
