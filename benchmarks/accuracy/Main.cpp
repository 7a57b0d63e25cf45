//===- Main.cpp - How far functions are from exact ------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// usage: accuracy-benchmark STEP PART PARTS FUNCTION
//
// Takes every STEP-th f32 (pairs of them at random), and f64
// at random, of which this process has one part; prints a row for each type:
// function, type, worst error in units in the last place, its operands,
// elements whose bits are others at -O0, and eagerly, and a hash of all bits.
// accuracy.py puts rows together.
//
//===----------------------------------------------------------------------===//

#include "Functions.h"
#include "accuracy_o0.h"
#include "accuracy_o3.h"
#include <tensorc/tensorc.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

namespace {

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

struct Sweep {
  std::uint64_t step, part, parts;
};
constexpr std::int64_t length = accuracy_o3::Model::exp_f32_x_shape[0];

std::uint64_t mix(std::uint64_t x) { // SplitMix64
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

template <typename T, typename O3, typename O0, typename Eager, typename Exact>
void sweep(const char *name, Sweep s, bool binary, O3 o3, O0 o0, Eager eager,
           Exact exact) {
  using Real = std::conditional_t<sizeof(T) == 4, double, long double>;
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  tensorc::DType dtype = sizeof(T) == 4 ? tensorc::kFloat32 : tensorc::kFloat64;
  std::vector<T> x(length), y(length), got(length), other(length);
  double worst = 0;
  T at[2] = {};
  std::uint64_t differ[2] = {}, hash = 0;
  std::uint64_t count = ((1ull << 32) + s.step - 1) / s.step;
  // More of what is drawn at random shows little.
  if (binary || sizeof(T) == 8)
    count = std::min<std::uint64_t>(count, 1 << 24);
  const std::uint64_t chunks = (count + length - 1) / length;
  for (std::uint64_t chunk = s.part; chunk < chunks; chunk += s.parts) {
    for (std::int64_t i = 0; i < length; ++i) {
      std::uint64_t n = chunk * length + std::uint64_t(i);
      x[i] = std::bit_cast<T>(
          Bits(sizeof(T) == 4 && !binary ? n * s.step : mix(n)));
      y[i] = std::bit_cast<T>(Bits(mix(~n)));
      // Half of the pairs are such that most results are numbers.
      if (binary && n % 2) {
        int exponent;
        x[i] =
            std::ldexp(std::frexp(std::fabs(x[i]), &exponent), int(n % 9) - 4);
        y[i] = std::ldexp(std::frexp(y[i], &exponent), int(n % 16) - 8);
      }
    }
    o3(x.data(), y.data(), got.data());
    for (int mode = 0; mode < 2; ++mode) {
      if (mode == 0) {
        o0(x.data(), y.data(), other.data());
      } else {
        tensorc::Tensor result =
            eager(tensorc::from_blob(x.data(), {length}, dtype),
                  tensorc::from_blob(y.data(), {length}, dtype));
        std::memcpy(other.data(), result.template data_ptr<T>(),
                    sizeof(T) * length);
      }
      for (std::int64_t i = 0; i < length; ++i)
        differ[mode] +=
            std::bit_cast<Bits>(got[i]) != std::bit_cast<Bits>(other[i]) &&
            !(std::isnan(got[i]) && std::isnan(other[i]));
    }
    for (std::int64_t i = 0; i < length; ++i) {
      if (!std::isnan(got[i]))
        hash += mix(std::bit_cast<Bits>(got[i]) + chunk * length + i);
      double error = ulps_between(got[i], exact(Real(x[i]), Real(y[i])));
      if (!(error <= worst)) {
        worst = error;
        at[0] = x[i];
        at[1] = y[i];
      }
    }
  }
  std::printf("%s\t%s\t%.17g\t%a%s", name, sizeof(T) == 4 ? "f32" : "f64",
              worst, double(at[0]), binary ? " " : "");
  if (binary)
    std::printf("%a", double(at[1]));
  std::printf("\t%llu\t%llu\t%llu\n", (unsigned long long)differ[0],
              (unsigned long long)differ[1], (unsigned long long)hash);
}

} // namespace

int main(int count, char **words) {
  if (count != 5) {
    std::fprintf(stderr,
                 "usage: accuracy-benchmark STEP PART PARTS FUNCTION\n");
    return 2;
  }
  Sweep s{std::stoull(words[1]), std::stoull(words[2]), std::stoull(words[3])};
  std::string wanted = words[4];
  accuracy_o3::Model o3;
  accuracy_o0::Model o0;
  using tensorc::Tensor;
#define ROW(NAME, T, SUFFIX, BINARY, CALL, EAGER, EXACT)                       \
  sweep<T>(                                                                    \
      #NAME, s, BINARY,                                                        \
      [&](const T *x, [[maybe_unused]] const T *y, T *z) {                     \
        o3.NAME##SUFFIX CALL;                                                  \
      },                                                                       \
      [&](const T *x, [[maybe_unused]] const T *y, T *z) {                     \
        o0.NAME##SUFFIX CALL;                                                  \
      },                                                                       \
      [&](const Tensor &x, [[maybe_unused]] const Tensor &y) {                 \
        return tensorc::NAME EAGER;                                            \
      },                                                                       \
      [](auto x, [[maybe_unused]] auto y) {                                    \
        using namespace std;                                                   \
        return EXACT;                                                          \
      });
#define UNARY(NAME)                                                            \
  if (wanted == #NAME) {                                                       \
    ROW(NAME, float, _f32, false, (x, z), (x), (NAME)(x))                      \
    ROW(NAME, double, _f64, false, (x, z), (x), (NAME)(x))                     \
  }
#define BINARY(NAME)                                                           \
  if (wanted == #NAME) {                                                       \
    ROW(NAME, float, _f32, true, (x, y, z), (x, y), EXACT_##NAME)              \
    ROW(NAME, double, _f64, true, (x, y, z), (x, y), EXACT_##NAME)             \
  }
#define EXACT_pow std::pow(x, y)
#define EXACT_atan2 std::atan2(x, y)
#define EXACT_remainder floored(x, y)
  ACCURACY_UNARY(UNARY)
  ACCURACY_BINARY(BINARY)
}
