//===- TensorMethods.cpp - Methods that are functions ---------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Operands.h"
#include "tensorc/functions.h"
#include "tensorc/tensor.h"

namespace tensorc {

Tensor Tensor::to(DType dtype, Location location) const {
  return tensorc::to(*this, dtype, location);
}
Tensor Tensor::reshape(const Shape &shape, Location location) const {
  return tensorc::reshape(*this, shape, location);
}
Tensor Tensor::flatten(std::int64_t start_dim, std::int64_t end_dim,
                       Location location) const {
  return tensorc::flatten(*this, start_dim, end_dim, location);
}
Tensor Tensor::permute(const Shape &dims, Location location) const {
  return tensorc::permute(*this, dims, location);
}
Tensor Tensor::transpose(std::int64_t dim0, std::int64_t dim1,
                         Location location) const {
  return tensorc::transpose(*this, dim0, dim1, location);
}
Tensor Tensor::t(Location location) const {
  FunctionScope scope("t", location);
  if (dim() > 2)
    tensorc::expected("t", "a matrix", to_string(type()), location);
  return dim() < 2 ? *this : tensorc::transpose(*this, 0, 1, location);
}
Tensor Tensor::squeeze(std::int64_t dim, Location location) const {
  return tensorc::squeeze(*this, dim, location);
}
Tensor Tensor::unsqueeze(std::int64_t dim, Location location) const {
  return tensorc::unsqueeze(*this, dim, location);
}
Tensor Tensor::flip(const Dims &dims, Location location) const {
  return tensorc::flip(*this, dims, location);
}

Tensor Tensor::neg(Location location) const {
  return tensorc::neg(*this, location);
}
Tensor Tensor::abs(Location location) const {
  return tensorc::abs(*this, location);
}
Tensor Tensor::exp(Location location) const {
  return tensorc::exp(*this, location);
}
Tensor Tensor::log(Location location) const {
  return tensorc::log(*this, location);
}
Tensor Tensor::sqrt(Location location) const {
  return tensorc::sqrt(*this, location);
}
Tensor Tensor::rsqrt(Location location) const {
  return tensorc::rsqrt(*this, location);
}
Tensor Tensor::square(Location location) const {
  return tensorc::square(*this, location);
}
Tensor Tensor::sin(Location location) const {
  return tensorc::sin(*this, location);
}
Tensor Tensor::cos(Location location) const {
  return tensorc::cos(*this, location);
}
Tensor Tensor::tanh(Location location) const {
  return tensorc::tanh(*this, location);
}
Tensor Tensor::sigmoid(Location location) const {
  return tensorc::sigmoid(*this, location);
}
Tensor Tensor::relu(Location location) const {
  return tensorc::relu(*this, location);
}
Tensor Tensor::sum(Location location) const {
  return tensorc::sum(*this, location);
}
Tensor Tensor::mean(Location location) const {
  return tensorc::mean(*this, location);
}
Tensor Tensor::max(Location location) const {
  return tensorc::max(*this, location);
}
Tensor Tensor::min(Location location) const {
  return tensorc::min(*this, location);
}
Tensor Tensor::clamp(double min, double max, Location location) const {
  return tensorc::clamp(*this, min, max, location);
}
Tensor Tensor::add(const TensorArg &other) const {
  return tensorc::add(TensorArg(*this, other.location()), other);
}
Tensor Tensor::sub(const TensorArg &other) const {
  return tensorc::sub(TensorArg(*this, other.location()), other);
}
Tensor Tensor::mul(const TensorArg &other) const {
  return tensorc::mul(TensorArg(*this, other.location()), other);
}
Tensor Tensor::div(const TensorArg &other) const {
  return tensorc::div(TensorArg(*this, other.location()), other);
}
Tensor Tensor::eq(const TensorArg &other) const {
  return tensorc::eq(TensorArg(*this, other.location()), other);
}
Tensor Tensor::pow(const TensorArg &exponent) const {
  return tensorc::pow(TensorArg(*this, exponent.location()), exponent);
}
Tensor Tensor::matmul(const Tensor &other, Location location) const {
  return tensorc::matmul(*this, other, location);
}
Tensor Tensor::mm(const Tensor &other, Location location) const {
  return tensorc::mm(*this, other, location);
}

Tensor Tensor::sum(const Dims &dims, bool keepdim, Location location) const {
  return tensorc::sum(*this, dims, keepdim, location);
}
Tensor Tensor::mean(const Dims &dims, bool keepdim, Location location) const {
  return tensorc::mean(*this, dims, keepdim, location);
}
Tensor Tensor::amax(const Dims &dims, bool keepdim, Location location) const {
  return tensorc::amax(*this, dims, keepdim, location);
}
Tensor Tensor::amin(const Dims &dims, bool keepdim, Location location) const {
  return tensorc::amin(*this, dims, keepdim, location);
}
Tensor Tensor::argmax(std::optional<std::int64_t> dim, bool keepdim,
                      Location location) const {
  return tensorc::argmax(*this, dim, keepdim, location);
}
Tensor Tensor::softmax(std::int64_t dim, Location location) const {
  return tensorc::softmax(*this, dim, location);
}
Tensor Tensor::log_softmax(std::int64_t dim, Location location) const {
  return tensorc::log_softmax(*this, dim, location);
}

Tensor Tensor::new_full(const Shape &shape, Scalar value,
                        const TensorOptions &options, Location location) const {
  FunctionScope scope("new_full", location);
  return tensorc::full(shape, value, options_like(*this, options), location);
}
Tensor Tensor::new_zeros(const Shape &shape, const TensorOptions &options,
                         Location location) const {
  FunctionScope scope("new_zeros", location);
  return tensorc::zeros(shape, options_like(*this, options), location);
}
Tensor Tensor::new_ones(const Shape &shape, const TensorOptions &options,
                        Location location) const {
  FunctionScope scope("new_ones", location);
  return tensorc::ones(shape, options_like(*this, options), location);
}

} // namespace tensorc
