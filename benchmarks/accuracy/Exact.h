//===- Exact.h - What is drawn, and how far from exact it is ----*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_BENCHMARKS_ACCURACY_EXACT_H
#define TENSORC_BENCHMARKS_ACCURACY_EXACT_H

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace accuracy {

// The meanings that libm has no name for. Exact values are double beside f32,
// and long double beside f64.
template <typename Real> Real rsqrt(Real x) { return 1 / std::sqrt(x); }
template <typename Real> Real reciprocal(Real x) { return 1 / x; }
template <typename Real> Real sigmoid(Real x) {
  return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x));
}
template <typename Real> Real silu(Real x) { return x * sigmoid(x); }
template <typename Real> Real softplus(Real x) {
  return x <= 0 ? std::log1p(std::exp(x)) : x + std::log1p(std::exp(-x));
}
template <typename Real> Real gelu(Real x) {
  return x * std::erfc(-x / std::sqrt(Real(2))) / 2;
}
template <typename Real> Real floored(Real x, Real y) {
  Real rest = std::fmod(x, y);
  return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
}

/// In units in the last place of `exact`, which has more digits than T.
template <typename T, typename Real> double ulps_between(T got, Real exact) {
  using L = std::numeric_limits<T>;
  if (std::isnan(got) || std::isnan(exact))
    return std::isnan(got) && std::isnan(exact) ? 0 : INFINITY;
  // Rounded right: at most half a unit.
  if (got == T(exact) && std::signbit(got) == std::signbit(exact))
    return 0.5;
  if (std::isinf(exact) || exact == 0)
    return got == exact && std::signbit(got) == std::signbit(exact) ? 0
                                                                    : INFINITY;
  Real beyond = std::ldexp(Real(1), L::max_exponent);
  Real size = std::fmin(std::fabs(exact), beyond);
  Real value = std::isinf(got) ? beyond : std::fabs(Real(got));
  int exponent = std::min(std::max(std::ilogb(size), L::min_exponent - 1),
                          L::max_exponent - 1);
  if (value != 0 && std::signbit(got) != std::signbit(exact))
    return INFINITY;
  return double(std::fabs(value - size) /
                std::ldexp(Real(1), exponent - L::digits + 1));
}

inline std::uint64_t mix(std::uint64_t x) { // SplitMix64
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// The `n`-th operands of a sweep that takes every `step`-th f32; of f64, and
/// of two operands, they are random.
template <typename T>
void draw(std::uint64_t n, std::uint64_t step, bool binary, T &x, T &y) {
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  x = std::bit_cast<T>(Bits(sizeof(T) == 4 && !binary ? n * step : mix(n)));
  y = std::bit_cast<T>(Bits(mix(~n)));
  // Half of the pairs are such that most results are numbers.
  if (binary && n % 2) {
    int exponent;
    x = std::ldexp(std::frexp(std::fabs(x), &exponent), int(n % 9) - 4);
    y = std::ldexp(std::frexp(y, &exponent), int(n % 16) - 8);
  }
}

/// How many there are.
template <typename T> std::uint64_t draws(std::uint64_t step, bool binary) {
  std::uint64_t count = ((std::uint64_t(1) << 32) + step - 1) / step;
  // More of what is drawn at random shows little.
  return binary || sizeof(T) == 8 ? std::min<std::uint64_t>(count, 1 << 24)
                                  : count;
}

} // namespace accuracy

#define EXACT_pow std::pow(x, y)
#define EXACT_atan2 std::atan2(x, y)
#define EXACT_remainder accuracy::floored(x, y)

#endif // TENSORC_BENCHMARKS_ACCURACY_EXACT_H
