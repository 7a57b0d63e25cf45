//===- tensor_type.h - Shapes and element types of values -------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TENSOR_TYPE_H
#define TENSORC_TENSOR_TYPE_H

#include "tensorc/dtype.h"
#include "tensorc/sym_int.h"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace tensorc {

/// A size of which nothing is known (`?`), while compiling kernels for any.
inline constexpr SymInt kDynamic = INT64_MIN;

/// Sizes: of a tensor, or others of its dimensions (ends, strides, padding).
class Shape : public std::vector<SymInt> {
public:
  using std::vector<SymInt>::vector;
  Shape(std::initializer_list<SymInt> sizes) : vector(sizes) {}
  Shape(const std::vector<std::int64_t> &sizes)
      : vector(sizes.begin(), sizes.end()) {}
  /// The sizes where all are numbers; else an `Error`, as of one size.
  operator std::vector<std::int64_t>() const { return {begin(), end()}; }
  /// The sizes of an eager tensor, where they are: all are numbers.
  const std::int64_t *numbers() const {
    static_assert(sizeof(SymInt) == sizeof(std::int64_t));
    return reinterpret_cast<const std::int64_t *>(data());
  }
  /// Whether both are the same sizes for all values of their symbols.
  bool is(const Shape &other) const {
    return size() == other.size() &&
           __builtin_memcmp(data(), other.data(), size() * sizeof(SymInt)) == 0;
  }
  /// Compares size by size, which is an `Error` where it isn't known.
  friend bool operator==(const Shape &a, const Shape &b) {
    bool equal = a.size() == b.size();
    for (std::size_t i = 0; equal && i < a.size(); ++i)
      equal = a[i] == b[i];
    return equal;
  }
};

/// Element type and shape of a tensor value.
struct TensorType {
  DType dtype = DType::Float32;
  Shape shape;
  bool operator==(const TensorType &other) const {
    return dtype == other.dtype && shape.is(other.shape);
  }
};

/// `[2, 3]`, `[B, 2*B + 1]`.
std::string to_string(const Shape &shape);
/// `float32[2, 3]`.
std::string to_string(const TensorType &type);

} // namespace tensorc

#endif // TENSORC_TENSOR_TYPE_H
