//===- Writes.cpp - Functions that write to a tensor ----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Calls.h"
#include "runtime/core/Dense.h"
#include "runtime/core/Operands.h"
#include "runtime/core/Sizes.h"
#include "tensorc/executor.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"
#include "tensorc/views.h"

#include <algorithm>
#include <numeric>

namespace tensorc {

static void check_written(const char *op, const Tensor &self,
                          Location location) {
  if (!self.defined() || !is_expanded(self))
    return;
  bool repeats = std::count(self.strides().begin(), self.strides().end(), 0);
  expected(op, "a tensor with a place of its own for each element",
           (repeats ? "an expanded one, " : "one of overlapping windows, ") +
               to_string(self.type()) + " (`clone()` it)",
           location);
}

//===----------------------------------------------------------------------===//
// The forms of functions
//===----------------------------------------------------------------------===//

bool wants_gradient(const Tensor &operand) {
  return operand.defined() && operand.requires_grad();
}
bool wants_gradient(const TensorArg &operand) {
  return !operand.is_scalar() && wants_gradient(operand.tensor());
}

WriteCall::WriteCall(const char *op, Tensor &target, Location location)
    : op_(op), target_(target), location_(location), scope_(op, location) {
  check_written(op, target, location);
}

/// Whether a tensor fills a piece of memory without gaps.
static bool fills_memory(const Tensor &tensor) {
  const Shape &shape = tensor.shape();
  std::vector<std::size_t> order(shape.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return tensor.strides()[a] < tensor.strides()[b];
  });
  std::int64_t step = 1;
  for (std::size_t d : order) {
    if (shape[d] == 1)
      continue;
    if (tensor.strides()[d] != step)
      return false;
    step *= shape[d];
  }
  return true;
}

/// As PyTorch sees it: tensors with gaps don't count.
static bool overlap_in_part(const Tensor &a, const Tensor &b) {
  const TensorImpl &left = *a.impl(), &right = *b.impl();
  if (a.is(b) || left.is_traced() || right.is_traced() ||
      left.storage != right.storage || a.numel() == 0 || b.numel() == 0 ||
      !fills_memory(a) || !fills_memory(b))
    return false;
  if (left.offset == right.offset && a.numel() == b.numel())
    return left.strides != right.strides;
  return left.offset < right.offset + b.numel() &&
         right.offset < left.offset + a.numel();
}

void WriteCall::check_out(std::initializer_list<OperandTensors> operands,
                          bool differentiable) const {
  if (!target_.defined())
    expected(op_, "a tensor", "an undefined one", location_);
  bool recorded = target_.requires_grad();
  for (const OperandTensors &operand : operands)
    for (const Tensor &tensor : operand.list) {
      recorded |= differentiable && wants_gradient(tensor);
      if (tensor.defined() && overlap_in_part(target_, tensor))
        expected(op_, "`out` apart from the operands, or one of them",
                 "one that overlaps " + to_string(tensor.type()) + " in part",
                 location_);
    }
  if (recorded && GradMode::is_enabled())
    expected(op_, "tensors that don't require grad, or a `NoGradGuard`",
             "one that does", location_);
}

Tensor WriteCall::operand(bool old_values_asked) const {
  return old_values_asked && GradMode::is_enabled() &&
                 !Executor::current().is_recording()
             ? target_.clone(location_)
             : target_;
}

void WriteCall::check_result(const Tensor &value) const {
  if (info_of(value.dtype()).kind > info_of(target_.dtype()).kind)
    expected(op_,
             "a result that " + std::string(name(target_.dtype())) + " holds",
             to_string(value.type()), location_);
  if (value.device() != target_.device())
    expected(op_, "a result on " + target_.device().str(), value.device().str(),
             location_);
  if (!value.shape().is(target_.shape()))
    expected(op_, "a result of shape " + to_string(target_.shape()),
             to_string(value.shape()), location_);
}

Tensor &WriteCall::assign(const Tensor &value) {
  check_result(value);
  Tensor stored = to(value, target_.dtype(), location_);
  Location line = user_location(location_);
  // Of a function without a gradient the tensor keeps its flag, and gets a
  // gradient of zero, as in PyTorch.
  if (wants_gradient(target_) && !wants_gradient(stored))
    Executor::current().copy(target_, stored, line);
  else
    Executor::current().assign(target_, stored, line);
  return target_;
}

Tensor &WriteCall::write(const Tensor &value) {
  check_result(value);
  return target_.copy_(TensorArg(value, location_));
}

//===----------------------------------------------------------------------===//
// Methods
//===----------------------------------------------------------------------===//

Tensor &Tensor::operator=(const TensorArg &value) && { return copy_(value); }

Tensor &Tensor::copy_(const TensorArg &source) {
  FunctionScope scope("copy_", source.location());
  Location location = source.location();
  DeviceGuard guard(device());
  check_written("copy_", *this, location);
  Tensor value =
      source.is_scalar()
          ? filled_exactly("copy_", shape(), source.scalar(), dtype(), location)
          : source.tensor().to(device(), dtype(), location);
  if (!value.shape().is(shape()))
    value = ops::broadcast_to(value, shape(), location);
  Executor::current().copy(*this, value, user_location(location));
  return *this;
}

Tensor &Tensor::fill_(Scalar value, Location location) {
  FunctionScope scope("fill_", location);
  // Where several elements lie in one place, it is written to once.
  Tensor once = *this;
  for (std::size_t d = 0; d < once.strides().size(); ++d)
    if (known_less(1, once.shape()[d]) && once.strides()[d] == 0)
      once = once.slice(std::int64_t(d), 0, 1, 1, location);
  once.copy_(TensorArg(value, location));
  return *this;
}

Tensor &Tensor::zero_(Location location) {
  FunctionScope scope("zero_", location);
  return fill_(0, location);
}

Tensor &operator+=(Tensor &a, const TensorArg &b) { return a.add_(b); }
Tensor &operator-=(Tensor &a, const TensorArg &b) { return a.sub_(b); }
Tensor &operator*=(Tensor &a, const TensorArg &b) { return a.mul_(b); }
Tensor &operator/=(Tensor &a, const TensorArg &b) { return a.div_(b); }
Tensor &operator+=(Tensor &&a, const TensorArg &b) { return a.add_(b); }
Tensor &operator-=(Tensor &&a, const TensorArg &b) { return a.sub_(b); }
Tensor &operator*=(Tensor &&a, const TensorArg &b) { return a.mul_(b); }
Tensor &operator/=(Tensor &&a, const TensorArg &b) { return a.div_(b); }

void Executor::copy(Tensor &target, const Tensor &source, Location location) {
  assign(target,
         records_write(target, source) ? ops::copy(target, source, location)
                                       : source,
         location);
}

void Executor::follow(const Tensor &) {}

} // namespace tensorc
