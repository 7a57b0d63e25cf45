//===- MergeDims.cpp - Dimensions of a kernel.generic ---------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/common/MergeDims.h"
#include "dialects/kernel/IndexMaps.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::lowering;

DimKinds::DimKinds(kernel::GenericOp op) {
  unsigned count = op.getIndexingMapsArray().front().getNumDims();
  for (SmallVector<bool> *kind : {&reduced, &indexed})
    kind->assign(count, false);
  for (int64_t dim : op.getReductionDims())
    reduced[dim] = true;
  op.getBody().walk(
      [&](kernel::IndexOp index) { indexed[index.getDim()] = true; });
}

/// The factors of a product, sorted, and its constant.
using Factors = std::pair<int64_t, SmallVector<void *>>;

static void collect(OpFoldResult x, Factors &factors) {
  if (auto known = constantOf(x)) {
    factors.first *= *known;
    return;
  }
  Value value = cast<Value>(x);
  if (auto product = value.getDefiningOp<arith::MulIOp>()) {
    collect(product.getLhs(), factors);
    collect(product.getRhs(), factors);
    return;
  }
  factors.second.push_back(value.getAsOpaquePointer());
}

static Factors factorsOf(ArrayRef<OpFoldResult> xs) {
  Factors factors{1, {}};
  for (OpFoldResult x : xs)
    collect(x, factors);
  if (factors.first == 0)
    factors.second.clear();
  llvm::sort(factors.second);
  return factors;
}

/// Whether `outer` continues where `inner` ends, in every operand.
static bool continues(Emission &e, unsigned outer, unsigned inner) {
  return llvm::all_of(e.operands, [&](const LinearAccess &access) {
    return factorsOf({access.strides[outer]}) ==
           factorsOf({access.strides[inner], e.sizes[inner]});
  });
}

static bool mergeOne(Emission &e, const DimKinds &dims) {
  for (unsigned outer = 0; outer < e.sizes.size(); ++outer) {
    if (isConstant(e.sizes[outer], 1) || dims.indexed[outer])
      continue;
    for (unsigned inner = 0; inner < e.sizes.size(); ++inner) {
      if (inner == outer || isConstant(e.sizes[inner], 1) ||
          dims.indexed[inner] || dims.reduced[outer] != dims.reduced[inner] ||
          !continues(e, outer, inner))
        continue;
      e.sizes[inner] = e.mul(e.sizes[outer], e.sizes[inner]);
      e.sizes[outer] = e.attr(1);
      return true;
    }
  }
  return false;
}

void lowering::mergeDims(Emission &e, const DimKinds &dims) {
  while (mergeOne(e, dims))
    ;
}
