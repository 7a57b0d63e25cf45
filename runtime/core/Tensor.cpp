//===- Tensor.cpp - The tensor's own functions ----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/tensor.h"
#include "runtime/core/Dense.h"
#include "runtime/core/Operands.h"
#include "tensorc/executor.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"

namespace tensorc {

TensorImpl &Tensor::checked() const {
  if (!impl_)
    throw Error("expected a tensor, received an undefined one");
  return *impl_;
}

std::int64_t Tensor::size(std::int64_t dim, Location location) const {
  if (this->dim() == 0)
    tensorc::expected("size", "a tensor with dimensions", to_string(type()),
                      location);
  dim = normalize_dim("size", dim, this->dim(), location);
  if (shape()[dim] == kDynamic)
    tensorc::expected("size", "a dimension of known size",
                      "dimension " + std::to_string(dim) + " of " +
                          to_string(type()),
                      location);
  return shape()[dim];
}

std::int64_t Tensor::numel() const {
  for (std::int64_t size : shape())
    if (size == kDynamic)
      tensorc::expected("numel", "a tensor of known size", to_string(type()),
                        user_location(Location::current()));
  return element_count(shape());
}

bool Tensor::is_contiguous() const {
  if (checked().is_traced() || numel() == 0)
    return true;
  std::int64_t step = 1;
  for (std::size_t d = shape().size(); d-- > 0;) {
    if (shape()[d] != 1 && strides()[d] != step)
      return false;
    step *= shape()[d];
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

template <typename T> static T read(const char *element, DType dtype) {
  if constexpr (std::is_same_v<T, bool>)
    return read_double(element, dtype) != 0;
  else if constexpr (std::is_floating_point_v<T>)
    return static_cast<T>(read_double(element, dtype));
  else
    return static_cast<T>(read_int(element, dtype));
}

/// The values on the host, after a check that there are any.
static Tensor host_values(const Tensor &tensor, Location location) {
  (void)Executor::current().data(tensor, location);
  LocationScope scope(location);
  return moved_to(tensor, kCPU);
}

template <typename T> T Tensor::item(Location location) const {
  location = user_location(location);
  Tensor host = host_values(*this, location);
  if (numel() != 1)
    tensorc::expected("item", "a tensor of one element", to_string(type()),
                      location);
  return read<T>(address(*host.impl()), dtype());
}

template <typename T> T *Tensor::data_ptr(Location location) const {
  location = user_location(location);
  if (dtype_of<T>() != dtype())
    tensorc::expected("data_ptr",
                      "a tensor of type " + std::string(name(dtype_of<T>())),
                      to_string(type()), location);
  return static_cast<T *>(
      const_cast<void *>(Executor::current().data(*this, location)));
}

template <typename T>
std::vector<T> Tensor::to_vector(Location location) const {
  Tensor host = host_values(*this, user_location(location));
  const char *data = address(*host.impl());
  std::vector<T> values;
  values.reserve(std::size_t(numel()));
  for_each_offset(shape(), host.strides(), [&](std::int64_t offset) {
    values.push_back(
        read<T>(data + offset * std::int64_t(size_of(dtype())), dtype()));
  });
  return values;
}

#define TENSORC_INSTANTIATE(T)                                                 \
  template T Tensor::item<T>(Location) const;                                  \
  template T *Tensor::data_ptr<T>(Location) const;                             \
  template std::vector<T> Tensor::to_vector<T>(Location) const;
TENSORC_INSTANTIATE(bool)
TENSORC_INSTANTIATE(std::uint8_t)
TENSORC_INSTANTIATE(std::int8_t)
TENSORC_INSTANTIATE(std::int16_t)
TENSORC_INSTANTIATE(std::int32_t)
TENSORC_INSTANTIATE(std::int64_t)
TENSORC_INSTANTIATE(float)
TENSORC_INSTANTIATE(double)
#undef TENSORC_INSTANTIATE

//===----------------------------------------------------------------------===//
// Autograd
//===----------------------------------------------------------------------===//

Tensor &Tensor::requires_grad_(bool requires_grad, Location location) {
  if (requires_grad && !is_floating_point())
    tensorc::expected("requires_grad_", "a floating-point tensor",
                      to_string(type()), location);
  if (!is_leaf())
    tensorc::expected("requires_grad_", "a leaf",
                      "a tensor made by an op (use `detach()`)", location);
  checked().requires_grad = requires_grad;
  return *this;
}

void Tensor::set_grad(const Tensor &grad) { checked().grad = grad.impl(); }

Tensor Tensor::detach(Location location) const {
  NoGradGuard no_grad;
  return ops::detach(*this, location);
}

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

Tensor Tensor::clone(Location location) const {
  // A reshape to the same shape keeps the gradient; the copy is beneath it.
  Tensor result = ops::reshape(*this, shape(), location);
  if (result.impl()->is_traced())
    return result;
  LocationScope scope(location);
  Tensor copy = make_unset(type(), device());
  copy_elements(*result.impl(), *copy.impl());
  replace_contents(result, copy);
  return result;
}

Tensor Tensor::contiguous(Location location) const {
  return is_contiguous() ? *this : clone(location);
}

//===----------------------------------------------------------------------===//
// In place
//===----------------------------------------------------------------------===//

static Tensor &update(const char *op, Tensor &self, const Tensor &value,
                      Location location) {
  auto kind = [](DType dtype) {
    return dtype == kBool ? 0 : is_floating_point(dtype) ? 2 : 1;
  };
  if (kind(value.dtype()) > kind(self.dtype()))
    expected(op, "a result that " + std::string(name(self.dtype())) + " holds",
             to_string(value.type()), location);
  if (value.device() != self.device())
    expected(op, "a result on " + self.device().str(), value.device().str(),
             location);
  if (value.shape() != self.shape())
    expected(op, "a result of shape " + to_string(self.shape()),
             to_string(value.shape()), location);
  Executor::current().assign(self, to(value, self.dtype(), location),
                             user_location(location));
  return self;
}

/// What an in-place op computes from: a copy, where its gradient may ask for
/// the old values.
static TensorArg old_values(const Tensor &self, const TensorArg &other) {
  bool recorded = GradMode::is_enabled() &&
                  !Executor::current().is_recording() &&
                  (self.requires_grad() ||
                   (!other.is_scalar() && other.tensor().requires_grad()));
  Location location = other.location();
  return TensorArg(recorded ? self.clone(location) : self, location);
}

Tensor &Tensor::add_(const TensorArg &other) {
  Location location = other.location();
  Tensor value = tensorc::add(old_values(*this, other), other);
  return update("add_", *this, value, location);
}
Tensor &Tensor::sub_(const TensorArg &other) {
  Location location = other.location();
  Tensor value = tensorc::sub(old_values(*this, other), other);
  return update("sub_", *this, value, location);
}
Tensor &Tensor::mul_(const TensorArg &other) {
  Location location = other.location();
  Tensor value = tensorc::mul(old_values(*this, other), other);
  return update("mul_", *this, value, location);
}
Tensor &Tensor::div_(const TensorArg &other) {
  Location location = other.location();
  Tensor value = tensorc::div(old_values(*this, other), other);
  return update("div_", *this, value, location);
}

Tensor &Tensor::copy_(const TensorArg &source) {
  Location location = source.location();
  DeviceGuard guard(device());
  Tensor value = source.is_scalar()
                     ? filled(shape(), source.scalar(), dtype(), location)
                     : source.tensor().to(device(), dtype(), location);
  if (value.shape() != shape())
    value = ops::broadcast_to(value, shape(), location);
  return update("copy_", *this, value, location);
}

Tensor &Tensor::fill_(Scalar value, Location location) {
  return copy_(TensorArg(value, location));
}

Tensor &Tensor::zero_(Location location) { return fill_(0, location); }

} // namespace tensorc
