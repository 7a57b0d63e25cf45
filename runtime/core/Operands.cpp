//===- Operands.cpp - Brings operands together ----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Operands.h"
#include "runtime/core/Dense.h"
#include "runtime/core/Range.h"
#include "runtime/core/Sizes.h"
#include "tensorc/executor.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace tensorc {

void expected(const char *op, const std::string &what,
              const std::string &received, Location location) {
  throw Error(function_prefix(op) + "expected " + what + ", received " +
                  received,
              user_location(location));
}

static DTypeKind kind_of(DType dtype) { return info_of(dtype).kind; }

using MaybeType = std::optional<DType>;

/// `higher`, unless `lower` is of a higher kind.
static MaybeType combine(MaybeType higher, MaybeType lower) {
  if (!higher || !lower)
    return higher ? higher : lower;
  return kind_of(*lower) > kind_of(*higher) ? promote_types(*higher, *lower)
                                            : *higher;
}

static MaybeType promote(MaybeType a, DType b) {
  return a ? promote_types(*a, b) : b;
}

DType result_type(std::span<const TensorArg *const> operands) {
  MaybeType dims, zero_dims, numbers;
  for (const TensorArg *operand : operands) {
    if (operand->is_scalar())
      numbers = promote(numbers, operand->scalar().default_dtype());
    else if (operand->is_size())
      numbers = promote(numbers, kInt64);
    else if (operand->tensor().dim() == 0)
      zero_dims = promote(zero_dims, operand->tensor().dtype());
    else
      dims = promote(dims, operand->tensor().dtype());
  }
  return *combine(dims, combine(zero_dims, numbers));
}

Scalar converted(Scalar value, DType dtype) {
  if (is_floating_point(dtype))
    return value;
  char element[sizeof(std::int64_t)];
  write_element(element, dtype, value);
  std::int64_t whole = read_int(element, dtype);
  return dtype == kBool ? Scalar(whole != 0) : Scalar(whole);
}

/// PyTorch's `overflows`: unsigned types take negative numbers, too.
static bool holds(DType dtype, Scalar value) {
  double number = value.to_double();
  if (dtype == kBool || (is_floating_point(dtype) && !std::isfinite(number)))
    return true;
  if (is_floating_point(dtype)) {
    char element[sizeof(double)];
    write_element(element, dtype, value);
    return std::isfinite(read_double(element, dtype));
  }
  if (value.kind() == Scalar::Kind::Floating)
    return holds_whole(dtype, number);
  std::int64_t greatest = greatest_of(dtype);
  std::int64_t least = is_unsigned(dtype) ? -greatest : least_of(dtype);
  return value.to_int() >= least && value.to_int() <= greatest;
}

void require_number(const char *op, Scalar value, DType dtype,
                    Location location) {
  if (holds(dtype, value))
    return;
  char text[32];
  if (value.kind() == Scalar::Kind::Floating)
    std::snprintf(text, sizeof text, "%.9g", value.to_double());
  else
    std::snprintf(text, sizeof text, "%lld",
                  static_cast<long long>(value.to_int()));
  expected(op, "a number that " + std::string(name(dtype)) + " holds", text,
           location);
}

Tensor filled_exactly(const char *op, const Shape &shape, Scalar value,
                      DType dtype, Location location) {
  require_number(op, value, dtype, location);
  return filled(shape, value, dtype, location);
}

Tensor filled(const Shape &shape, Scalar value, DType dtype,
              Location location) {
  value = converted(value, dtype);
  // `full` holds its value as a double; a whole number that this rounds, if
  // the elements can tell, goes by memory.
  bool exact =
      value.kind() != Scalar::Kind::Integral ||
      (value.to_int() >= -(1ll << 53) && value.to_int() <= (1ll << 53));
  if (exact || is_floating_point(dtype))
    return ops::full(value.to_double(), shape, dtype, location);
  LocationScope scope(location);
  Tensor one = make_dense({dtype, {}}, kCPU);
  write_element(address(*one.impl()), dtype, value);
  one = moved_to(one, default_device());
  return broadcast_to(one, shape, location).clone(location);
}

Tensor constant(const Shape &shape, Scalar value, DType dtype,
                Location location) {
  if (Executor::current().is_recording() || default_device().is_cuda())
    return filled(shape, value, dtype, location);
  Tensor result = make_unset({dtype, {}}, kCPU);
  TensorImpl &impl = *result.impl();
  write_element(address(impl), dtype, converted(value, dtype));
  impl.type.shape = shape;
  impl.strides.assign(shape.size(), 0);
  return result;
}

[[noreturn]] static void reject_devices(std::string_view op, Device one,
                                        Device other, Location location) {
  throw Error(function_prefix(op) +
                  "expected operands on one device, received " + one.str() +
                  " and " + other.str(),
              user_location(location));
}

Device common_device(std::string_view op,
                     std::span<const TensorArg *const> operands,
                     Location location) {
  if (Executor::current().is_recording())
    return default_device();
  std::optional<Device> device;
  bool decided = false; // by more than 0-d tensors of the CPU
  for (const TensorArg *operand : operands) {
    if (operand->is_scalar() || !operand->tensor().defined())
      continue;
    Device here = operand->tensor().device();
    bool follows = operand->tensor().dim() == 0 && here.is_cpu();
    if (decided && !follows && here != *device)
      reject_devices(op, *device, here, location);
    if (!decided && (!follows || !device))
      device = here;
    decided |= !follows;
  }
  return device.value_or(default_device());
}

