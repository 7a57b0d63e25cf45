//===- Functional.cpp - Layers and losses as functions --------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/nn/functional.h"
#include "runtime/core/Operands.h"
#include "tensorc/ops.h"

#include <cstdio>

namespace tensorc::nn::functional {

/// Adds the batch dimension that one image lacks, and takes it away again.
template <typename F>
static Tensor batched(const char *op, const Tensor &input, Location location,
                      F &&body) {
  if (!input.defined())
    expected(op, "a tensor", "an undefined one", location);
  if (input.dim() != 3)
    return body(input);
  return squeeze(body(unsqueeze(input, 0, location)), 0, location);
}

Tensor conv2d(const Tensor &input, const Tensor &weight, const Tensor &bias,
              const Conv2dOptions &options, Location location) {
  FunctionScope scope("conv2d", location);
  return batched("conv2d", input, location, [&](const Tensor &images) {
    Tensor result = ops::conv2d(images, weight, options.stride.list(),
                                options.padding.list(), options.dilation.list(),
                                options.groups, location);
    if (!bias.defined())
      return result;
    if (bias.shape() != Shape{weight.size(0)})
      expected("conv2d", "bias of shape " + to_string(Shape{weight.size(0)}),
               to_string(bias.shape()), location);
    return result + reshape(bias, {1, -1, 1, 1}, location);
  });
}

Tensor linear(const Tensor &input, const Tensor &weight, const Tensor &bias,
              Location location) {
  FunctionScope scope("linear", location);
  if (!input.defined())
    expected("linear", "a tensor", "an undefined one", location);
  bool good = weight.dim() == 2 && input.dim() > 0 &&
              (input.shape().back() == weight.shape()[1] ||
               input.shape().back() == kDynamic);
  if (!good)
    expected("linear",
             "input of shape […, " +
                 (weight.dim() == 2 ? std::to_string(weight.size(1)) : "I") +
                 "] for weight " + to_string(weight.type()),
             to_string(input.type()), location);
  Tensor result = matmul(input, weight.t(location), location);
  return bias.defined() ? result + bias : result;
}

Tensor max_pool2d(const Tensor &input, IntPair kernel_size,
                  const MaxPool2dOptions &options, Location location) {
  FunctionScope scope("max_pool2d", location);
  return batched("max_pool2d", input, location, [&](const Tensor &images) {
    return ops::max_pool2d(images, kernel_size.list(),
                           options.stride.value_or(kernel_size).list(),
                           options.padding.list(), options.dilation.list(),
                           options.ceil_mode, location);
  });
}

Tensor avg_pool2d(const Tensor &input, IntPair kernel_size,
                  const AvgPool2dOptions &options, Location location) {
  FunctionScope scope("avg_pool2d", location);
  return batched("avg_pool2d", input, location, [&](const Tensor &images) {
    return ops::avg_pool2d(images, kernel_size.list(),
                           options.stride.value_or(kernel_size).list(),
                           options.padding.list(), options.ceil_mode,
                           options.count_include_pad, location);
  });
}

//===----------------------------------------------------------------------===//
// Losses
//===----------------------------------------------------------------------===//

static void warn(const std::string &message, Location location) {
  Location line = user_location(location);
  std::fprintf(stderr, "%s:%u: warning: %s\n", line.file_name(),
               unsigned(line.line()), message.c_str());
}

Tensor mse_loss(const Tensor &input, const Tensor &target,
                const MSELossOptions &options, Location location) {
  FunctionScope scope("mse_loss", location);
  if (!input.defined() || !target.defined())
    expected("mse_loss", "tensors", "an undefined one", location);
  if (input.shape() != target.shape())
    warn("[mse_loss] the target's shape " + to_string(target.shape()) +
             " differs from the input's " + to_string(input.shape()) +
             ": both are broadcast, which is likely not what you want",
         location);
  TensorArg a(input, location), b(target, location);
  const TensorArg *operands[] = {&a, &b};
  TensorList same =
      bring_together("mse_loss", operands, result_type(operands), location);
  return ops::mse_loss(same[0], same[1], options.reduction, location);
}

namespace {
/// Scores and targets as [N, C] and [N], and back.
struct Rows {
  Rows(const char *op, const Tensor &input, const Tensor &target,
       Location location)
      : scores(input), classes(target) {
    if (!input.defined() || !target.defined())
      expected(op, "tensors", "an undefined one", location);
    std::int64_t dims = input.dim();
    result_shape = target.shape();
    if (target.dtype() != kInt64 && target.dtype() != kUInt8)
      expected(op, "targets that are classes, of type int64 or uint8",
               to_string(target.type()), location);
    classes = to(target, kInt64, location);
    if (dims == 1 && target.dim() == 0) {
      scores = unsqueeze(input, 0, location);
      classes = unsqueeze(classes, 0, location);
    } else if (dims > 2) {
      // [N, C, d…]: every place is a row of its own.
      Shape wanted = input.shape(), order;
      wanted.erase(wanted.begin() + 1);
      if (target.shape() != wanted)
        expected(op, "targets of shape " + to_string(wanted),
                 to_string(target.shape()), location);
      for (std::int64_t d = 0; d < dims; ++d)
        order.push_back(d == 0 ? 0 : d == dims - 1 ? 1 : d + 1);
      scores = reshape(permute(input, order, location), {-1, input.size(1)},
                       location);
      classes = flatten(classes, 0, -1, location);
    }
  }

  Tensor restore(const Tensor &losses, Location location) const {
    return losses.dim() == 0 ? losses : reshape(losses, result_shape, location);
  }

  Tensor scores, classes;
  Shape result_shape;
};
} // namespace

Tensor nll_loss(const Tensor &input, const Tensor &target,
                const NLLLossOptions &options, Location location) {
  FunctionScope scope("nll_loss", location);
  Rows rows("nll_loss", input, target, location);
  return rows.restore(ops::nll_loss(rows.scores, rows.classes,
                                    options.reduction, options.ignore_index,
                                    location),
                      location);
}

Tensor cross_entropy(const Tensor &input, const Tensor &target,
                     const CrossEntropyLossOptions &options,
                     Location location) {
  FunctionScope scope("cross_entropy", location);
  Rows rows("cross_entropy", input, target, location);
  return rows.restore(ops::cross_entropy(rows.scores, rows.classes,
                                         options.reduction,
                                         options.ignore_index,
                                         options.label_smoothing, location),
                      location);
}

} // namespace tensorc::nn::functional
