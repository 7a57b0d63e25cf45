//===- ReductionGradients.cpp - Gradients of reductions -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/ops/Rules.h"
#include "runtime/ops/Support.h"
#include "runtime/ops/Windows.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"

#include <algorithm>
#include <cmath>

namespace tensorc {

/// A result of the reduction in the shape of what it reduced.
static Tensor spread(const Tensor &result, const GradientArgs &args) {
  const Shape &from = args.operands[0].shape();
  Shape kept = reduced_shape(from, args.attributes.get<Ints>("dims"), true);
  Tensor aligned =
      result.shape().is(kept) ? result : ops::reshape(result, kept);
  return broadcast_to(aligned, from);
}

std::vector<Tensor> gradient_sum(const GradientArgs &args) {
  return {spread(args.gradients[0], args)};
}

std::vector<Tensor> gradient_mean(const GradientArgs &args) {
  SymInt count = 1;
  for (std::int64_t dim : args.attributes.get<Ints>("dims"))
    count *= args.operands[0].shape()[std::size_t(dim)];
  return {spread(args.gradients[0] / count, args)};
}

/// Split evenly among the elements that equal the result.
static Tensor split_among_equal(const GradientArgs &args) {
  const Tensor &self = args.operands[0];
  const Ints &dims = args.attributes.get<Ints>("dims");
  Tensor chosen = self == spread(args.results[0], args);
  Tensor count = ops::sum(to(chosen, self.dtype()), dims, true);
  // A NaN equals nothing: all gradients are 0 / 0, as in PyTorch.
  return where(chosen, spread(args.gradients[0], args), 0) /
         broadcast_to(count, self.shape());
}

std::vector<Tensor> gradient_amax(const GradientArgs &args) {
  return {split_among_equal(args)};
}
std::vector<Tensor> gradient_amin(const GradientArgs &args) {
  return {split_among_equal(args)};
}

/// Split evenly among the elements that equal the result, or are NaN, which
/// they are only where the result is.
static Tensor split_among_chosen(const GradientArgs &args) {
  const Tensor &self = args.operands[0];
  Tensor result = broadcast_to(args.results[0], self.shape());
  Tensor chosen = logical_or(self == result, isnan(self));
  Tensor share = args.gradients[0] / sum(to(chosen, self.dtype()));
  return where(chosen, broadcast_to(share, self.shape()), 0);
}

std::vector<Tensor> gradient_max(const GradientArgs &args) {
  return {split_among_chosen(args)};
}
std::vector<Tensor> gradient_min(const GradientArgs &args) {
  return {split_among_chosen(args)};
}

std::vector<Tensor> gradient_logsumexp(const GradientArgs &args) {
  const Tensor &result = args.results[0];
  return {spread(args.gradients[0], args) *
          exp(args.operands[0] - spread(result, args))};
}

/// For each element of [rows, n] the product of the others in its row, times
/// `grad` [rows, 1]. By a tree of products, so that zeros are exact, also when
/// differentiated again.
static Tensor times_others(const Tensor &self, const Tensor &grad) {
  SymInt rows = self.size(0);
  std::int64_t n = self.size(1);
  if (n <= 1)
    return broadcast_to(grad, {rows, n});
  bool odd = n % 2;
  Tensor even = odd ? ops::pad(self, {0, 0}, {0, 1}, {0, 0}, 1) : self;
  std::int64_t half = (n + odd) / 2;
  Tensor left = even.slice(1, 0, {}, 2), right = even.slice(1, 1, {}, 2);
  Tensor above = times_others(left * right, grad);
  Tensor pairs = stack({above * right, above * left}, 2);
  Tensor result = ops::reshape(pairs, {rows, 2 * half});
  return odd ? result.slice(1, 0, n) : result;
}

std::vector<Tensor> gradient_prod(const GradientArgs &args) {
  const Tensor &self = args.operands[0];
  const Shape &shape = self.shape();
  const Ints &dims = args.attributes.get<Ints>("dims");
  if (count_of(shape).is(0))
    return {spread(args.gradients[0], args)};
  // Reduced dimensions last, as one.
  Ints order;
  Shape moved;
  SymInt rows = 1, n = 1;
  for (std::size_t d = 0; d < shape.size(); ++d)
    if (std::find(dims.begin(), dims.end(), std::int64_t(d)) == dims.end())
      order.push_back(std::int64_t(d)), rows *= self.size(std::int64_t(d));
  for (std::int64_t d : dims)
    order.push_back(d), n *= self.size(d);
  for (std::int64_t d : order)
    moved.push_back(shape[std::size_t(d)]);
  Ints inverse(order.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    inverse[order[i]] = std::int64_t(i);
  Tensor matrix = ops::reshape(ops::permute(self, order), {rows, n});
  Tensor grad = ops::reshape(args.gradients[0], {rows, 1});
  Tensor result = ops::reshape(times_others(matrix, grad), moved);
  return {ops::permute(result, inverse)};
}

/// Linear in `grad_output`: from `grad`, what is at the first maxima.
std::vector<Tensor> gradient_first_max_backward(const GradientArgs &args) {
  if (!args.needed[0])
    return {{}, {}};
  const Tensor &self = args.operands[1], &grad = args.gradients[0];
  const Ints &dims = args.attributes.get<Ints>("dims");
  return {at_places(ops::first_max(self, dims, false), grad, dims), {}};
}

} // namespace tensorc
