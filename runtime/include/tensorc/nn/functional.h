//===- functional.h - Layers and losses as functions ------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_NN_FUNCTIONAL_H
#define TENSORC_NN_FUNCTIONAL_H

#include "tensorc/functions.h"

#include <string>

namespace tensorc {

/// A number for both image dimensions, or one for each: {height, width}.
struct IntPair {
  IntPair(std::int64_t both) : height(both), width(both) {}
  IntPair(std::int64_t height, std::int64_t width)
      : height(height), width(width) {}
  Shape list() const { return {height, width}; }
  bool operator==(const IntPair &) const = default;

  std::int64_t height, width;
};

namespace nn {

struct Conv2dOptions {
  IntPair stride = 1;
  IntPair padding = 0;
  IntPair dilation = 1;
  std::int64_t groups = 1;
  bool bias = true; ///< whether the layer has one
};
struct MaxPool2dOptions {
  std::optional<IntPair> stride = {}; ///< the kernel's size when left out
  IntPair padding = 0;
  IntPair dilation = 1;
  bool ceil_mode = false;
};
struct AvgPool2dOptions {
  std::optional<IntPair> stride = {}; ///< the kernel's size when left out
  IntPair padding = 0;
  bool ceil_mode = false;
  bool count_include_pad = true;
};
struct MSELossOptions {
  std::string reduction = "mean"; ///< "none", "mean" or "sum"
};
struct NLLLossOptions {
  std::int64_t ignore_index = -100;
  std::string reduction = "mean";
};
struct CrossEntropyLossOptions {
  std::int64_t ignore_index = -100;
  std::string reduction = "mean"; ///< "none", "mean" or "sum"
  double label_smoothing = 0;
};

namespace functional {

using tensorc::gelu;
using tensorc::leaky_relu;
using tensorc::log_softmax;
using tensorc::one_hot;
using tensorc::relu;
using tensorc::sigmoid;
using tensorc::silu;
using tensorc::softmax;
using tensorc::softplus;
using tensorc::tanh;

/// input [N, C, H, W] or [C, H, W], weight [O, C / groups, KH, KW], bias [O]
/// or undefined.
Tensor conv2d(const Tensor &input, const Tensor &weight,
              const Tensor &bias = {}, const Conv2dOptions &options = {},
              Location location = Location::current());
/// input […, I], weight [O, I], bias [O] or undefined.
Tensor linear(const Tensor &input, const Tensor &weight,
              const Tensor &bias = {}, Location location = Location::current());
/// input [N, C, H, W] or [C, H, W].
Tensor max_pool2d(const Tensor &input, IntPair kernel_size,
                  const MaxPool2dOptions &options = {},
                  Location location = Location::current());
Tensor avg_pool2d(const Tensor &input, IntPair kernel_size,
                  const AvgPool2dOptions &options = {},
                  Location location = Location::current());
/// Warns, as PyTorch does, when the shapes differ and are broadcast.
Tensor mse_loss(const Tensor &input, const Tensor &target,
                const MSELossOptions &options = {},
                Location location = Location::current());
/// input: log-probabilities, shapes as for `cross_entropy`.
Tensor nll_loss(const Tensor &input, const Tensor &target,
                const NLLLossOptions &options = {},
                Location location = Location::current());
/// input: logits [N, C], [C] or [N, C, d…]; target: int64 classes [N], [] or
/// [N, d…]. A target that is neither a class nor `ignore_index` fails the
/// program. "mean" divides by the number of targets that aren't ignored.
Tensor cross_entropy(const Tensor &input, const Tensor &target,
                     const CrossEntropyLossOptions &options = {},
                     Location location = Location::current());

} // namespace functional
} // namespace nn

namespace F = nn::functional;

} // namespace tensorc

#endif // TENSORC_NN_FUNCTIONAL_H
