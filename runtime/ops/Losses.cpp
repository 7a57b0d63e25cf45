//===- Losses.cpp - Losses: shape rules, decompositions -------------------===//
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

//===----------------------------------------------------------------------===//
// Shared parts
//===----------------------------------------------------------------------===//

Targets::Targets(const char *function, const Tensor &target,
                 std::int64_t classes, std::int64_t ignore_index) {
  Tensor checked = ops::check_index(target, classes, ignore_index, function);
  counted = checked != ignore_index;
  Shape shape = {target.shape()[0], classes};
  hit = ops::iota(1, shape, target.dtype()) == unsqueeze(checked, 1);
}

Tensor Targets::count(DType dtype) const {
  return ops::sum(to(counted, dtype), {0}, false);
}

Tensor reduce_losses(const Tensor &losses, const Targets &targets,
                     const std::string &reduction) {
  Tensor kept = where(targets.counted, losses, 0);
  if (reduction == "none")
    return kept;
  Tensor total = ops::sum(kept, {0}, false);
  // All ignored: 0 / 0, as in PyTorch.
  return reduction == "sum" ? total : total / targets.count(losses.dtype());
}

Tensor spread_gradient(const Tensor &gradient, const Targets &targets,
                       const std::string &reduction) {
  Tensor each = gradient;
  if (reduction == "mean")
    each = gradient / targets.count(gradient.dtype());
  return unsqueeze(where(targets.counted, each, 0), 1);
}

static TensorType reduced_loss(const TensorType &losses,
                               const std::string &reduction) {
  require_reduction(reduction);
  return reduction == "none" ? losses : TensorType{losses.dtype, {}};
}

/// Scores [N, C] and classes [N].
static Types classification_loss(const InferArgs &args) {
  const TensorType &scores = args.operands[0], &target = args.operands[1];
  require_rank(scores, 2, "input");
  if (target.shape.size() != 1 || !compatible(target.shape[0], scores.shape[0]))
    expected("targets of shape " + to_string(Shape{scores.shape[0]}) +
                 " for input " + to_string(scores),
             to_string(target));
  return {reduced_loss({scores.dtype, {scores.shape[0]}},
                       args.attributes.get<std::string>("reduction"))};
}

//===----------------------------------------------------------------------===//
// Mean squared error
//===----------------------------------------------------------------------===//

Types infer_mse_loss(const InferArgs &args) {
  const TensorType &input = args.operands[0], &target = args.operands[1];
  if (input.dtype != target.dtype || !compatible(input.shape, target.shape))
    expected("operands of the same type",
             to_string(input) + " and " + to_string(target));
  return {reduced_loss({input.dtype, merge(input.shape, target.shape)},
                       args.attributes.get<std::string>("reduction"))};
}

std::vector<Tensor> decompose_mse_loss(const DecomposeArgs &args) {
  const auto &reduction = args.attributes.get<std::string>("reduction");
  Tensor losses = square(args.operands[0] - args.operands[1]);
  if (reduction == "none")
    return {losses};
  return {reduction == "sum" ? sum(losses) : mean(losses)};
}

//===----------------------------------------------------------------------===//
// Negative log-likelihood and cross-entropy
//===----------------------------------------------------------------------===//

Types infer_nll_loss(const InferArgs &args) {
  return classification_loss(args);
}

std::vector<Tensor> decompose_nll_loss(const DecomposeArgs &args) {
  const Tensor &log_probs = args.operands[0];
  Targets targets("nll_loss", args.operands[1], log_probs.size(1),
                  args.attributes.get<std::int64_t>("ignore_index"));
  Tensor losses = -ops::sum(where(targets.hit, log_probs, 0), {1}, false);
  return {reduce_losses(losses, targets,
                        args.attributes.get<std::string>("reduction"))};
}

Types infer_cross_entropy(const InferArgs &args) {
  double smoothing = args.attributes.get<double>("label_smoothing");
  if (!(smoothing >= 0 && smoothing <= 1))
    expected("`label_smoothing` in [0, 1]", std::to_string(smoothing));
  return classification_loss(args);
}

std::vector<Tensor> decompose_cross_entropy(const DecomposeArgs &args) {
  const Tensor &input = args.operands[0];
  double smoothing = args.attributes.get<double>("label_smoothing");
  std::int64_t classes = input.size(1);
  Targets targets("cross_entropy", args.operands[1], classes,
                  args.attributes.get<std::int64_t>("ignore_index"));
  Tensor log_probs = ops::log_softmax(input, 1);
  Tensor losses = -ops::sum(where(targets.hit, log_probs, 0), {1}, false);
  if (smoothing != 0)
    losses = losses * (1 - smoothing) -
             ops::sum(log_probs, {1}, false) * (smoothing / double(classes));
  return {reduce_losses(losses, targets,
                        args.attributes.get<std::string>("reduction"))};
}

} // namespace tensorc
