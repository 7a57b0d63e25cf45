//===- Optimizer.cpp - What optimizers share ------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/executor.h"
#include "tensorc/functions.h"
#include "tensorc/optim.h"

#include <algorithm>

namespace tensorc::optim {

Optimizer::Optimizer(TensorList parameters, Location location)
    : parameters_(std::move(parameters)) {
  auto fail = [&](const std::string &message) {
    throw Error("[Optimizer] " + message, user_location(location));
  };
  if (parameters_.empty())
    fail("expected at least one parameter, received none");
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (!parameters_[i].defined() || !parameters_[i].is_leaf())
      fail("expected parameters that are leaves, received a tensor made by "
           "an op");
    for (std::size_t j = 0; j < i; ++j)
      if (parameters_[i].is(parameters_[j]))
        fail("the same parameter is given twice, at " + std::to_string(j) +
             " and " + std::to_string(i));
  }
}

Optimizer::~Optimizer() = default;

void Optimizer::zero_grad() {
  for (Tensor &parameter : parameters_)
    parameter.set_grad({});
}

void Optimizer::step(Location location) {
  NoGradGuard no_grad;
  LocationScope scope(location);
  auto has_gradient = [](const Tensor &parameter) {
    return parameter.grad().defined();
  };
  if (Executor::current().is_recording() &&
      std::none_of(parameters_.begin(), parameters_.end(), has_gradient))
    throw Error("[Optimizer] expected a gradient of some parameter, received "
                "none: a traced function starts without gradients, so "
                "`backward()` belongs in the function of the step, or sums of "
                "gradients in buffers of a module",
                user_location(location));
  match_parameters();
  update();
}

} // namespace tensorc::optim
