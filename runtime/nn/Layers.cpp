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

/// As Python writes a tuple: (3,), (3, 5).
template <std::size_t N> static std::string tuple(const SpaceSizes<N> &sizes) {
  std::string text;
  for (std::int64_t size : sizes.values)
    text += (text.empty() ? "(" : ", ") + std::to_string(size);
  return text + (N == 1 ? ",)" : ")");
}

/// PyTorch writes a tuple of equal numbers that was given as one as one.
template <std::size_t N>
static std::string number_or_tuple(const SpaceSizes<N> &sizes) {
  return sizes == SpaceSizes<N>(sizes.values[0])
             ? std::to_string(sizes.values[0])
             : tuple(sizes);
}

static const char *python(bool value) { return value ? "True" : "False"; }

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

template <std::size_t N>
ConvImpl<N>::ConvImpl(std::int64_t in_channels, std::int64_t out_channels,
                      SpaceSizes<N> kernel_size, ConvOptions<N> conv_options,
                      Location location)
    : options(conv_options) {
  auto reject = [&](const std::string &wanted, const std::string &received) {
    throw Error("[Conv" + std::to_string(N) + "d] expected " + wanted +
                    ", received " + received,
                user_location(location));
  };
  std::int64_t groups = options.groups;
  if (groups < 1 || in_channels < 1 || out_channels < 1 ||
      in_channels % groups || out_channels % groups)
    reject("channels that `groups` divides",
           std::to_string(in_channels) + " to " + std::to_string(out_channels) +
               " in " + std::to_string(groups) + " groups");
  Shape shape = {out_channels, in_channels / groups};
  std::int64_t fan_in = shape[1];
  for (std::int64_t size : kernel_size.values) {
    if (size < 1)
      reject("a kernel of at least 1", tuple(kernel_size));
    shape.push_back(size);
    fan_in *= size;
  }
  double bound = bound_of(fan_in);
  weight = register_parameter("weight", uniform(shape, bound, location));
  if (options.bias)
    bias = register_parameter("bias", uniform({out_channels}, bound, location));
}

template <std::size_t N>
Tensor ConvImpl<N>::forward(const Tensor &input, Location location) const {
  if constexpr (N == 1)
    return functional::conv1d(input, weight, bias, options, location);
  else if constexpr (N == 2)
    return functional::conv2d(input, weight, bias, options, location);
  else
    return functional::conv3d(input, weight, bias, options, location);
}

template <std::size_t N> std::string ConvImpl<N>::extra_repr() const {
  SpaceSizes<N> kernel_size = 0;
  for (std::size_t i = 0; i < N; ++i)
    kernel_size.values[i] = weight.size(std::int64_t(2 + i));
  std::string text = std::to_string(weight.size(1) * options.groups) + ", " +
                     std::to_string(weight.size(0)) +
                     ", kernel_size=" + tuple(kernel_size) +
                     ", stride=" + tuple(options.stride);
  if (options.padding != SpaceSizes<N>(0))
    text += ", padding=" + tuple(options.padding);
  if (options.dilation != SpaceSizes<N>(1))
    text += ", dilation=" + tuple(options.dilation);
  if (options.groups != 1)
    text += ", groups=" + std::to_string(options.groups);
  if (!options.bias)
    text += ", bias=False";
  return text;
}

template class ConvImpl<1>;
template class ConvImpl<2>;
template class ConvImpl<3>;

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
// Pools
//===----------------------------------------------------------------------===//

template <std::size_t N>
static Tensor pool(const Tensor &input, SpaceSizes<N> kernel_size,
                   const MaxPoolOptions<N> &options, Location location) {
  if constexpr (N == 1)
    return functional::max_pool1d(input, kernel_size, options, location);
  else if constexpr (N == 2)
    return functional::max_pool2d(input, kernel_size, options, location);
  else
    return functional::max_pool3d(input, kernel_size, options, location);
}

template <std::size_t N>
static Tensor pool(const Tensor &input, SpaceSizes<N> kernel_size,
                   const AvgPoolOptions<N> &options, Location location) {
  if constexpr (N == 1)
    return functional::avg_pool1d(input, kernel_size, options, location);
  else if constexpr (N == 2)
    return functional::avg_pool2d(input, kernel_size, options, location);
  else
    return functional::avg_pool3d(input, kernel_size, options, location);
}

template <std::size_t N>
static std::string pool_repr(const SpaceSizes<N> &kernel_size,
                             const MaxPoolOptions<N> &options) {
  return "kernel_size=" + number_or_tuple(kernel_size) +
         ", stride=" + number_or_tuple(options.stride.value_or(kernel_size)) +
         ", padding=" + number_or_tuple(options.padding) +
         ", dilation=" + number_or_tuple(options.dilation) +
         ", ceil_mode=" + python(options.ceil_mode);
}

/// PyTorch makes tuples of an AvgPool1d's numbers.
template <std::size_t N>
static std::string pool_repr(const SpaceSizes<N> &kernel_size,
                             const AvgPoolOptions<N> &options) {
  auto text = [](const SpaceSizes<N> &sizes) {
    return N == 1 ? tuple(sizes) : number_or_tuple(sizes);
  };
  return "kernel_size=" + text(kernel_size) +
         ", stride=" + text(options.stride.value_or(kernel_size)) +
         ", padding=" + text(options.padding);
}

template <std::size_t N, typename Options>
Tensor PoolImpl<N, Options>::forward(const Tensor &input,
                                     Location location) const {
  return pool(input, kernel_size, options, location);
}

template <std::size_t N, typename Options>
std::string PoolImpl<N, Options>::extra_repr() const {
  return pool_repr(kernel_size, options);
}

template class PoolImpl<1, MaxPool1dOptions>;
template class PoolImpl<2, MaxPool2dOptions>;
template class PoolImpl<3, MaxPool3dOptions>;
template class PoolImpl<1, AvgPool1dOptions>;
template class PoolImpl<2, AvgPool2dOptions>;
template class PoolImpl<3, AvgPool3dOptions>;

//===----------------------------------------------------------------------===//
// Layers without parameters
//===----------------------------------------------------------------------===//

Tensor ReLUImpl::forward(const Tensor &input, Location location) const {
  return relu(input, location);
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
