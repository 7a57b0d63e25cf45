//===- optim.h - Optimizers -------------------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_OPTIM_H
#define TENSORC_OPTIM_H

#include "tensorc/tensor.h"

#include <string>

namespace tensorc::optim {

/// Updates parameters from their gradients. All that changes from step to step
/// lives in tensors, so that a traced step keeps it as named state.
class Optimizer {
public:
  /// A tensor of the optimizer: `name` alone (`lr`), or for one parameter
  /// (`momentum_buffer` of `parameter`).
  struct State {
    std::string name;
    Tensor parameter; ///< undefined: of the whole optimizer
    Tensor value;
  };

  /// Throws `Error` for no parameters, or the same one twice.
  explicit Optimizer(TensorList parameters, Location location);
  virtual ~Optimizer();
  Optimizer(const Optimizer &) = delete;
  Optimizer &operator=(const Optimizer &) = delete;

  const TensorList &parameters() const { return parameters_; }
  /// Drops the gradients of all parameters.
  void zero_grad();
  /// Updates the parameters that have a gradient. In a traced function one must
  /// have: it starts without gradients, so a step of none would never be one.
  void step(Location location = Location::current());
  virtual std::vector<State> state() const = 0;

protected:
  virtual void update() = 0;
  /// Gives what the optimizer holds the types and devices that its parameters
  /// have now: a module may have been converted since. Called before each step;
  /// while tracing, what differs is an `Error`.
  virtual void match_parameters() const {}

  TensorList parameters_;
};

struct SGDOptions {
  double lr = 1e-3;
  double momentum = 0;
  double dampening = 0;
  double weight_decay = 0;
  bool nesterov = false;
};
/// Stochastic gradient descent with momentum, by PyTorch's formulas. The
/// learning rate is a state tensor `lr`, float64 where a parameter is and else
/// float32; with momentum each parameter has a `momentum_buffer` of its type,
/// zero at first; with dampening there is a `step` count, since the first step
/// isn't dampened.
class SGD : public Optimizer {
public:
  SGD(TensorList parameters, SGDOptions options = {},
      Location location = Location::current());

  /// What it was made with; `lr` as it was last set.
  const SGDOptions &options() const { return options_; }
  const Tensor &lr() const { return lr_; }
  /// Changes the learning rate.
  void set_lr(double lr, Location location = Location::current());
  std::vector<State> state() const override;

protected:
  void update() override;
  void match_parameters() const override;

private:
  SGDOptions options_;
  Tensor lr_, step_;
  TensorList momentum_buffers_;
};

} // namespace tensorc::optim

#endif // TENSORC_OPTIM_H
