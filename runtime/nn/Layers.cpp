//===- Layers.cpp - Layers ------------------------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/nn/layers.h"

#include <cmath>

namespace tensorc::nn {

/// Uniform in ±`bound`: what PyTorch's kaiming_uniform(a = √5) comes to for
/// weights, with bound = √(6 / ((1 + 5) fan_in)) = 1 / √fan_in, and its default
/// for biases.
static Tensor uniform(const Shape &shape, double bound, Location location) {
  Tensor result = rand(shape, {kFloat32, kCPU}, location);
  float *values = result.data_ptr<float>(location);
  for (std::int64_t i = 0; i < result.numel(); ++i)
    values[i] = float((2 * double(values[i]) - 1) * bound);
  return result.to(default_device(), location);
}

static double bound_of(std::int64_t fan_in) {
  return fan_in > 0 ? 1 / std::sqrt(double(fan_in)) : 0;
}

static std::string pair(const IntPair &value) {
  return "(" + std::to_string(value.values[0]) + ", " +
         std::to_string(value.values[1]) + ")";
}

/// PyTorch writes a pair of equal numbers that was given as one as one.
static std::string number_or_pair(const IntPair &value) {
  return value == IntPair(value.values[0]) ? std::to_string(value.values[0])
                                           : pair(value);
}

static const char *python(bool value) { return value ? "True" : "False"; }

//===----------------------------------------------------------------------===//
// Conv2d
//===----------------------------------------------------------------------===//

Conv2dImpl::Conv2dImpl(std::int64_t in_channels, std::int64_t out_channels,
                       IntPair kernel_size, Conv2dOptions conv_options,
                       Location location)
    : options(conv_options) {
  std::int64_t groups = options.groups;
  if (groups < 1 || in_channels < 1 || out_channels < 1 ||
      in_channels % groups || out_channels % groups)
    throw Error("[Conv2d] expected channels that `groups` divides, received " +
                    std::to_string(in_channels) + " to " +
                    std::to_string(out_channels) + " in " +
                    std::to_string(groups) + " groups",
                user_location(location));
  const auto &[height, width] = kernel_size.values;
  if (height < 1 || width < 1)
    throw Error("[Conv2d] expected a kernel of at least 1, received " +
                    pair(kernel_size),
                user_location(location));
  std::int64_t inputs = in_channels / groups;
  double bound = bound_of(inputs * height * width);
  Shape shape = {out_channels, inputs, height, width};
  weight = register_parameter("weight", uniform(shape, bound, location));
  if (options.bias)
    bias = register_parameter("bias", uniform({out_channels}, bound, location));
}

Tensor Conv2dImpl::forward(const Tensor &input, Location location) const {
  return functional::conv2d(input, weight, bias, options, location);
}

std::string Conv2dImpl::extra_repr() const {
  std::string text = std::to_string(weight.size(1) * options.groups) + ", " +
                     std::to_string(weight.size(0)) +
                     ", kernel_size=" + pair({weight.size(2), weight.size(3)}) +
                     ", stride=" + pair(options.stride);
  if (options.padding != IntPair(0))
    text += ", padding=" + pair(options.padding);
  if (options.dilation != IntPair(1))
    text += ", dilation=" + pair(options.dilation);
  if (options.groups != 1)
    text += ", groups=" + std::to_string(options.groups);
  if (!options.bias)
    text += ", bias=False";
  return text;
}

//===----------------------------------------------------------------------===//
// Linear
//===----------------------------------------------------------------------===//

LinearImpl::LinearImpl(std::int64_t in_features, std::int64_t out_features,
                       LinearOptions options, Location location) {
  if (in_features < 0 || out_features < 0)
    throw Error("[Linear] expected sizes of at least 0, received " +
                    std::to_string(in_features) + " and " +
                    std::to_string(out_features),
                user_location(location));
  double bound = bound_of(in_features);
  weight = register_parameter(
      "weight", uniform({out_features, in_features}, bound, location));
  if (options.bias)
    bias = register_parameter("bias", uniform({out_features}, bound, location));
}

Tensor LinearImpl::forward(const Tensor &input, Location location) const {
  return functional::linear(input, weight, bias, location);
}

std::string LinearImpl::extra_repr() const {
  return "in_features=" + std::to_string(weight.size(1)) +
         ", out_features=" + std::to_string(weight.size(0)) +
         ", bias=" + python(bias.defined());
}

//===----------------------------------------------------------------------===//
// Layers without parameters
//===----------------------------------------------------------------------===//

Tensor ReLUImpl::forward(const Tensor &input, Location location) const {
  return relu(input, location);
}

Tensor MaxPool2dImpl::forward(const Tensor &input, Location location) const {
  return functional::max_pool2d(input, kernel_size, options, location);
}

std::string MaxPool2dImpl::extra_repr() const {
  return "kernel_size=" + number_or_pair(kernel_size) +
         ", stride=" + number_or_pair(options.stride.value_or(kernel_size)) +
         ", padding=" + number_or_pair(options.padding) +
         ", dilation=" + number_or_pair(options.dilation) +
         ", ceil_mode=" + python(options.ceil_mode);
}

Tensor FlattenImpl::forward(const Tensor &input, Location location) const {
  return flatten(input, start_dim, end_dim, location);
}

std::string FlattenImpl::extra_repr() const {
  return "start_dim=" + std::to_string(start_dim) +
         ", end_dim=" + std::to_string(end_dim);
}

Tensor SequentialImpl::forward(const Tensor &input, Location location) const {
  Tensor value = input;
  for (const Step &step : steps_)
    value = step.forward(*step.module, value, location);
  return value;
}

Tensor MSELossImpl::forward(const Tensor &input, const Tensor &target,
                            Location location) const {
  return functional::mse_loss(input, target, options, location);
}

Tensor CrossEntropyLossImpl::forward(const Tensor &input, const Tensor &target,
                                     Location location) const {
  return functional::cross_entropy(input, target, options, location);
}

} // namespace tensorc::nn
