//===- tensor_type.h - Shapes and element types of values -------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TENSOR_TYPE_H
#define TENSORC_TENSOR_TYPE_H

#include "tensorc/dtype.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tensorc {

/// A size: an integer, or unknown until run time (`?`) while compiling code for
/// any size.
inline constexpr std::int64_t kDynamic = INT64_MIN;
using Shape = std::vector<std::int64_t>;

/// Element type and shape of a tensor value.
struct TensorType {
  DType dtype = DType::Float32;
  Shape shape;
  bool operator==(const TensorType &) const = default;
};

/// `[2, 3]`; an unknown size is `?`.
std::string to_string(const Shape &shape);
/// `float32[2, 3]`.
std::string to_string(const TensorType &type);

} // namespace tensorc

#endif // TENSORC_TENSOR_TYPE_H
