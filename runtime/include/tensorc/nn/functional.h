//===- functional.h - Layers and losses as functions ------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_NN_FUNCTIONAL_H
#define TENSORC_NN_FUNCTIONAL_H

#include "tensorc/functions.h"

#include <array>
#include <optional>
#include <string>

namespace tensorc {

/// A number for each of `Dims` dimensions of space, or one for all.
template <std::size_t Dims> struct SpaceSizes {
  SpaceSizes(std::int64_t all) { values.fill(all); }
  template <typename... Rest>
    requires(sizeof...(Rest) + 2 == Dims)
  SpaceSizes(std::int64_t first, std::int64_t second, Rest... rest)
      : values{first, second, std::int64_t(rest)...} {}
  std::vector<std::int64_t> list() const {
    return {values.begin(), values.end()};
  }
  bool operator==(const SpaceSizes &) const = default;

  std::array<std::int64_t, Dims> values;
};
/// The same, or left out.
template <std::size_t Dims>
struct OptionalSpaceSizes : std::optional<SpaceSizes<Dims>> {
  using std::optional<SpaceSizes<Dims>>::optional;
  OptionalSpaceSizes(const std::optional<SpaceSizes<Dims>> &sizes)
      : std::optional<SpaceSizes<Dims>>(sizes) {}
  template <typename... Rest>
    requires(sizeof...(Rest) + 2 == Dims)
  OptionalSpaceSizes(std::int64_t first, std::int64_t second, Rest... rest)
      : std::optional<SpaceSizes<Dims>>(std::in_place, first, second, rest...) {
  }
};
/// {height, width}.
using IntPair = SpaceSizes<2>;
/// {depth, height, width}.
using IntTriple = SpaceSizes<3>;

namespace nn {

/// Of a convolution over `Dims` dimensions of space.
template <std::size_t Dims> struct ConvOptions {
  SpaceSizes<Dims> stride = 1;
  SpaceSizes<Dims> padding = 0;
  SpaceSizes<Dims> dilation = 1;
  std::int64_t groups = 1;
  bool bias = true; ///< whether the layer has one
};
using Conv1dOptions = ConvOptions<1>;
using Conv2dOptions = ConvOptions<2>;
using Conv3dOptions = ConvOptions<3>;

template <std::size_t Dims> struct MaxPoolOptions {
  /// The kernel's size if left out.
  OptionalSpaceSizes<Dims> stride = {};
  SpaceSizes<Dims> padding = 0;
  SpaceSizes<Dims> dilation = 1;
  bool ceil_mode = false;
};
using MaxPool1dOptions = MaxPoolOptions<1>;
using MaxPool2dOptions = MaxPoolOptions<2>;
using MaxPool3dOptions = MaxPoolOptions<3>;

template <std::size_t Dims> struct AvgPoolOptions {
  /// The kernel's size if left out.
  OptionalSpaceSizes<Dims> stride = {};
  SpaceSizes<Dims> padding = 0;
  bool ceil_mode = false;
  bool count_include_pad = true;
};
using AvgPool1dOptions = AvgPoolOptions<1>;
using AvgPool2dOptions = AvgPoolOptions<2>;
using AvgPool3dOptions = AvgPoolOptions<3>;

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

/// input [N, C, L] or [C, L], weight [O, C / groups, K], bias [O] or undefined.
Tensor conv1d(const Tensor &input, const Tensor &weight,
              const Tensor &bias = {}, const Conv1dOptions &options = {},
              Location location = Location::current());
/// The same of [N, C, H, W] or [C, H, W], and [O, C / groups, KH, KW].
Tensor conv2d(const Tensor &input, const Tensor &weight,
              const Tensor &bias = {}, const Conv2dOptions &options = {},
              Location location = Location::current());
/// The same of [N, C, D, H, W] or [C, D, H, W], and [O, C / groups, KD, KH,
/// KW].
Tensor conv3d(const Tensor &input, const Tensor &weight,
              const Tensor &bias = {}, const Conv3dOptions &options = {},
              Location location = Location::current());
/// input […, I], weight [O, I], bias [O] or undefined.
Tensor linear(const Tensor &input, const Tensor &weight,
              const Tensor &bias = {}, Location location = Location::current());
/// input as for the convolution of as many dimensions.
Tensor max_pool1d(const Tensor &input, SpaceSizes<1> kernel_size,
                  const MaxPool1dOptions &options = {},
                  Location location = Location::current());
Tensor max_pool2d(const Tensor &input, IntPair kernel_size,
                  const MaxPool2dOptions &options = {},
                  Location location = Location::current());
Tensor max_pool3d(const Tensor &input, IntTriple kernel_size,
                  const MaxPool3dOptions &options = {},
                  Location location = Location::current());
Tensor avg_pool1d(const Tensor &input, SpaceSizes<1> kernel_size,
                  const AvgPool1dOptions &options = {},
                  Location location = Location::current());
Tensor avg_pool2d(const Tensor &input, IntPair kernel_size,
                  const AvgPool2dOptions &options = {},
                  Location location = Location::current());
Tensor avg_pool3d(const Tensor &input, IntTriple kernel_size,
                  const AvgPool3dOptions &options = {},
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
