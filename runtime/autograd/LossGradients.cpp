//===- LossGradients.cpp - Gradients of softmax and losses ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/ops/Losses.h"
#include "runtime/ops/Rules.h"
#include "runtime/ops/Support.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"

namespace tensorc {

std::vector<Tensor> gradient_softmax(const GradientArgs &args) {
  Ints dim = {args.attributes.get<std::int64_t>("dim")};
  const Tensor &result = args.results[0];
  Tensor weighted = args.gradients[0] * result;
  return {weighted - result * ops::sum(weighted, dim, true)};
}

std::vector<Tensor> gradient_log_softmax(const GradientArgs &args) {
  Ints dim = {args.attributes.get<std::int64_t>("dim")};
  const Tensor &grad = args.gradients[0];
  return {grad - exp(args.results[0]) * ops::sum(grad, dim, true)};
}

std::vector<Tensor> gradient_mse_loss(const GradientArgs &args) {
  const Tensor &input = args.operands[0];
  Tensor factor = args.gradients[0] * 2;
  if (args.attributes.get<std::string>("reduction") == "mean")
    factor = factor / input.numel();
  Tensor gradient = (input - args.operands[1]) * factor;
  return {args.needed[0] ? gradient : Tensor(),
          args.needed[1] ? -gradient : Tensor()};
}

std::vector<Tensor> gradient_nll_loss(const GradientArgs &args) {
  const Tensor &log_probs = args.operands[0];
  const Attributes &attributes = args.attributes;
  Targets targets("nll_loss", args.operands[1], log_probs.size(1),
                  attributes.get<std::int64_t>("ignore_index"));
  Tensor each = spread_gradient(args.gradients[0], targets,
                                attributes.get<std::string>("reduction"));
  return {where(targets.hit, -each, 0), {}};
}

/// (softmax(input) − distribution of the targets) · gradient of each row's
/// loss. Doesn't lose digits where a probability is near 0 or 1.
std::vector<Tensor> gradient_cross_entropy(const GradientArgs &args) {
  const Tensor &input = args.operands[0];
  const Attributes &attributes = args.attributes;
  double smoothing = attributes.get<double>("label_smoothing");
  double elsewhere = smoothing / double(std::int64_t(input.size(1)));
  Targets targets("cross_entropy", args.operands[1], input.size(1),
                  attributes.get<std::int64_t>("ignore_index"));
  Tensor each = spread_gradient(args.gradients[0], targets,
                                attributes.get<std::string>("reduction"));
  Tensor target =
      where(targets.hit, full({}, 1 - smoothing + elsewhere, input.dtype()),
            elsewhere);
  return {(ops::softmax(input, 1) - target) * each, {}};
}

} // namespace tensorc
