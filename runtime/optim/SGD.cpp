//===- SGD.cpp - Stochastic gradient descent ------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Dense.h"
#include "tensorc/executor.h"
#include "tensorc/functions.h"
#include "tensorc/optim.h"

namespace tensorc::optim {

/// The type of numbers that all parameters are multiplied by.
static DType number_type(const TensorList &parameters) {
  for (const Tensor &parameter : parameters)
    if (parameter.dtype() == kFloat64)
      return kFloat64;
  return kFloat32;
}

SGD::SGD(TensorList parameters, SGDOptions options, Location location)
    : Optimizer(std::move(parameters), location), options_(options) {
  auto check = [&](const char *what, double value) {
    if (!(value >= 0))
      throw Error("[SGD] expected `" + std::string(what) +
                      "` of at least 0, received " + std::to_string(value),
                  user_location(location));
  };
  check("lr", options.lr);
  check("momentum", options.momentum);
  check("weight_decay", options.weight_decay);
  if (options.nesterov && (options.momentum <= 0 || options.dampening != 0))
    throw Error("[SGD] nesterov needs a momentum and no dampening, received "
                "momentum " +
                    std::to_string(options.momentum) + " and dampening " +
                    std::to_string(options.dampening),
                user_location(location));
  lr_ = full({}, options.lr, {number_type(parameters_), kCPU}, location);
  if (options.momentum != 0) {
    for (const Tensor &parameter : parameters_)
      momentum_buffers_.push_back(zeros_like(parameter, {}, location));
    if (options.dampening != 0)
      step_ = zeros({}, {kFloat32, kCPU}, location);
  }
}

void SGD::set_lr(double lr, Location location) {
  lr_.fill_(lr, location);
  if (!Executor::current().is_recording())
    options_.lr = lr;
}

/// Has `tensor` hold what `value` makes, where it isn't of that type and on
/// that device.
template <typename F>
static void match(const Tensor &tensor, DType dtype, Device device, F &&value) {
  if (tensor.dtype() == dtype && tensor.device() == device)
    return;
  if (Executor::current().is_recording())
    throw Error("[SGD] expected parameters as they were when the optimizer "
                "became the model's, received some of " +
                    std::string(name(dtype)) + " for its " +
                    std::string(name(tensor.dtype())) +
                    "; convert the module before `model.optimizer`",
                user_location(Location::current()));
  replace_contents(tensor, value());
}

void SGD::match_parameters() const {
  NoGradGuard no_grad;
  DType type = number_type(parameters_);
  match(lr_, type, kCPU, [&] {
    // Unless it was written to, the number has more digits than the tensor.
    double held = lr_.item();
    double lr = float(options_.lr) == float(held) ? options_.lr : held;
    return full({}, lr, {type, kCPU});
  });
  for (std::size_t i = 0; i < momentum_buffers_.size(); ++i) {
    const Tensor &buffer = momentum_buffers_[i];
    DType dtype = parameters_[i].dtype();
    Device device = parameters_[i].device();
    match(buffer, dtype, device, [&] { return buffer.to(device, dtype); });
  }
}

std::vector<Optimizer::State> SGD::state() const {
  match_parameters();
  std::vector<State> result = {{"lr", {}, lr_}};
  if (step_.defined())
    result.push_back({"step", {}, step_});
  for (std::size_t i = 0; i < momentum_buffers_.size(); ++i)
    result.push_back({"momentum_buffer", parameters_[i], momentum_buffers_[i]});
  return result;
}

// torch.optim.SGD:
// https://pytorch.org/docs/stable/generated/torch.optim.SGD.html
void SGD::update() {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    Tensor &parameter = parameters_[i];
    Tensor gradient = parameter.grad();
    if (!gradient.defined())
      continue;
    if (options_.weight_decay != 0)
      gradient = gradient + parameter * options_.weight_decay;
    if (options_.momentum != 0) {
      Tensor &buffer = momentum_buffers_[i];
      Tensor added = gradient;
      // PyTorch starts from the first gradient as it is. From zero it is the
      // same, but for the dampening.
      if (options_.dampening != 0)
        added =
            where(step_ == 0, gradient, gradient * (1 - options_.dampening));
      buffer.copy_(buffer * options_.momentum + added);
      gradient =
          options_.nesterov ? gradient + buffer * options_.momentum : buffer;
    }
    parameter.sub_(gradient * lr_);
  }
  if (step_.defined())
    step_.add_(1);
}

} // namespace tensorc::optim
