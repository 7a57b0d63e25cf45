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
#include "tensorc/views.h"

namespace tensorc {

TensorImpl &Tensor::checked() const {
  if (!impl_)
    throw Error(function_prefix("") +
                    "expected a tensor, received an undefined one",
                user_location({}));
  return *impl_;
}

std::int64_t Tensor::size(std::int64_t dim, Location location) const {
  FunctionScope scope("size", location);
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
  // A traced tensor of unknown size is taken to be.
  if (strides().size() != shape().size() || numel() == 0)
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
  (void)tensor.type(); // an `Error` where there is no tensor
  (void)Executor::current().data(tensor, location);
  return moved_to(tensor, kCPU);
}

template <typename T> T Tensor::item(Location location) const {
  FunctionScope scope("item", location);
  location = user_location(location);
  Tensor host = host_values(*this, location);
  if (numel() != 1)
    tensorc::expected("item", "a tensor of one element", to_string(type()),
                      location);
  return read<T>(address(*host.impl()), dtype());
}

template <typename T> T *Tensor::data_ptr(Location location) const {
  FunctionScope scope("data_ptr", location);
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
  FunctionScope scope("to_vector", location);
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
  FunctionScope scope("requires_grad_", location);
  if (requires_grad && !is_floating_point())
    tensorc::expected("requires_grad_", "a floating-point tensor",
                      to_string(type()), location);
  if (!is_leaf() && !requires_grad)
    tensorc::expected("requires_grad_", "a leaf to clear the flag of",
                      "a tensor made by an op, which requires grad as its "
                      "operands do (use `detach()`)",
                      location);
  checked().requires_grad = requires_grad;
  return *this;
}

void Tensor::set_grad(const Tensor &grad, Location location) {
  FunctionScope scope("set_grad", location);
  TensorImpl &impl = checked();
  if (grad.is(*this))
    tensorc::expected("set_grad", "another tensor", "the tensor itself",
                      location);
  if (grad.defined() && (grad.type() != type() || grad.device() != device()))
    tensorc::expected(
        "set_grad",
        "a gradient of type " + to_string(type()) + " on " + device().str(),
        to_string(grad.type()) + " on " + grad.device().str(), location);
  impl.grad = grad.impl();
}

Tensor Tensor::detach(Location location) const {
  FunctionScope scope("detach", location);
  NoGradGuard no_grad;
  return ops::detach(*this, location);
}

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

Tensor Tensor::clone(Location location) const {
  FunctionScope scope("clone", location);
  return ops::clone(*this, location);
}

Tensor Tensor::contiguous(Location location) const {
  FunctionScope scope("contiguous", location);
  return is_contiguous() ? *this : clone(location);
}

//===----------------------------------------------------------------------===//
// In place
//===----------------------------------------------------------------------===//

Tensor &Tensor::operator=(const TensorArg &value) && { return copy_(value); }

static void check_written(const char *op, const Tensor &self,
                          Location location) {
  if (self.defined() && is_expanded(self))
    expected(op, "a tensor with a place of its own for each element",
             "an expanded one, " + to_string(self.type()) + " (`clone()` it)",
             location);
}

/// `self` is to be what an op made of it.
static void check_result(const char *op, const Tensor &self,
                         const Tensor &value, Location location) {
  if (info_of(value.dtype()).kind > info_of(self.dtype()).kind)
    expected(op, "a result that " + std::string(name(self.dtype())) + " holds",
             to_string(value.type()), location);
  if (value.device() != self.device())
    expected(op, "a result on " + self.device().str(), value.device().str(),
             location);
  if (value.shape() != self.shape())
    expected(op, "a result of shape " + to_string(self.shape()),
             to_string(value.shape()), location);
}

using Binary = Tensor (*)(const TensorArg &, const TensorArg &);

static Tensor &update(const char *op, Binary function, Tensor &self,
                      const TensorArg &operand, const TensorArg &other) {
  Location location = other.location();
  FunctionScope scope(op, location);
  check_written(op, self, location);
  Tensor value = function(operand, other);
  check_result(op, self, value, location);
  Executor::current().assign(self, to(value, self.dtype(), location),
                             user_location(location));
  return self;
}

/// What an in-place product or quotient is computed from: a copy, where the
/// gradient of `other` asks for the old values.
static TensorArg old_values(const Tensor &self, const TensorArg &other) {
  bool asked = GradMode::is_enabled() && !Executor::current().is_recording() &&
               !other.is_scalar() && other.tensor().defined() &&
               other.tensor().requires_grad();
  Location location = other.location();
  return TensorArg(asked ? self.clone(location) : self, location);
}

Tensor &Tensor::add_(const TensorArg &other) {
  return update("add_", tensorc::add, *this, {*this, other.location()}, other);
}
Tensor &Tensor::sub_(const TensorArg &other) {
  return update("sub_", tensorc::sub, *this, {*this, other.location()}, other);
}
Tensor &Tensor::mul_(const TensorArg &other) {
  return update("mul_", tensorc::mul, *this, old_values(*this, other), other);
}
Tensor &Tensor::div_(const TensorArg &other) {
  return update("div_", tensorc::div, *this, old_values(*this, other), other);
}

Tensor &Tensor::copy_(const TensorArg &source) {
  FunctionScope scope("copy_", source.location());
  Location location = source.location();
  DeviceGuard guard(device());
  check_written("copy_", *this, location);
  Tensor value =
      source.is_scalar()
          ? filled_exactly("copy_", shape(), source.scalar(), dtype(), location)
          : source.tensor().to(device(), dtype(), location);
  if (value.shape() != shape())
    value = ops::broadcast_to(value, shape(), location);
  Executor::current().copy(*this, value, user_location(location));
  return *this;
}

Tensor &Tensor::fill_(Scalar value, Location location) {
  FunctionScope scope("fill_", location);
  // Where several elements lie in one place, it is written to once.
  Tensor once = *this;
  for (std::size_t d = 0; d < once.strides().size(); ++d)
    if (once.shape()[d] > 1 && once.strides()[d] == 0)
      once = once.slice(std::int64_t(d), 0, 1, 1, location);
  once.copy_(TensorArg(value, location));
  return *this;
}

Tensor &Tensor::zero_(Location location) {
  FunctionScope scope("zero_", location);
  return fill_(0, location);
}

Tensor &add_out(Tensor &out, const TensorArg &self, const TensorArg &other) {
  Location location = self.is_scalar() ? other.location() : self.location();
  FunctionScope scope("add_out", location);
  auto recorded = [](const TensorArg &operand) {
    return !operand.is_scalar() && operand.tensor().requires_grad();
  };
  if (GradMode::is_enabled() &&
      (out.requires_grad() || recorded(self) || recorded(other)))
    expected("add_out", "tensors that don't require grad, or a `NoGradGuard`",
             "one that does", location);
  check_written("add_out", out, location);
  Tensor value = add(self, other);
  check_result("add_out", out, value, location);
  return out.copy_(TensorArg(value, location));
}

void Executor::copy(Tensor &target, const Tensor &source, Location location) {
  assign(target,
         records_write(target, source) ? ops::copy(target, source, location)
                                       : source,
         location);
}

void Executor::follow(const Tensor &) {}

} // namespace tensorc
