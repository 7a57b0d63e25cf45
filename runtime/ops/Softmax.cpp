//===- Softmax.cpp - Softmax, one-hot: shape rules, decompositions --------===//
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

static Types along_dim(const InferArgs &args) {
  require_dim(args.attributes.get<std::int64_t>("dim"),
              args.operands[0].shape.size());
  return {args.operands[0]};
}

Types infer_softmax(const InferArgs &args) { return along_dim(args); }
Types infer_log_softmax(const InferArgs &args) { return along_dim(args); }

/// `self` less its maxima along `dim`, so that exp doesn't overflow; of
/// nothing, nothing.
static Tensor less_maximum(const Tensor &self, const Ints &dim) {
  return self.shape()[std::size_t(dim[0])].is(0)
             ? self
             : self - ops::amax(self, dim, true);
}

std::vector<Tensor> decompose_softmax(const DecomposeArgs &args) {
  Ints dim = {args.attributes.get<std::int64_t>("dim")};
  Tensor powers = exp(less_maximum(args.operands[0], dim));
  return {powers / ops::sum(powers, dim, true)};
}

std::vector<Tensor> decompose_log_softmax(const DecomposeArgs &args) {
  Ints dim = {args.attributes.get<std::int64_t>("dim")};
  Tensor shifted = less_maximum(args.operands[0], dim);
  return {shifted - log(ops::sum(exp(shifted), dim, true))};
}

Types infer_one_hot(const InferArgs &args) {
  const TensorType &self = args.operands[0];
  std::int64_t classes = args.attributes.get<std::int64_t>("num_classes");
  if (classes < 0)
    expected("`num_classes` to be at least 0", std::to_string(classes));
  Shape shape = self.shape;
  shape.push_back(classes);
  return {{args.attributes.get<DType>("dtype"), shape}};
}

std::vector<Tensor> decompose_one_hot(const DecomposeArgs &args) {
  const Tensor &self = args.operands[0];
  Shape shape = self.shape();
  std::int64_t dim = self.dim();
  shape.push_back(args.attributes.get<std::int64_t>("num_classes"));
  Tensor classes = ops::iota(dim, shape, self.dtype());
  return {
      to(classes == unsqueeze(self, dim), args.attributes.get<DType>("dtype"))};
}

} // namespace tensorc
