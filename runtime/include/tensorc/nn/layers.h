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

#include <functional>

namespace tensorc::nn {

/// A convolution of images. weight [O, C / groups, KH, KW] and bias [O] are
/// uniform in ±1/√fan_in, as PyTorch's defaults.
class Conv2dImpl : public Module {
public:
  Conv2dImpl(std::int64_t in_channels, std::int64_t out_channels,
             IntPair kernel_size, Conv2dOptions options, Location location);
  Tensor forward(const Tensor &input,
                 Location location = Location::current()) const;
  std::string extra_repr() const override;

  Tensor weight, bias; ///< bias is undefined without one
  const Conv2dOptions options;
};
class Conv2d : public ModuleHolder<Conv2dImpl> {
public:
  using ModuleHolder::ModuleHolder;
  Conv2d(std::int64_t in_channels, std::int64_t out_channels,
         IntPair kernel_size, Conv2dOptions options = {},
         Location location = Location::current())
      : ModuleHolder(std::make_shared<Conv2dImpl>(
            in_channels, out_channels, kernel_size, options, location)) {}
  Conv2d(ModuleHolder holder) : ModuleHolder(std::move(holder)) {}
};

struct LinearOptions {
  bool bias = true;
};
/// x · weightᵀ + bias. weight [O, I] and bias [O] are uniform in ±1/√I.
class LinearImpl : public Module {
public:
  LinearImpl(std::int64_t in_features, std::int64_t out_features,
             LinearOptions options, Location location);
  Tensor forward(const Tensor &input,
                 Location location = Location::current()) const;
  std::string extra_repr() const override;

  Tensor weight, bias; ///< bias is undefined without one
};
class Linear : public ModuleHolder<LinearImpl> {
public:
  using ModuleHolder::ModuleHolder;
  Linear(std::int64_t in_features, std::int64_t out_features,
         LinearOptions options = {}, Location location = Location::current())
      : ModuleHolder(std::make_shared<LinearImpl>(in_features, out_features,
                                                  options, location)) {}
  Linear(ModuleHolder holder) : ModuleHolder(std::move(holder)) {}
};

class ReLUImpl : public Module {
public:
  Tensor forward(const Tensor &input,
                 Location location = Location::current()) const;
};
class ReLU : public ModuleHolder<ReLUImpl> {
public:
  using ModuleHolder::ModuleHolder;
  ReLU() : ModuleHolder(std::make_shared<ReLUImpl>()) {}
  ReLU(ModuleHolder holder) : ModuleHolder(std::move(holder)) {}
};

class MaxPool2dImpl : public Module {
public:
  MaxPool2dImpl(IntPair kernel_size, MaxPool2dOptions options)
      : kernel_size(kernel_size), options(options) {}
  Tensor forward(const Tensor &input,
                 Location location = Location::current()) const;
  std::string extra_repr() const override;

  const IntPair kernel_size;
  const MaxPool2dOptions options;
};
class MaxPool2d : public ModuleHolder<MaxPool2dImpl> {
public:
  using ModuleHolder::ModuleHolder;
  MaxPool2d(IntPair kernel_size, MaxPool2dOptions options = {})
      : ModuleHolder(std::make_shared<MaxPool2dImpl>(kernel_size, options)) {}
  MaxPool2d(ModuleHolder holder) : ModuleHolder(std::move(holder)) {}
};

class FlattenImpl : public Module {
public:
  FlattenImpl(std::int64_t start_dim, std::int64_t end_dim)
      : start_dim(start_dim), end_dim(end_dim) {}
  Tensor forward(const Tensor &input,
                 Location location = Location::current()) const;
  std::string extra_repr() const override;

  const std::int64_t start_dim, end_dim;
};
class Flatten : public ModuleHolder<FlattenImpl> {
public:
  using ModuleHolder::ModuleHolder;
  Flatten(std::int64_t start_dim = 1, std::int64_t end_dim = -1)
      : ModuleHolder(std::make_shared<FlattenImpl>(start_dim, end_dim)) {}
  Flatten(ModuleHolder holder) : ModuleHolder(std::move(holder)) {}
};

/// Modules one after the other, named `0`, `1`, …
class SequentialImpl : public Module {
public:
  template <typename M> void push_back(std::shared_ptr<M> module) {
    std::string name = std::to_string(named_children().size());
    register_module(name, module);
    steps_.push_back([module](const Tensor &input, Location location) {
      return call_forward(*module, location, input);
    });
  }
  template <typename Impl> void push_back(const ModuleHolder<Impl> &module) {
    push_back(module.ptr());
  }
  /// The layers of the library are put on the caller's line.
  Tensor forward(const Tensor &input,
                 Location location = Location::current()) const;

private:
  std::vector<std::function<Tensor(const Tensor &, Location)>> steps_;
};
/// A module that a `Sequential` can hold: a holder or a shared pointer.
template <typename M>
concept SequentialStep =
    requires(SequentialImpl &impl, M module) { impl.push_back(module); };
class Sequential : public ModuleHolder<SequentialImpl> {
public:
  using ModuleHolder::ModuleHolder;
  template <typename First, typename... Rest>
    requires(SequentialStep<First> && (SequentialStep<Rest> && ...) &&
             !(std::is_same_v<First, Sequential> && sizeof...(Rest) == 0))
  explicit Sequential(First first, Rest... rest)
      : ModuleHolder(std::make_shared<SequentialImpl>()) {
    impl_->push_back(first);
    (impl_->push_back(rest), ...);
  }
  Sequential(ModuleHolder holder) : ModuleHolder(std::move(holder)) {}
};

/// mean((input − target)²), by default.
class MSELossImpl : public Module {
public:
  explicit MSELossImpl(MSELossOptions options) : options(std::move(options)) {}
  Tensor forward(const Tensor &input, const Tensor &target,
                 Location location = Location::current()) const;

  const MSELossOptions options;
};
class MSELoss : public ModuleHolder<MSELossImpl> {
public:
  using ModuleHolder::ModuleHolder;
  explicit MSELoss(MSELossOptions options = {})
      : ModuleHolder(std::make_shared<MSELossImpl>(std::move(options))) {}
  MSELoss(ModuleHolder holder) : ModuleHolder(std::move(holder)) {}
};

/// See `functional::cross_entropy`.
class CrossEntropyLossImpl : public Module {
public:
  explicit CrossEntropyLossImpl(CrossEntropyLossOptions options)
      : options(std::move(options)) {}
  Tensor forward(const Tensor &input, const Tensor &target,
                 Location location = Location::current()) const;

  const CrossEntropyLossOptions options;
};
class CrossEntropyLoss : public ModuleHolder<CrossEntropyLossImpl> {
public:
  using ModuleHolder::ModuleHolder;
  explicit CrossEntropyLoss(CrossEntropyLossOptions options = {})
      : ModuleHolder(
            std::make_shared<CrossEntropyLossImpl>(std::move(options))) {}
  CrossEntropyLoss(ModuleHolder holder) : ModuleHolder(std::move(holder)) {}
};

} // namespace tensorc::nn

#endif // TENSORC_NN_LAYERS_H
