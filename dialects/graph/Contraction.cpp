//===- Contraction.cpp - The spaces of sums of products -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/GraphDialect.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::graph;

/// result[b…, m, n] = Σ_k self[b…, m, k] · other[b…, k, n].
FailureOr<IterationSpace> MatmulOp::getIterationSpace() {
  SpaceBuilder space(*this);
  ArrayRef<int64_t> shape = scalar::rawSizesOf(getResult().getType());
  SmallVector<AffineExpr> batch;
  for (int64_t size : shape.drop_back(2))
    batch.push_back(space.dim(size));
  AffineExpr m = space.dim(shape[shape.size() - 2]);
  AffineExpr n = space.dim(shape.back());
  AffineExpr k =
      space.dim(scalar::rawSizesOf(getSelf().getType()).back(), true);
  auto with = [&](AffineExpr row, AffineExpr column) {
    SmallVector<AffineExpr> exprs = batch;
    exprs.append({row, column});
    return exprs;
  };
  return space.finish(with(m, n), {with(m, k), with(k, n)});
}

namespace {

/// The words of `self,other->result`.
struct Words {
  explicit Words(EinsumOp op) {
    StringRef operands;
    std::tie(operands, result) = op.getEquation().split("->");
    std::tie(self, other) = operands.split(',');
  }
  StringRef self, other, result;
};

} // namespace

/// The result's dimensions, then those that are summed.
FailureOr<IterationSpace> EinsumOp::getIterationSpace() {
  SpaceBuilder space(*this);
  Words words(*this);
  llvm::SmallDenseMap<char, AffineExpr> dims;
  auto add = [&](StringRef word, Value tensor, bool summed) {
    for (auto [letter, size] : llvm::zip_equal(
             word, scalar::rawSizesOf(cast<ShapedType>(tensor.getType()))))
      if (!dims.contains(letter))
        dims[letter] = space.dim(size, summed);
  };
  auto mapOf = [&](StringRef word) {
    return llvm::map_to_vector(word, [&](char letter) { return dims[letter]; });
  };
  add(words.result, getResult(), /*summed=*/false);
  add(words.self, getSelf(), /*summed=*/true);
  SmallVector<AffineExpr> result = mapOf(words.result);
  return space.finish(result, {mapOf(words.self), mapOf(words.other)});
}

/// The factor with the result's last dimension is on the right.
std::pair<unsigned, unsigned> EinsumOp::getFactors() {
  Words words(*this);
  bool isFirst = !words.result.empty() &&
                 words.self.contains(words.result.back()) &&
                 !words.other.contains(words.result.back());
  return isFirst ? std::pair(1u, 0u) : std::pair(0u, 1u);
}
