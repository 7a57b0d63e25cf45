//===- Tensor.cpp - The tensor's own functions ----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/tensor.h"
#include "runtime/core/Dense.h"
#include "runtime/core/Operands.h"
#include "runtime/core/Sizes.h"
#include "runtime/core/SymExpr.h"
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

SymInt Tensor::size(std::int64_t dim, Location location) const {
  FunctionScope scope("size", location);
  if (this->dim() == 0)
    tensorc::expected("size", "a tensor with dimensions", to_string(type()),
                      location);
  dim = normalize_dim("size", dim, this->dim(), location);
  SymInt size = shape()[std::size_t(dim)];
  note_place(size, user_location(location));
  return size;
}

SymInt Tensor::numel() const {
  if (has_symbols(shape()))
    return count_of(shape());
  return element_count(shape());
}

bool Tensor::is_contiguous() const {
  // A traced tensor of unknown size is taken to be.
  if (strides().size() != shape().size() || numel().is(0))
    return true;
  SymInt step = 1;
  for (std::size_t d = shape().size(); d-- > 0;) {
    if (!shape()[d].is(1) && !step.is(strides()[d]))
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

void Tensor::backward(const Tensor &seed, bool retain_graph, bool create_graph,
                      Location location) const {
  location = user_location(location);
  {
    FunctionScope scope("backward", location);
    (void)checked();
  }
  Executor::current().backward(*this, seed, {retain_graph, create_graph},
                               location);
}

bool Tensor::view_requires_grad() const {
  Executor::of(*this).follow(*this);
  return impl_->requires_grad || lost_track(*this);
}

} // namespace tensorc
