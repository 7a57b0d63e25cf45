//===- creation.h - Functions that make tensors -----------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_CREATION_H
#define TENSORC_CREATION_H

#include "tensorc/tensor.h"

#include <concepts>
#include <type_traits>

namespace tensorc {

namespace detail {
Tensor arange_of(SymInt end, const TensorOptions &options, Location location);
} // namespace detail

// Where `options` name no type it is float32, and where they name no device the
// default one (tensorc/device.h), unless a function says otherwise. Without
// memory for a tensor they throw `OutOfMemoryError`, for a device that isn't
// there `Error`.
//
// Outside of traced functions, one of a size that is a symbol has no elements:
// it is an example (tensorc/export.h).

/// Elements are zero too: nothing is ever left unset.
Tensor empty(const Shape &shape, const TensorOptions &options = {},
             Location location = Location::current());
Tensor zeros(const Shape &shape, const TensorOptions &options = {},
             Location location = Location::current());
Tensor ones(const Shape &shape, const TensorOptions &options = {},
            Location location = Location::current());
/// The type follows from `value` when left out: bool, int64 or float32.
Tensor full(const Shape &shape, Scalar value, const TensorOptions &options = {},
            Location location = Location::current());
// Of the type of `self` and on its device.
Tensor zeros_like(const Tensor &self, const TensorOptions &options = {},
                  Location location = Location::current());
Tensor ones_like(const Tensor &self, const TensorOptions &options = {},
                 Location location = Location::current());
Tensor full_like(const Tensor &self, Scalar value,
                 const TensorOptions &options = {},
                 Location location = Location::current());
/// `start`, `start + step`, … below `end`; int64 when all are whole.
Tensor arange(Scalar start, Scalar end, Scalar step = 1,
              const TensorOptions &options = {},
              Location location = Location::current());
Tensor arange(Scalar end, const TensorOptions &options = {},
              Location location = Location::current());
/// The same of a size, which may be a symbol.
template <std::same_as<SymInt> Size>
Tensor arange(Size end, const TensorOptions &options = {},
              Location location = Location::current()) {
  return detail::arange_of(end, options, location);
}
/// `steps` values from `start` to `end`, both included.
Tensor linspace(double start, double end, std::int64_t steps,
                const TensorOptions &options = {},
                Location location = Location::current());
/// The identity matrix, n × m (m = n when left out).
Tensor eye(std::int64_t n, std::optional<std::int64_t> m = {},
           const TensorOptions &options = {},
           Location location = Location::current());

/// Restarts this thread's random numbers. The same seed gives the same numbers
/// on every machine and device.
void manual_seed(std::uint64_t seed);
/// Uniform in [0, 1). Not while tracing.
Tensor rand(const Shape &shape, const TensorOptions &options = {},
            Location location = Location::current());
/// Standard normal. Not while tracing.
Tensor randn(const Shape &shape, const TensorOptions &options = {},
             Location location = Location::current());
Tensor rand_like(const Tensor &self, const TensorOptions &options = {},
                 Location location = Location::current());
Tensor randn_like(const Tensor &self, const TensorOptions &options = {},
                  Location location = Location::current());

/// Nested braces of numbers, for `tensor({{1, 2}, {3, 4}})`.
class NestedList {
public:
  template <typename T>
    requires std::is_arithmetic_v<T>
  NestedList(T value) : values_{Scalar(value)} {}
  /// Throws `Error` where the lists inside differ in shape.
  NestedList(std::initializer_list<NestedList> items);

  const std::vector<Scalar> &values() const { return values_; }
  const Shape &shape() const { return shape_; }

private:
  std::vector<Scalar> values_;
  Shape shape_;
};
/// A tensor of the given numbers; the type follows from them when left out.
Tensor tensor(const NestedList &values, const TensorOptions &options = {},
              Location location = Location::current());
Tensor tensor(std::initializer_list<NestedList> values,
              const TensorOptions &options = {},
              Location location = Location::current());
/// A tensor of `values`, row-major.
template <typename T>
Tensor from_vector(const std::vector<T> &values, const Shape &shape,
                   Location location = Location::current());
template <typename T>
Tensor from_vector(const std::vector<T> &values, const Shape &shape,
                   Device device, Location location = Location::current());
/// A tensor over the caller's memory (row-major), which must outlive it. On the
/// CPU, whatever the default is.
Tensor from_blob(void *data, const Shape &shape, DType dtype = kFloat32,
                 Location location = Location::current());

/// `DType` of a C++ type.
template <typename T> constexpr DType dtype_of() {
  if constexpr (std::is_same_v<T, bool>)
    return kBool;
  else if constexpr (std::is_same_v<T, float>)
    return kFloat32;
  else if constexpr (std::is_same_v<T, double>)
    return kFloat64;
  else if constexpr (std::is_same_v<T, std::uint8_t>)
    return kUInt8;
  else if constexpr (std::is_signed_v<T> && sizeof(T) == 1)
    return kInt8;
  else if constexpr (std::is_signed_v<T> && sizeof(T) == 2)
    return kInt16;
  else if constexpr (std::is_signed_v<T> && sizeof(T) == 4)
    return kInt32;
  else {
    static_assert(std::is_signed_v<T> && sizeof(T) == 8,
                  "no element type is like this C++ type");
    return kInt64;
  }
}

} // namespace tensorc

#endif // TENSORC_CREATION_H
