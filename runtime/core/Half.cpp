//===- Half.cpp - Half-precision numbers ----------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Half.h"

#include <cmath>

namespace tensorc {

/// `value` in a format of 1 sign bit, an exponent biased by `bias`, and
/// `mantissa` bits, 16 in all.
static std::uint16_t narrow(double value, int mantissa, int bias) {
  std::uint64_t bits = std::bit_cast<std::uint64_t>(value);
  std::uint16_t sign = std::uint16_t(bits >> 48 & 0x8000);
  std::uint16_t infinity = std::uint16_t(0x7fff >> mantissa << mantissa);
  if (std::isnan(value))
    return std::uint16_t(sign | infinity | 1u << (mantissa - 1));
  double magnitude = std::fabs(value);
  // The weight of the last bit, which is the least for denormals.
  int exponent = magnitude == 0 ? 1 - bias : std::ilogb(magnitude);
  exponent = exponent < 1 - bias ? 1 - bias : exponent;
  if (exponent > bias)
    return std::uint16_t(sign | infinity);
  double units = std::nearbyint(std::ldexp(magnitude, mantissa - exponent));
  // A carry moves into the exponent by itself, up to infinity.
  std::uint64_t encoded =
      (std::uint64_t(exponent + bias - 1) << mantissa) + std::uint64_t(units);
  return std::uint16_t(sign | encoded);
}

std::uint16_t to_float16(double value) { return narrow(value, 10, 15); }
std::uint16_t to_bfloat16(double value) { return narrow(value, 7, 127); }

double from_float16(std::uint16_t bits) {
  int exponent = bits >> 10 & 0x1f, mantissa = bits & 0x3ff;
  double magnitude;
  if (exponent == 0x1f)
    magnitude = mantissa ? NAN : INFINITY;
  else if (exponent == 0)
    magnitude = std::ldexp(mantissa, -24);
  else
    magnitude = std::ldexp(mantissa + 1024, exponent - 25);
  return bits & 0x8000 ? -magnitude : magnitude;
}

} // namespace tensorc
