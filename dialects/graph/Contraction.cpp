//===- Contraction.cpp - The spaces of sums of products -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/GraphDialect.h"

using namespace mlir;
using namespace tensorc::graph;

/// result[b…, m, n] = Σ_k self[b…, m, k] · other[b…, k, n].
FailureOr<IterationSpace> MatmulOp::getIterationSpace() {
  SpaceBuilder space(*this);
  ArrayRef<int64_t> shape = getResult().getType().getShape();
  SmallVector<AffineExpr> batch;
  for (int64_t size : shape.drop_back(2))
    batch.push_back(space.dim(size));
  AffineExpr m = space.dim(shape[shape.size() - 2]);
  AffineExpr n = space.dim(shape.back());
  AffineExpr k = space.dim(getSelf().getType().getShape().back(), true);
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
             word, cast<RankedTensorType>(tensor.getType()).getShape()))
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

namespace {

/// The dimensions of a convolution without padding, or of the gradient of its
/// weight, which sums over others:
///
///     output[n, o, y, x] ~ input[n, c, y·stride + ky·dilation, …] ·
///                          weight[o, c, ky, kx]
///
/// With groups, o and c are group·count + rest.
class Convolution {
public:
  template <typename OpT>
  Convolution(OpT op, Value output, Value weight)
      : space(op), output(shapeOf(output)), weight(shapeOf(weight)),
        stride(op.getStride()), dilation(op.getDilation()),
        groups(op.getGroups()) {
    // Only dense images have an index map; a group's channels are its strides.
    isLinear =
        llvm::all_of(op.getPadding(), [](int64_t n) { return n == 0; }) &&
        (groups == 1 ||
         !ShapedType::isDynamicShape(this->weight.take_front(2)));
  }

  void addImages(bool summed) { n = space.dim(output[0], summed); }
  void addOutputs() {
    g = groups == 1 ? space.constant(0) : space.dim(groups);
    outputs = groups == 1 ? weight[0] : weight[0] / groups;
    o = space.dim(outputs);
  }
  void addPlaces(bool summed) {
    y = space.dim(output[2], summed);
    x = space.dim(output[3], summed);
  }
  void addWeights(bool summed) {
    c = space.dim(weight[1], summed);
    ky = space.dim(weight[2], summed);
    kx = space.dim(weight[3], summed);
  }

  SmallVector<AffineExpr> ofOutput() { return {n, channel(), y, x}; }
  SmallVector<AffineExpr> ofWeight() { return {channel(), c, ky, kx}; }
  SmallVector<AffineExpr> ofInput() {
    return {n, groups == 1 ? c : g * weight[1] + c,
            y * stride[0] + ky * dilation[0], x * stride[1] + kx * dilation[1]};
  }

  SpaceBuilder space;
  bool isLinear;

private:
  static ArrayRef<int64_t> shapeOf(Value value) {
    return cast<RankedTensorType>(value.getType()).getShape();
  }
  AffineExpr channel() { return groups == 1 ? o : g * outputs + o; }

  ArrayRef<int64_t> output, weight, stride, dilation;
  int64_t groups, outputs = 0;
  AffineExpr n, g, o, y, x, c, ky, kx;
};

} // namespace

FailureOr<IterationSpace> Conv2dOp::getIterationSpace() {
  Convolution conv(*this, getResult(), getWeight());
  if (!conv.isLinear)
    return failure();
  conv.addImages(/*summed=*/false);
  conv.addOutputs();
  conv.addPlaces(/*summed=*/false);
  conv.addWeights(/*summed=*/true);
  return conv.space.finish(conv.ofOutput(), {conv.ofInput(), conv.ofWeight()});
}

/// The image is on the right, so that its rows are along the vectors.
std::pair<unsigned, unsigned> Conv2dOp::getFactors() { return {1, 0}; }

FailureOr<IterationSpace> Conv2dBackwardWeightOp::getIterationSpace() {
  Convolution conv(*this, getGradOutput(), getResult());
  if (!conv.isLinear)
    return failure();
  conv.addOutputs();
  conv.addWeights(/*summed=*/false);
  conv.addImages(/*summed=*/true);
  conv.addPlaces(/*summed=*/true);
  return conv.space.finish(conv.ofWeight(), {conv.ofOutput(), conv.ofInput()});
}