Device common_device(std::string_view op, std::span<const Tensor> operands,
                     Location location) {
  if (Executor::current().is_recording())
    return default_device();
  for (const Tensor &operand : operands)
    if (operand.device() != operands[0].device())
      reject_devices(op, operands[0].device(), operand.device(), location);
  return operands.empty() ? default_device() : operands[0].device();
}

TensorOptions options_like(const Tensor &self, TensorOptions options) {
  options.dtype = options.dtype.value_or(self.dtype());
  options.device = options.device.value_or(self.device());
  return options;
}

/// `tensor` with its elements repeated along what it lacks of `shape`, as an
/// operand of one call.
static Tensor broadcast(const Tensor &tensor, const Shape &shape,
                        Location location) {
  if (tensor.shape().is(shape))
    return tensor;
  bool recorded = GradMode::is_enabled() && tensor.requires_grad();
  if (recorded || Executor::current().is_recording())
    return ops::broadcast_to(tensor, shape, location);
  std::vector<std::int64_t> strides(shape.size(), 0);
  std::size_t added = shape.size() - tensor.shape().size();
  for (std::size_t d = added; d < shape.size(); ++d)
    if (tensor.shape()[d - added] == shape[d])
      strides[d] = tensor.strides()[d - added];
  return make_view(tensor, shape, std::move(strides), tensor.impl()->offset);
}

std::vector<Tensor> bring_together(const char *op,
                                   std::span<const TensorArg *const> operands,
                                   DType dtype, Location location) {
  Shape shape;
  for (const TensorArg *operand : operands) {
    if (operand->is_scalar())
      continue;
    if (!operand->tensor().defined())
      expected(op, "a tensor", "an undefined one", location);
    try {
      shape = broadcast_shapes(shape, operand->tensor().shape());
    } catch (const Error &) {
      std::string shapes;
      for (const TensorArg *each : operands)
        if (!each->is_scalar())
          shapes += (shapes.empty() ? "" : " and ") +
                    to_string(each->tensor().shape());
      shape.insert(shape.end(), operand->tensor().shape().begin(),
                   operand->tensor().shape().end());
      expected(op, "shapes that broadcast together",
               shapes + for_all_sizes(shape), location);
    }
  }
  Device device = common_device(op, operands, location);
  DeviceGuard guard(device);
  std::vector<Tensor> tensors;
  tensors.reserve(operands.size());
  for (const TensorArg *operand : operands) {
    if (operand->is_scalar()) {
      tensors.push_back(constant(shape, operand->scalar(), dtype, location));
      continue;
    }
    tensors.push_back(broadcast(operand->tensor().to(device, dtype, location),
                                shape, location));
  }
  return tensors;
}

Tensor TensorArg::value_of(SymInt size, Location location) {
  if (size.is(kDynamic))
    (void)std::int64_t(size); // an `Error`
  return ops::size_value({size}, location);
}

Tensor as_tensor(const TensorArg &operand) {
  if (!operand.is_scalar())
    return operand.tensor();
  return filled({}, operand.scalar(), operand.scalar().default_dtype(),
                operand.location());
}

Shape broadcast_shapes(const Shape &a, const Shape &b) {
  const Shape &longer = a.size() >= b.size() ? a : b;
  const Shape &shorter = a.size() >= b.size() ? b : a;
  Shape shape = longer;
  std::size_t skipped = longer.size() - shorter.size();
  for (std::size_t i = 0; i < shorter.size(); ++i) {
    SymInt x = longer[skipped + i], y = shorter[i];
    if (x.is(y) || y.is(1))
      continue;
    // An unknown size is taken to be the known one.
    if (!x.is(1) && !x.is(kDynamic) && !y.is(kDynamic))
      throw Error("expected shapes that broadcast together, received " +
                  to_string(a) + " and " + to_string(b));
    shape[skipped + i] = x.is(1) || x.is(kDynamic) ? y : x;
  }
  return shape;
}

std::int64_t normalize_dim(const char *op, std::int64_t dim, std::int64_t rank,
                           Location location) {
  // As in PyTorch, a 0-d tensor is taken to have one dimension.
  std::int64_t range = std::max<std::int64_t>(rank, 1);
  if (dim < -range || dim >= range)
    expected(op,
             "a dimension in [" + std::to_string(-range) + ", " +
                 std::to_string(range - 1) + "]",
             std::to_string(dim), location);
  return dim < 0 ? dim + range : dim;
}

std::vector<std::int64_t> normalize_dims(const char *op, const Dims &dims,
                                         std::int64_t rank, Location location) {
  std::vector<std::int64_t> result;
  if (dims.empty()) {
    result.resize(std::size_t(rank));
    std::iota(result.begin(), result.end(), 0);
    return result;
  }
  for (std::int64_t dim : dims)
    result.push_back(normalize_dim(op, dim, rank, location));
  std::sort(result.begin(), result.end());
  if (std::adjacent_find(result.begin(), result.end()) != result.end())
    expected(op, "each dimension once", to_string(Shape(dims)), location);
  if (rank == 0)
    result.clear();
  return result;
}

} // namespace tensorc
