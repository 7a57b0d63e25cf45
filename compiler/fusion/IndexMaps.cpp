//===- IndexMaps.cpp - How values are indexed -----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/fusion/IndexMaps.h"

#include "dialects/graph/GraphDialect.h"
#include "dialects/scalar/Sizes.h"

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace tensorc::compiler::fusion {

ArrayRef<int64_t> shapeOf(Value value) {
  return scalar::rawSizesOf(cast<ShapedType>(value.getType()));
}

/// The product as an expression; none where a size is unknown.
static std::optional<SymInt> product(ArrayRef<int64_t> sizes) {
  SymInt result = 1;
  for (int64_t size : sizes) {
    if (ShapedType::isDynamic(size))
      return std::nullopt;
    result *= size;
  }
  return result;
}

std::optional<int64_t> expectedProduct(ArrayRef<int64_t> sizes) {
  std::optional<SymInt> result = product(sizes);
  return result ? std::optional(result->hint()) : std::nullopt;
}

bool isIndexing(Operation *op) { return isa<graph::IndexingOpInterface>(op); }

ElementsAttr constantOf(Operation *op) {
  ElementsAttr value;
  return matchPattern(op, m_Constant(&value)) ? value : ElementsAttr();
}

TypedAttr splatOf(Operation *op) {
  ElementsAttr value = constantOf(op);
  return value && value.isSplat()
             ? cast<TypedAttr>(value.getSplatValue<Attribute>())
             : TypedAttr();
}

bool isCreation(Operation *op) {
  return op->getNumOperands() == 0 &&
         (isa<graph::StructuredOpInterface>(op) || splatOf(op));
}

Access resolve(Access access, ArrayRef<int64_t> sizes) {
  while (Operation *op = access.value.getDefiningOp()) {
    auto indexing = dyn_cast<graph::IndexingOpInterface>(op);
    if (!indexing)
      break;
    FailureOr<AffineMap> map = indexing.getOperandMap(access.map, sizes);
    if (failed(map))
      break;
    access = {op->getOperand(0), *map};
  }
  return access;
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
  std::optional<SymInt> elements = product(shape);
  if (elements && elements->is(0))
    return Coverage::Full;
  if (!kernel::isInjective(canonical, sizes, used))
    return Coverage::None;
  // Products that are equal for some sizes only count as different.
  if (auto points = product(usedSizes); elements && points)
    return elements->is(*points) ? Coverage::Full : Coverage::Partial;
  // Unknown sizes: an element for each point where every result is one
  // dimension of its own.
  for (auto [result, size] : llvm::zip_equal(canonical.getResults(), shape))
    if (!isa<AffineDimExpr>(result) &&
        !(size == 1 && isa<AffineConstantExpr>(result)))
      return Coverage::Partial;
  return Coverage::Full;
}

} // namespace tensorc::compiler::fusion
