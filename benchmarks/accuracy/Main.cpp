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

#include "Exact.h"
#include "Functions.h"
#include "accuracy_o0.h"
#include "accuracy_o3.h"
#include <tensorc/tensorc.h>

#include <bit>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

using namespace accuracy;

namespace {

struct Sweep {
  std::uint64_t step, part, parts;
};
constexpr std::int64_t length = accuracy_o3::Model::exp_f32_x_shape[0];

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
  const std::uint64_t count = draws<T>(s.step, binary);
  const std::uint64_t chunks = (count + length - 1) / length;
  for (std::uint64_t chunk = s.part; chunk < chunks; chunk += s.parts) {
    for (std::int64_t i = 0; i < length; ++i)
      draw(chunk * length + std::uint64_t(i), s.step, binary, x[i], y[i]);
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
        using namespace accuracy;                                              \
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
  ACCURACY_UNARY(UNARY)
  ACCURACY_BINARY(BINARY)
}
