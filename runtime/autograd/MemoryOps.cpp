//===- MemoryOps.cpp - Ops of eager mode alone ----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/autograd/MemoryOps.h"
#include "tensorc/executor.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"

#include <algorithm>

namespace tensorc {

using Ints = std::vector<std::int64_t>;

static Tensor perform(const OpInfo &info, std::vector<Tensor> operands,
                      const Attributes &attributes) {
  return Executor::current().execute(
      {info, operands, attributes, Location::current()})[0];
}

static std::vector<TensorType> infer_as_strided(const InferArgs &args) {
  return {{args.operands[0].dtype, args.attributes.get<Ints>("shape")}};
}

static std::vector<TensorType> infer_as_strided_scatter(const InferArgs &args) {
  return {args.operands[0]};
}

/// A dimension to go through one index after the other, so that no element of a
/// view of this shape is two of the base in the end: the shortest of those that
/// run into each other. None where there are no such elements.
static std::optional<std::size_t> shared_dim(const Shape &shape,
                                             const Ints &strides) {
  std::vector<std::size_t> dims;
  for (std::size_t d = 0; d < shape.size(); ++d)
    if (shape[d] > 1)
      dims.push_back(d);
  std::sort(dims.begin(), dims.end(), [&](std::size_t a, std::size_t b) {
    return strides[a] < strides[b];
  });
  std::int64_t extent = 1;
  std::optional<std::size_t> shortest;
  for (std::size_t d : dims) {
    if (!shortest || shape[d] < shape[*shortest])
      shortest = d;
    if (strides[d] < extent)
      return shortest;
    extent += (shape[d] - 1) * strides[d];
  }
  return std::nullopt;
}

/// Of an expanded dimension the gradient is summed; the rest goes back to where
/// it came from, on top of each other where windows share elements, zeros
/// elsewhere.
static Tensor scattered(Tensor grad, const Shape &base, Attributes attributes) {
  const Ints &strides = attributes.get<Ints>("strides");
  Ints expanded;
  for (std::size_t d = 0; d < strides.size(); ++d)
    if (strides[d] == 0 && grad.shape()[d] > 1)
      expanded.push_back(std::int64_t(d));
  if (!expanded.empty())
    grad = ops::sum(grad, expanded, true);
  if (std::optional<std::size_t> dim = shared_dim(grad.shape(), strides)) {
    Tensor sum;
    std::int64_t offset = attributes.get<std::int64_t>("offset");
    for (std::int64_t i = 0; i < grad.shape()[*dim]; ++i) {
      attributes.set("offset", offset + i * strides[*dim]);
      Tensor part =
          scattered(grad.narrow(std::int64_t(*dim), i, 1), base, attributes);
      sum = sum.defined() ? ops::add(sum, part) : part;
    }
    return sum;
  }
  attributes.set("shape", grad.shape());
  Tensor nothing = zeros(base, grad.dtype());
  return perform(as_strided_scatter(), {nothing, grad}, attributes);
}

static std::vector<Tensor> gradient_as_strided(const GradientArgs &args) {
  return {
      scattered(args.gradients[0], args.operands[0].shape(), args.attributes)};
}

static std::vector<Tensor>
gradient_as_strided_scatter(const GradientArgs &args) {
  const Tensor &grad = args.gradients[0];
  std::vector<Tensor> gradients(2);
  if (args.needed[0])
    gradients[0] = perform(
        as_strided_scatter(),
        {grad, zeros(args.operands[1].shape(), grad.dtype())}, args.attributes);
  if (args.needed[1])
    gradients[1] = perform(as_strided(), {grad}, args.attributes);
  return gradients;
}

// `strides` and `offset` are those of the view, in the memory of a base that
// lies as `layout` says; `shape` is the view's.
static constexpr std::string_view attribute_names[] = {"shape", "strides",
                                                       "offset", "layout"},
                                  result_names[] = {"result"};

const OpInfo &as_strided() {
  static constexpr std::string_view operands[] = {"self"};
  static constexpr OpInfo info = {"as_strided",
                                  OpKind::Movement,
                                  operands,
                                  {},
                                  false,
                                  attribute_names,
                                  result_names,
                                  infer_as_strided,
                                  gradient_as_strided,
                                  nullptr};
  return info;
}

const OpInfo &as_strided_scatter() {
  static constexpr std::string_view operands[] = {"self", "source"};
  static constexpr OpInfo info = {"as_strided_scatter",
                                  OpKind::Movement,
                                  operands,
                                  {},
                                  false,
                                  attribute_names,
                                  result_names,
                                  infer_as_strided_scatter,
                                  gradient_as_strided_scatter,
                                  nullptr};
  return info;
}

static std::vector<TensorType> infer_to_copy(const InferArgs &args) {
  return {args.operands[0]};
}

static std::vector<Tensor> gradient_to_copy(const GradientArgs &args) {
  return {args.gradients[0].to(args.operands[0].device())};
}

const OpInfo &to_copy() {
  static constexpr std::string_view operands[] = {"self"},
                                    attributes[] = {"device"};
  static constexpr OpInfo info = {"to_copy",
                                  OpKind::Movement,
                                  operands,
                                  {},
                                  false,
                                  attributes,
                                  result_names,
                                  infer_to_copy,
                                  gradient_to_copy,
                                  nullptr};
  return info;
}

} // namespace tensorc
