//===- layers.h - Layers ----------------------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_NN_LAYERS_H
#define TENSORC_NN_LAYERS_H

#include "tensorc/nn/functional.h"
#include "tensorc/nn/module.h"

#include <string>
#include <vector>

namespace tensorc::nn {

// A layer `X` is a handle of an `XImpl`, see `Handle` in module.h.

/// A convolution over `Dims` dimensions of space. weight [O, C / groups, K…]
/// and bias [O] are uniform in ±1/√fan_in, as PyTorch's defaults.
template <std::size_t Dims> class ConvImpl : public Module {
public:
  ConvImpl(std::int64_t in_channels, std::int64_t out_channels,
           SpaceSizes<Dims> kernel_size, ConvOptions<Dims> options = {},
           Location location = Location::current());
  Tensor forward(const Tensor &input,
                 Location location = Location::current()) const;
  std::string extra_repr() const override;

  Tensor weight, bias; ///< bias is undefined without one
  const ConvOptions<Dims> options;
};
extern template class ConvImpl<1>;
extern template class ConvImpl<2>;
extern template class ConvImpl<3>;

/// Of [N, C, L], weight [O, C / groups, K].
class Conv1dImpl : public ConvImpl<1> {
public:
  using ConvImpl::ConvImpl;
};
using Conv1d = Handle<Conv1dImpl(std::int64_t, std::int64_t, SpaceSizes<1>,
                                 Conv1dOptions)>;
/// Of [N, C, H, W], weight [O, C / groups, KH, KW].
class Conv2dImpl : public ConvImpl<2> {
public:
  using ConvImpl::ConvImpl;
};
using Conv2d =
    Handle<Conv2dImpl(std::int64_t, std::int64_t, IntPair, Conv2dOptions)>;
/// Of [N, C, D, H, W], weight [O, C / groups, KD, KH, KW].
class Conv3dImpl : public ConvImpl<3> {
public:
  using ConvImpl::ConvImpl;
};
using Conv3d =
    Handle<Conv3dImpl(std::int64_t, std::int64_t, IntTriple, Conv3dOptions)>;

struct LinearOptions {
  bool bias = true;
};
/// x · weightᵀ + bias. weight [O, I] and bias [O] are uniform in ±1/√I.
class LinearImpl : public Module {
public:
  LinearImpl(std::int64_t in_features, std::int64_t out_features,
             LinearOptions options = {},
             Location location = Location::current());
  Tensor forward(const Tensor &input,
                 Location location = Location::current()) const;
  std::string extra_repr() const override;

  Tensor weight, bias; ///< bias is undefined without one
};
using Linear = Handle<LinearImpl(std::int64_t, std::int64_t, LinearOptions)>;

/// max(x, 0).
class ReLUImpl : public Module {
public:
  Tensor forward(const Tensor &input,
                 Location location = Location::current()) const;
};
using ReLU = Handle<ReLUImpl()>;

/// A number for each window of `Dims` dimensions of space.
template <std::size_t Dims, typename Options> class PoolImpl : public Module {
public:
  explicit PoolImpl(SpaceSizes<Dims> kernel_size, Options options = {})
      : kernel_size(kernel_size), options(options) {}
  Tensor forward(const Tensor &input,
                 Location location = Location::current()) const;
  std::string extra_repr() const override;

  const SpaceSizes<Dims> kernel_size;
  const Options options;
};
extern template class PoolImpl<1, MaxPool1dOptions>;
extern template class PoolImpl<2, MaxPool2dOptions>;
extern template class PoolImpl<3, MaxPool3dOptions>;
extern template class PoolImpl<1, AvgPool1dOptions>;
extern template class PoolImpl<2, AvgPool2dOptions>;
extern template class PoolImpl<3, AvgPool3dOptions>;

/// The maximum of each window.
class MaxPool1dImpl : public PoolImpl<1, MaxPool1dOptions> {
public:
  using PoolImpl::PoolImpl;
};
using MaxPool1d = Handle<MaxPool1dImpl(SpaceSizes<1>, MaxPool1dOptions)>;
class MaxPool2dImpl : public PoolImpl<2, MaxPool2dOptions> {
public:
  using PoolImpl::PoolImpl;
};
using MaxPool2d = Handle<MaxPool2dImpl(IntPair, MaxPool2dOptions)>;
class MaxPool3dImpl : public PoolImpl<3, MaxPool3dOptions> {
public:
  using PoolImpl::PoolImpl;
};
using MaxPool3d = Handle<MaxPool3dImpl(IntTriple, MaxPool3dOptions)>;
/// The mean of each window.
class AvgPool1dImpl : public PoolImpl<1, AvgPool1dOptions> {
public:
  using PoolImpl::PoolImpl;
};
using AvgPool1d = Handle<AvgPool1dImpl(SpaceSizes<1>, AvgPool1dOptions)>;
class AvgPool2dImpl : public PoolImpl<2, AvgPool2dOptions> {
public:
  using PoolImpl::PoolImpl;
};
using AvgPool2d = Handle<AvgPool2dImpl(IntPair, AvgPool2dOptions)>;
class AvgPool3dImpl : public PoolImpl<3, AvgPool3dOptions> {
public:
  using PoolImpl::PoolImpl;
};
using AvgPool3d = Handle<AvgPool3dImpl(IntTriple, AvgPool3dOptions)>;

/// Dimensions from `start_dim` to `end_dim` as one.
class FlattenImpl : public Module {
public:
  explicit FlattenImpl(std::int64_t start_dim = 1, std::int64_t end_dim = -1)
      : start_dim(start_dim), end_dim(end_dim) {}
  Tensor forward(const Tensor &input,
                 Location location = Location::current()) const;
  std::string extra_repr() const override;

