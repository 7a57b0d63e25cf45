//===- Creation.cpp - Functions that make tensors -------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/creation.h"
#include "runtime/core/Dense.h"
#include "runtime/core/Operands.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"

#include <cmath>

namespace tensorc {

static DType type_in(const TensorOptions &options) {
  return options.dtype.value_or(kFloat32);
}

/// `value` everywhere, on the device that the options name.
static Tensor filled_as(const TensorOptions &options, const Shape &shape,
                        Scalar value, DType dtype, Location location) {
  DeviceGuard device(device_of(options));
  return filled_exactly("full", shape, value, dtype, location);
}

Tensor empty(const Shape &shape, const TensorOptions &options,
             Location location) {
  FunctionScope scope("empty", location);
  return zeros(shape, options, location);
}
Tensor zeros(const Shape &shape, const TensorOptions &options,
             Location location) {
  FunctionScope scope("zeros", location);
  return filled_as(options, shape, 0, type_in(options), location);
}
Tensor ones(const Shape &shape, const TensorOptions &options,
            Location location) {
  FunctionScope scope("ones", location);
  return filled_as(options, shape, 1, type_in(options), location);
}
Tensor full(const Shape &shape, Scalar value, const TensorOptions &options,
            Location location) {
  FunctionScope scope("full", location);
  return filled_as(options, shape, value,
                   options.dtype.value_or(value.default_dtype()), location);
}
Tensor zeros_like(const Tensor &self, const TensorOptions &options,
                  Location location) {
  FunctionScope scope("zeros_like", location);
  return full_like(self, 0, options, location);
}
Tensor ones_like(const Tensor &self, const TensorOptions &options,
                 Location location) {
  FunctionScope scope("ones_like", location);
  return full_like(self, 1, options, location);
}
Tensor full_like(const Tensor &self, Scalar value, const TensorOptions &options,
                 Location location) {
  FunctionScope scope("full_like", location);
  return full(self.shape(), value, options_like(self, options), location);
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

/// A dense tensor whose element i is `value(i)`.
template <typename F>
static Tensor generate(const Shape &shape, DType dtype, Device device,
                       F &&value) {
  Tensor result = make_dense({dtype, shape}, kCPU);
  char *element = address(*result.impl());
  std::int64_t count = element_count(shape);
  for (std::int64_t i = 0; i < count; ++i, element += size_of(dtype))
    write_element(element, dtype, value(i));
  return moved_to(result, device);
}

Tensor arange(Scalar start, Scalar end, Scalar step,
              const TensorOptions &options, Location location) {
  FunctionScope scope("arange", location);
  bool whole = true;
  for (const Scalar *value : {&start, &end, &step})
    whole &= value->kind() != Scalar::Kind::Floating;
  DType type = options.dtype.value_or(whole ? kInt64 : kFloat32);
  Device device = device_of(options);
  double span = end.to_double() - start.to_double(), by = step.to_double();
  if (by == 0 || !std::isfinite(by) || !std::isfinite(span) || span / by < 0)
    expected("arange", "a step that leads from start to end",
             std::to_string(start.to_double()) + ", " +
                 std::to_string(end.to_double()) + " by " + std::to_string(by),
             location);
  double steps = std::ceil(span / by);
  if (steps > 0x1p47)
    expected("arange", "as many steps as memory can hold",
             std::to_string(start.to_double()) + ", " +
                 std::to_string(end.to_double()) + " by " + std::to_string(by),
             location);
  auto count = static_cast<std::int64_t>(steps);
  if (whole)
    return generate({count}, type, device, [&](std::int64_t i) {
      return Scalar(start.to_int() + i * step.to_int());
    });
  return generate({count}, type, device, [&](std::int64_t i) {
    return Scalar(start.to_double() + double(i) * by);
  });
}
Tensor arange(Scalar end, const TensorOptions &options, Location location) {
  Scalar zero = end.kind() == Scalar::Kind::Floating ? Scalar(0.0) : Scalar(0);
  return arange(zero, end, 1, options, location);
}

Tensor detail::arange_of(SymInt end, const TensorOptions &options,
                         Location location) {
  if (!end.is_symbolic())
    return arange(Scalar(end), options, location);
  FunctionScope scope("arange", location);
  DeviceGuard device(device_of(options));
  return ops::iota(0, {end}, options.dtype.value_or(kInt64), location);
}

Tensor linspace(double start, double end, std::int64_t steps,
                const TensorOptions &options, Location location) {
  FunctionScope scope("linspace", location);
  if (steps < 0)
    expected("linspace", "at least 0 steps", std::to_string(steps), location);
  // From both ends, so that both are met exactly.
  double by = steps > 1 ? (end - start) / double(steps - 1) : 0;
  return generate({steps}, type_in(options), device_of(options),
                  [&](std::int64_t i) {
                    return Scalar(i < steps / 2 || steps == 1
                                      ? start + by * double(i)
                                      : end - by * double(steps - 1 - i));
                  });
}

Tensor eye(std::int64_t n, std::optional<std::int64_t> m,
           const TensorOptions &options, Location location) {
  FunctionScope scope("eye", location);
  std::int64_t columns = m.value_or(n);
  if (n < 0 || columns < 0)
    expected("eye", "sizes of at least 0", to_string(Shape{n, columns}),
             location);
  return generate({n, columns}, type_in(options), device_of(options),
                  [&](std::int64_t i) {
                    return Scalar(i / columns == i % columns ? 1 : 0);
                  });
}

//===----------------------------------------------------------------------===//
// From values
//===----------------------------------------------------------------------===//

NestedList::NestedList(std::initializer_list<NestedList> items)
    : shape_{std::int64_t(items.size())} {
  const NestedList *first = items.size() ? items.begin() : nullptr;
  if (first)
    shape_.insert(shape_.end(), first->shape_.begin(), first->shape_.end());
  for (const NestedList &item : items) {
    if (item.shape_ != first->shape_)
      throw Error("[tensor] expected lists of the same shape, received " +
                  to_string(first->shape_) + " and " + to_string(item.shape_));
    values_.insert(values_.end(), item.values_.begin(), item.values_.end());
  }
}

Tensor tensor(const NestedList &values, const TensorOptions &options,
              Location location) {
  FunctionScope scope("tensor", location);
  std::optional<DType> type = options.dtype;
  if (!type) {
    for (const Scalar &value : values.values())
      type = type ? promote_types(*type, value.default_dtype())
                  : value.default_dtype();
  }
  DType dtype = type.value_or(kFloat32);
  for (const Scalar &value : values.values())
    require_number("tensor", value, dtype, location);
  return generate(
      values.shape(), dtype, device_of(options),
      [&](std::int64_t i) { return values.values()[std::size_t(i)]; });
}
Tensor tensor(std::initializer_list<NestedList> values,
              const TensorOptions &options, Location location) {
  std::optional<NestedList> list;
  try {
    list.emplace(values);
  } catch (const Error &error) {
    throw Error(error.message(), user_location(location));
  }
  return tensor(*list, options, location);
}

template <typename T>
Tensor from_vector(const std::vector<T> &values, const Shape &shape,
                   Device device, Location location) {
  FunctionScope scope("from_vector", location);
  if (element_count(shape) != std::int64_t(values.size()))
    expected("from_vector", std::to_string(element_count(shape)) + " values",
             std::to_string(values.size()), location);
  return generate(shape, dtype_of<T>(), device_of(device), [&](std::int64_t i) {
    return Scalar(T(values[std::size_t(i)]));
  });
}
template <typename T>
Tensor from_vector(const std::vector<T> &values, const Shape &shape,
                   Location location) {
  return from_vector(values, shape, default_device(), location);
}
#define TENSORC_INSTANTIATE(T)                                                 \
  template Tensor from_vector(const std::vector<T> &, const Shape &,           \
                              Location);                                       \
  template Tensor from_vector(const std::vector<T> &, const Shape &, Device,   \
                              Location);
TENSORC_INSTANTIATE(bool)
TENSORC_INSTANTIATE(std::uint8_t)
TENSORC_INSTANTIATE(std::int8_t)
TENSORC_INSTANTIATE(std::int16_t)
TENSORC_INSTANTIATE(std::int32_t)
TENSORC_INSTANTIATE(std::int64_t)
TENSORC_INSTANTIATE(float)
TENSORC_INSTANTIATE(double)
#undef TENSORC_INSTANTIATE

Tensor from_blob(void *data, const Shape &shape, DType dtype,
                 Location location) {
  FunctionScope scope("from_blob", location);
  if (!data && element_count(shape) != 0)
    expected("from_blob", "memory", "a null pointer", location);
  auto impl = std::make_shared<TensorImpl>();
  impl->type = {dtype, shape};
  impl->strides = dense_strides(shape);
  impl->storage = std::make_shared<Storage>();
  impl->storage->data = data;
  impl->storage->bytes = std::size_t(element_count(shape)) * size_of(dtype);
  return Tensor(std::move(impl));
}

} // namespace tensorc
