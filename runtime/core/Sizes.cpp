//===- Sizes.cpp - Sizes, known or not ------------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Sizes.h"

namespace tensorc {

bool compatible(const Shape &a, const Shape &b) {
  if (a.size() != b.size())
    return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!compatible(a[i], b[i]))
      return false;
  return true;
}

std::int64_t plus(std::int64_t a, std::int64_t b) {
  std::int64_t sum;
  if (!__builtin_add_overflow(a, b, &sum))
    return sum;
  return a < 0 ? INT64_MIN + 1 : INT64_MAX; // INT64_MIN is `?`
}

std::int64_t times(std::int64_t a, std::int64_t b) {
  std::int64_t product;
  if (!__builtin_mul_overflow(a, b, &product))
    return product;
  return (a < 0) != (b < 0) ? INT64_MIN + 1 : INT64_MAX;
}

Shape merge(const Shape &a, const Shape &b) {
  Shape shape(a.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    shape[i] = merge(a[i], b[i]);
  return shape;
}

} // namespace tensorc
