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

/// A convolution of images. weight [O, C / groups, KH, KW] and bias [O] are
/// uniform in ±1/√fan_in, as PyTorch's defaults.
class Conv2dImpl : public Module {
public:
  Conv2dImpl(std::int64_t in_channels, std::int64_t out_channels,
             IntPair kernel_size, Conv2dOptions options = {},
             Location location = Location::current());
  Tensor forward(const Tensor &input,
                 Location location = Location::current()) const;
  std::string extra_repr() const override;

  Tensor weight, bias; ///< bias is undefined without one
  const Conv2dOptions options;
};
using Conv2d =
    Handle<Conv2dImpl(std::int64_t, std::int64_t, IntPair, Conv2dOptions)>;

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

/// The maximum of each window.
class MaxPool2dImpl : public Module {
public:
  explicit MaxPool2dImpl(IntPair kernel_size, MaxPool2dOptions options = {})
      : kernel_size(kernel_size), options(options) {}
  Tensor forward(const Tensor &input,
                 Location location = Location::current()) const;
  std::string extra_repr() const override;

  const IntPair kernel_size;
  const MaxPool2dOptions options;
};
using MaxPool2d = Handle<MaxPool2dImpl(IntPair, MaxPool2dOptions)>;

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
