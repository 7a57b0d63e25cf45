//===- Functional.cpp - Layers and losses as functions --------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/nn/functional.h"
#include "runtime/core/Operands.h"
#include "runtime/core/Sizes.h"
#include "tensorc/ops.h"

#include <cstdio>

namespace tensorc::nn::functional {

/// Adds the batch dimension that one image of N dimensions lacks, and takes it
/// away again.
template <std::size_t N, typename F>
static Tensor batched(const char *op, const Tensor &input, Location location,
                      F &&body) {
  if (!input.defined())
    expected(op, "a tensor", "an undefined one", location);
  if (input.dim() != std::int64_t(N + 1))
    return body(input);
  return squeeze(body(unsqueeze(input, 0, location)), 0, location);
}

template <std::size_t N>
static Tensor convolution(const char *op, const Tensor &input,
                          const Tensor &weight, const Tensor &bias,
                          const ConvOptions<N> &options, Location location) {
  FunctionScope scope(op, location);
  return batched<N>(op, input, location, [&](const Tensor &images) {
    Tensor result = ops::convolution(
        images, weight, options.stride.list(), options.padding.list(),
        options.dilation.list(), options.groups, location);
    if (!bias.defined())
      return result;
    if (!bias.shape().is({weight.size(0)}))
      expected(op, "bias of shape " + to_string(Shape{weight.size(0)}),
               to_string(bias.shape()), location);
    Shape shape(2 + N, 1);
    shape[1] = -1;
    return result + reshape(bias, shape, location);
  });
}

Tensor conv1d(const Tensor &input, const Tensor &weight, const Tensor &bias,
              const Conv1dOptions &options, Location location) {
  return convolution("conv1d", input, weight, bias, options, location);
}

Tensor conv2d(const Tensor &input, const Tensor &weight, const Tensor &bias,
              const Conv2dOptions &options, Location location) {
  return convolution("conv2d", input, weight, bias, options, location);
}

Tensor conv3d(const Tensor &input, const Tensor &weight, const Tensor &bias,
              const Conv3dOptions &options, Location location) {
  return convolution("conv3d", input, weight, bias, options, location);
}

Tensor linear(const Tensor &input, const Tensor &weight, const Tensor &bias,
              Location location) {
  FunctionScope scope("linear", location);
  if (!input.defined())
    expected("linear", "a tensor", "an undefined one", location);
  bool good = weight.dim() == 2 && input.dim() > 0 &&
              (input.shape().back().is(weight.shape()[1]) ||
               input.shape().back().is(kDynamic));
  if (!good)
    expected("linear",
             "input of shape […, " +
                 (weight.dim() == 2 ? std::to_string(weight.size(1)) : "I") +
                 "] for weight " + to_string(weight.type()),
             to_string(input.type()) + for_all_sizes(input.shape()), location);
  Tensor result = matmul(input, weight.t(location), location);
  return bias.defined() ? result + bias : result;
}

template <std::size_t N>
static Tensor max_pool(const char *op, const Tensor &input,
                       const SpaceSizes<N> &kernel_size,
                       const MaxPoolOptions<N> &options, Location location) {
  FunctionScope scope(op, location);
  return batched<N>(op, input, location, [&](const Tensor &images) {
    return ops::max_pool(images, kernel_size.list(),
                         options.stride.value_or(kernel_size).list(),
                         options.padding.list(), options.dilation.list(),
                         options.ceil_mode, location);
  });
}

Tensor max_pool1d(const Tensor &input, SpaceSizes<1> kernel_size,
                  const MaxPool1dOptions &options, Location location) {
  return max_pool("max_pool1d", input, kernel_size, options, location);
}

Tensor max_pool2d(const Tensor &input, IntPair kernel_size,
                  const MaxPool2dOptions &options, Location location) {
  return max_pool("max_pool2d", input, kernel_size, options, location);
}

Tensor max_pool3d(const Tensor &input, IntTriple kernel_size,
                  const MaxPool3dOptions &options, Location location) {
  return max_pool("max_pool3d", input, kernel_size, options, location);
}

template <std::size_t N>
static Tensor avg_pool(const char *op, const Tensor &input,
                       const SpaceSizes<N> &kernel_size,
                       const AvgPoolOptions<N> &options, Location location) {
  FunctionScope scope(op, location);
  return batched<N>(op, input, location, [&](const Tensor &images) {
    return ops::avg_pool(images, kernel_size.list(),
                         options.stride.value_or(kernel_size).list(),
                         options.padding.list(), options.ceil_mode,
                         options.count_include_pad, location);
  });
}

Tensor avg_pool1d(const Tensor &input, SpaceSizes<1> kernel_size,
                  const AvgPool1dOptions &options, Location location) {
  return avg_pool("avg_pool1d", input, kernel_size, options, location);
}

Tensor avg_pool2d(const Tensor &input, IntPair kernel_size,
                  const AvgPool2dOptions &options, Location location) {
  return avg_pool("avg_pool2d", input, kernel_size, options, location);
}

Tensor avg_pool3d(const Tensor &input, IntTriple kernel_size,
                  const AvgPool3dOptions &options, Location location) {
  return avg_pool("avg_pool3d", input, kernel_size, options, location);
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
  if (!input.shape().is(target.shape()))
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
      Shape wanted = input.shape();
      Dims order;
      wanted.erase(wanted.begin() + 1);
      if (!target.shape().is(wanted))
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
