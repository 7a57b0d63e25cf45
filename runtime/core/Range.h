//===- Range.h - Which numbers a type holds ---------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_CORE_RANGE_H
#define TENSORC_RUNTIME_CORE_RANGE_H

#include "tensorc/dtype.h"

#include <cmath>

namespace tensorc {

constexpr bool is_unsigned(DType dtype) { return !info_of(dtype).is_signed; }
/// The numbers of a type of whole ones go from `least_of` to `greatest_of`.
constexpr std::int64_t greatest_of(DType dtype) {
  if (dtype == DType::Bool)
    return 1;
  int bits = int(size_of(dtype)) * 8 - (is_unsigned(dtype) ? 0 : 1);
  return static_cast<std::int64_t>((std::uint64_t(1) << bits) - 1);
}
constexpr std::int64_t least_of(DType dtype) {
  return is_unsigned(dtype) ? 0 : -greatest_of(dtype) - 1;
}

/// Whether a type of whole numbers holds `value` without its fraction.
inline bool holds_whole(DType dtype, double value) {
  // The greatest int64 is no double; one more is.
  return value >= static_cast<double>(least_of(dtype)) &&
         std::trunc(value) < static_cast<double>(greatest_of(dtype)) + 1.0;
}

} // namespace tensorc

#endif // TENSORC_RUNTIME_CORE_RANGE_H
