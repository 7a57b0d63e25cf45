//===- Reduction.cpp - Shape rules and decompositions of reductions -------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/ops/Rules.h"
#include "runtime/ops/Support.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"

#include <cmath>
#include <numeric>

namespace tensorc {

static TensorType reduced(const InferArgs &args) {
  const TensorType &self = args.operands[0];
  const Ints &dims = args.attributes.get<Ints>("dims");
  require_dims(dims, self.shape.size());
  return {self.dtype, reduced_shape(self.shape, dims,
                                    args.attributes.get<bool>("keepdim"))};
}

Types infer_sum(const InferArgs &args) { return {reduced(args)}; }
Types infer_prod(const InferArgs &args) { return {reduced(args)}; }

/// A maximum of nothing has no value.
static Types extremum(const InferArgs &args) {
  TensorType type = reduced(args);
  for (std::int64_t dim : args.attributes.get<Ints>("dims"))
    if (can_be(args.operands[0].shape[std::size_t(dim)], 0))
      expected("reduced dimensions that aren't empty",
               to_string(args.operands[0]));
  return {type};
}

Types infer_amax(const InferArgs &args) { return extremum(args); }
Types infer_amin(const InferArgs &args) { return extremum(args); }

/// Of all elements.
static Types whole_extremum(const InferArgs &args) {
  const TensorType &self = args.operands[0];
  for (SymInt size : self.shape)
    if (can_be(size, 0))
      expected("reduced dimensions that aren't empty", to_string(self));
  return {{self.dtype, {}}};
}

Types infer_max(const InferArgs &args) { return whole_extremum(args); }
Types infer_min(const InferArgs &args) { return whole_extremum(args); }

static Ints all_dims(const Tensor &self) {
  Ints dims(std::size_t(self.dim()));
  std::iota(dims.begin(), dims.end(), 0);
  return dims;
}

std::vector<Tensor> decompose_max(const DecomposeArgs &args) {
  const Tensor &self = args.operands[0];
  return {ops::amax(self, all_dims(self), false)};
}
std::vector<Tensor> decompose_min(const DecomposeArgs &args) {
  const Tensor &self = args.operands[0];
  return {ops::amin(self, all_dims(self), false)};
}

Types infer_any(const InferArgs &args) { return {reduced(args)}; }
Types infer_all(const InferArgs &args) { return {reduced(args)}; }

Types infer_argmax(const InferArgs &args) {
  const TensorType &self = args.operands[0];
  std::int64_t dim = args.attributes.get<std::int64_t>("dim");
  require_dim(dim, self.shape.size());
  if (can_be(self.shape[std::size_t(dim)], 0))
    expected("a reduced dimension that isn't empty", to_string(self));
  return {{kInt64, reduced_shape(self.shape, {dim},
                                 args.attributes.get<bool>("keepdim"))}};
}

Types infer_first_max(const InferArgs &args) {
  return {{kInt32, extremum(args)[0].shape}};
}

Types infer_first_max_backward(const InferArgs &args) {
  const TensorType &grad = args.operands[0], &self = args.operands[1];
  const Ints &dims = args.attributes.get<Ints>("dims");
  require_dims(dims, self.shape.size());
  for (std::int64_t dim : dims)
    if (can_be(self.shape[std::size_t(dim)], 0))
      expected("reduced dimensions that aren't empty", to_string(self));
  TensorType kept = {self.dtype, reduced_shape(self.shape, dims, false)};
  if (grad.dtype != kept.dtype || !compatible(grad.shape, kept.shape))
    expected("`grad_output` of type " + to_string(kept), to_string(grad));
  return {self};
}

Types infer_mean(const InferArgs &args) { return {reduced(args)}; }

std::vector<Tensor> decompose_mean(const DecomposeArgs &args) {
  const Tensor &self = args.operands[0];
  const Ints &dims = args.attributes.get<Ints>("dims");
  SymInt count = 1;
  for (std::int64_t dim : dims)
    count *= self.shape()[std::size_t(dim)];
  return {ops::sum(self, dims, args.attributes.get<bool>("keepdim")) / count};
}

Types infer_logsumexp(const InferArgs &args) { return {reduced(args)}; }

std::vector<Tensor> decompose_logsumexp(const DecomposeArgs &args) {
  const Tensor &self = args.operands[0];
  const Ints &dims = args.attributes.get<Ints>("dims");
  bool keepdim = args.attributes.get<bool>("keepdim");
  // Nothing has no maximum; the logarithm of its sum is -inf.
  for (std::int64_t dim : dims)
    if (self.shape()[std::size_t(dim)].is(0))
      return {log(ops::sum(exp(self), dims, keepdim))};
  Tensor maximum = ops::amax(self, dims, true);
  // An infinite maximum would make inf - inf.
  maximum = where(abs(maximum) == INFINITY, 0, maximum);
  Tensor result = log(ops::sum(exp(self - maximum), dims, true)) + maximum;
  if (keepdim)
    return {result};
  return {ops::reshape(result, reduced_shape(self.shape(), dims, false))};
}

} // namespace tensorc
