//===- Sizes.h - Sizes, known or not ----------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_CORE_SIZES_H
#define TENSORC_RUNTIME_CORE_SIZES_H

#include "tensorc/op.h"

namespace tensorc {

inline bool is_dynamic(std::int64_t size) { return size == kDynamic; }
/// Whether two sizes can be the same one at run time.
inline bool compatible(std::int64_t a, std::int64_t b) {
  return a == b || is_dynamic(a) || is_dynamic(b);
}
bool compatible(const Shape &a, const Shape &b);
/// Sums and products of known sizes; what is too great for the type stays at
/// its end, as a size that no memory holds.
std::int64_t plus(std::int64_t a, std::int64_t b);
std::int64_t times(std::int64_t a, std::int64_t b);
/// The better known of two compatible sizes.
inline std::int64_t merge(std::int64_t a, std::int64_t b) {
  return is_dynamic(a) ? b : a;
}
Shape merge(const Shape &a, const Shape &b);

} // namespace tensorc

#endif // TENSORC_RUNTIME_CORE_SIZES_H
