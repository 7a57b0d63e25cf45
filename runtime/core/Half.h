//===- Half.h - Half-precision numbers --------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_CORE_HALF_H
#define TENSORC_RUNTIME_CORE_HALF_H

#include <bit>
#include <cstdint>

namespace tensorc {

/// IEEE binary16 and bfloat16 as bits; conversions round to nearest even, from
/// double directly, so that nothing is rounded twice.
std::uint16_t to_float16(double value);
std::uint16_t to_bfloat16(double value);
double from_float16(std::uint16_t bits);
inline double from_bfloat16(std::uint16_t bits) {
  return std::bit_cast<float>(std::uint32_t(bits) << 16);
}

} // namespace tensorc

#endif // TENSORC_RUNTIME_CORE_HALF_H