  const std::int64_t start_dim, end_dim;
};
using Flatten = Handle<FlattenImpl(std::int64_t, std::int64_t)>;

namespace detail {
template <typename M> void take_step(const std::shared_ptr<M> &);
template <typename Impl> void take_step(const ModuleHolder<Impl> &);
} // namespace detail
/// A module that a `Sequential` can hold: a holder or a shared pointer.
template <typename M>
concept SequentialStep =
    requires(const M &module) { detail::take_step(module); };
/// Modules one after the other, named `0`, `1`, …
class SequentialImpl : public Module {
public:
  SequentialImpl() = default;
  template <typename First, typename... Rest>
  explicit SequentialImpl(const First &first, const Rest &...rest)
    requires(SequentialStep<First> && (SequentialStep<Rest> && ...))
  {
    push_back(first);
    (push_back(rest), ...);
  }
  template <typename M> void push_back(std::shared_ptr<M> module) {
    steps_.push_back(
        {module.get(),
         [](Module &step, const Tensor &input, Location location) -> Tensor {
           return call_forward(static_cast<M &>(step), location, input);
         }});
    register_module(std::to_string(steps_.size() - 1), std::move(module));
  }
  template <typename Impl> void push_back(const ModuleHolder<Impl> &module) {
    push_back(module.ptr());
  }
  /// The layers of the library are put on the caller's line.
  Tensor forward(const Tensor &input,
                 Location location = Location::current()) const;

private:
  /// How a child is called.
  struct Step {
    Module *module;
    Tensor (*forward)(Module &, const Tensor &, Location);
  };
  std::vector<Step> steps_;
};
using Sequential = Handle<SequentialImpl>;

/// mean((input − target)²), by default.
class MSELossImpl : public Module {
public:
  explicit MSELossImpl(MSELossOptions options = {})
      : options(std::move(options)) {}
  Tensor forward(const Tensor &input, const Tensor &target,
                 Location location = Location::current()) const;

  const MSELossOptions options;
};
using MSELoss = Handle<MSELossImpl(MSELossOptions)>;

/// See `functional::cross_entropy`.
class CrossEntropyLossImpl : public Module {
public:
  explicit CrossEntropyLossImpl(CrossEntropyLossOptions options = {})
      : options(std::move(options)) {}
  Tensor forward(const Tensor &input, const Tensor &target,
                 Location location = Location::current()) const;

  const CrossEntropyLossOptions options;
};
using CrossEntropyLoss = Handle<CrossEntropyLossImpl(CrossEntropyLossOptions)>;

} // namespace tensorc::nn

#endif // TENSORC_NN_LAYERS_H
