//===- MovementGradients.cpp - Gradients of ops that move elements --------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/ops/Rules.h"
#include "runtime/ops/Support.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"

namespace tensorc {

// What was repeated is summed.
std::vector<Tensor> gradient_broadcast_to(const GradientArgs &args) {
  const Tensor &grad = args.gradients[0];
  const Shape &from = args.operands[0].shape(), &to = grad.shape();
  std::size_t added = to.size() - from.size();
  Ints dims;
  for (std::size_t d = 0; d < to.size(); ++d)
    if (d < added || (from[d - added].is(1) && !to[d].is(1)))
      dims.push_back(std::int64_t(d));
  Tensor result = dims.empty() ? grad : ops::sum(grad, dims, false);
  return {result.shape().is(from) ? result : ops::reshape(result, from)};
}

std::vector<Tensor> gradient_reshape(const GradientArgs &args) {
  return {ops::reshape(args.gradients[0], args.operands[0].shape())};
}

std::vector<Tensor> gradient_permute(const GradientArgs &args) {
  const Ints &dims = args.attributes.get<Ints>("dims");
  Ints inverse(dims.size());
  for (std::size_t i = 0; i < dims.size(); ++i)
    inverse[dims[i]] = std::int64_t(i);
  return {ops::permute(args.gradients[0], inverse)};
}

std::vector<Tensor> gradient_flip(const GradientArgs &args) {
  return {ops::flip(args.gradients[0], args.attributes.get<Ints>("dims"))};
}

// Back to where it was, zeros elsewhere.
std::vector<Tensor> gradient_slice(const GradientArgs &args) {
  const Tensor &grad = args.gradients[0];
  const Shape &from = args.operands[0].shape();
  Shape starts = args.attributes.sizes("starts");
  const Ints &steps = args.attributes.get<Ints>("steps");
  Shape high(from.size());
  Ints interior(from.size());
  for (std::size_t d = 0; d < from.size(); ++d) {
    interior[d] = steps[d] - 1;
    high[d] = from[d] - starts[d] - extent_of(grad.shape()[d], steps[d]);
  }
  return {ops::pad(grad, starts, high, interior, 0)};
}

std::vector<Tensor> gradient_pad(const GradientArgs &args) {
  const Shape &from = args.operands[0].shape();
  const Ints &interior = args.attributes.get<Ints>("interior");
  std::size_t rank = from.size();
  Shape low = args.attributes.sizes("low");
  Shape high = args.attributes.sizes("high");
  Shape starts(rank, 0), ends(rank);
  Ints steps(rank);
  bool strided = false;
  for (std::size_t d = 0; d < rank; ++d) {
    low[d] = -low[d];
    high[d] = -high[d];
    steps[d] = interior[d] + 1;
    strided |= interior[d] != 0;
    ends[d] = extent_of(from[d], steps[d]);
    if (from[d].is_symbolic() && from[d].min() <= 0 && interior[d] != 0) {
      // Room behind the last element, so that whole steps are sliced: as many
      // as there are elements, which may be none.
      high[d] += interior[d];
      ends[d] = from[d] * steps[d];
    }
  }
  // Cuts off what was added, and puts zeros where something was cut off.
  Tensor result = ops::pad(args.gradients[0], low, high, Ints(rank, 0), 0);
  return {strided ? ops::slice(result, starts, ends, steps) : result};
}

std::vector<Tensor> gradient_cat(const GradientArgs &args) {
  const Tensor &grad = args.gradients[0];
  std::int64_t dim = args.attributes.get<std::int64_t>("dim");
  SymInt start;
  std::vector<Tensor> gradients;
  for (std::size_t i = 0; i < args.operands.size(); ++i) {
    SymInt size = args.operands[i].shape()[std::size_t(dim)];
    gradients.push_back(args.needed[i] ? grad.slice(dim, start, start + size)
                                       : Tensor());
    start += size;
  }
  return gradients;
}

std::vector<Tensor> gradient_unfold(const GradientArgs &args) {
  const Attributes &attributes = args.attributes;
  return {ops::unfold_backward(args.gradients[0], args.operands[0].shape(),
                               attributes.get<std::int64_t>("dim"),
                               attributes.get<std::int64_t>("size"),
                               attributes.get<std::int64_t>("step"))};
}

std::vector<Tensor> gradient_unfold_backward(const GradientArgs &args) {
  const Attributes &attributes = args.attributes;
  return {ops::unfold(args.gradients[0], attributes.get<std::int64_t>("dim"),
                      attributes.get<std::int64_t>("size"),
                      attributes.get<std::int64_t>("step"))};
}

} // namespace tensorc
