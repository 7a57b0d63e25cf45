//===- FunctionsTest.cpp - Functions in every mode ------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiled with and without optimization, eager, and of constants: the same
// bits. Values and gradients at special points are compared with the host's
// 80-bit functions; codegen_test sweeps.
//
//===----------------------------------------------------------------------===//

#include "tests/e2e/Inputs/functions.h"
#include "functions_o0.h"
#include "functions_o3.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <gtest/gtest.h>

using namespace tensorc;

namespace {

using Exact = long double (*)(long double);
constexpr long double ln2 = 0.693147180559945309417232121458176568L;

long double logistic(long double x) { return 1 / (1 + std::exp(-x)); }
long double normal(long double x) {
  return std::erfc(-x / std::sqrt(2.0L)) / 2;
}
long double density(long double x) {
  return std::exp(-x * x / 2) / std::sqrt(2 * std::acos(-1.0L));
}

/// What a function is, how far from it results may be (in units in the last
/// place), and its slope. `absolute`: errors below that don't count.
struct Meaning {
  Exact exact;
  double ulps;
  Exact slope;
  double absolute = 0;
};

#define F(EXPRESSION) [](long double x) -> long double { return EXPRESSION; }
const std::vector<Meaning> unary = {
    {F(std::exp(x)), 1, F(std::exp(x))},
    {F(std::exp2(x)), 1, F(std::exp2(x) * ln2)},
    {F(std::expm1(x)), 1, F(std::exp(x))},
    {F(std::log(x)), 1, F(1 / x)},
    {F(std::log1p(x)), 1, F(1 / (1 + x))},
    {F(std::log2(x)), 1, F(1 / (x * ln2))},
    {F(std::sin(x)), 1, F(std::cos(x))},
    {F(std::cos(x)), 1, F(-std::sin(x))},
    {F(std::tan(x)), 1, F(1 + std::tan(x) * std::tan(x))},
    // 1 - y² has no more digits than y.
    {F(std::tanh(x)), 2, F(1 - std::tanh(x) * std::tanh(x)), 1},
    {F(std::erf(x)), 1, F(std::exp(-x * x) * 2 / std::sqrt(std::acos(-1.0L)))},
    {F(std::sqrt(x)), 0.5, F(1 / (2 * std::sqrt(x)))},
    {F(1 / std::sqrt(x)), 2, F(std::pow(1 / std::sqrt(x), 3) / -2)},
    {F(logistic(x)), 2, F(logistic(x) * logistic(-x)), 1},
    // As PyTorch: -inf * 0 is NaN, at -inf.
    {F(x * logistic(x)), 3, F(logistic(x) + x * logistic(x) * logistic(-x)), 1},
    {F(x <= 0 ? std::log1p(std::exp(x)) : x + std::log1p(std::exp(-x))), 2,
     F(logistic(x))},
    {F(x * normal(x)), 3, F(normal(x) + x * density(x)), 4},
    {F(1 / x), 0.5, F(-1 / (x * x))}};
#undef F

template <typename T> Tensor tensor_of(std::vector<T> &data, Shape shape) {
  return from_blob(data.data(), shape, dtype_of<T>()).clone();
}
template <typename T> std::vector<T> elements(const Tensor &tensor) {
  Tensor dense = tensor.contiguous();
  const T *first = dense.data_ptr<T>();
  return {first, first + dense.numel()};
}

/// Both NaN, or the same bits.
template <typename T>
void expect_same(const std::vector<T> &got, const std::vector<T> &expected,
                 const char *mode) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    bool is_same = !std::memcmp(&got[i], &expected[i], sizeof(T)) ||
                   (std::isnan(got[i]) && std::isnan(expected[i]));
    ASSERT_TRUE(is_same) << mode << ", element " << i << ": " << got[i]
                         << ", expected " << expected[i];
  }
}

/// In units in the last place of the exact result.
template <typename T> double ulps_between(T got, long double exact) {
  T rounded = T(exact);
  if (std::isnan(exact) || std::isinf(rounded) || rounded == 0)
    return (std::isnan(got) && std::isnan(exact)) ||
                   (got == rounded && std::signbit(got) == std::signbit(exact))
               ? 0
           : std::isnan(got) ? INFINITY
                             : std::fabs(double(got - rounded)) /
                                   std::numeric_limits<T>::denorm_min();
  int exponent =
      std::max(std::ilogb(exact), std::numeric_limits<T>::min_exponent - 1);
  return double(
      std::fabs(got - exact) /
      std::ldexp(1.0L, exponent + 1 - std::numeric_limits<T>::digits));
}

template <typename T> std::vector<T> special_values() {
  using L = std::numeric_limits<T>;
  T tail = sizeof(T) == 4 ? T(1) : T(8);
  std::vector<T> result = {0,
                           L::infinity(),
                           L::denorm_min(),
                           L::min(),
                           L::min() / 4,
                           T(1e-16),
                           T(1e-14),
                           T(1e-8),
                           T(1e-4),
                           T(0.1),
                           T(0.5),
                           T(0.9375),
                           1,
                           T(1.5707964),
                           2,
                           3,
                           T(3.1415927),
                           5,
                           10,
                           20,
                           36,
                           40,
                           80,
                           T(87.5) * tail,
                           T(88.5) * tail,
                           T(100) * tail,
                           T(1e6),
                           T(0x1p52),
                           T(0x1p54),
                           T(2e21),
                           L::max()};
  std::size_t count = result.size();
  for (std::size_t i = 0; i < count; ++i)
    result.push_back(-result[i]);
  result.push_back(L::quiet_NaN());
  result.resize(std::size_t(functions::length), T(0.3));
  return result;
}

template <typename T> class Functions : public ::testing::Test {};
using Types = ::testing::Types<float, double>;
TYPED_TEST_SUITE(Functions, Types);

/// Calls a method of both models that is there for each type.
#define CALL(MODEL, METHOD, ...)                                               \
  [&] {                                                                        \
    if constexpr (std::is_same_v<TypeParam, float>)                            \
      MODEL.METHOD##_f32(__VA_ARGS__);                                         \
    else                                                                       \
      MODEL.METHOD##_f64(__VA_ARGS__);                                         \
  }()

} // namespace

TYPED_TEST(Functions, AreExactInEveryMode) {
  using T = TypeParam;
  ASSERT_EQ(unary.size(), functions::unary.size());
  const std::int64_t length = functions::length;
  std::vector<T> values = special_values<T>(), x, y, dx, y0, dx0;
  for (std::size_t k = 0; k < unary.size(); ++k)
    x.insert(x.end(), values.begin(), values.end());
  for (std::vector<T> *each : {&y, &dx, &y0, &dx0})
    each->resize(x.size());
  functions_o3::Model o3;
  functions_o0::Model o0;
  CALL(o3, unary, x.data(), y.data(), dx.data());
  CALL(o0, unary, x.data(), y0.data(), dx0.data());
  expect_same(y0, y, "-O0");
  auto eager = functions::apply_unary(
      tensor_of(x, {std::int64_t(unary.size()), length}));
  expect_same(elements<T>(eager[0]), y, "eager");

  for (std::size_t k = 0; k < unary.size(); ++k)
    for (std::size_t i = 0; i < values.size(); ++i) {
      const Meaning &meaning = unary[k];
      std::size_t at = k * values.size() + i;
      T input = values[i];
      const char *name = functions::unary[k].name;
      long double exact = meaning.exact(input);
      T epsilon = std::numeric_limits<T>::epsilon();
      // gelu's sum 1 + erf cancels, and silu has a denormal as a factor: what
      // is left of their digits counts beside the input.
      T unit = meaning.absolute > 1   ? epsilon
               : meaning.absolute > 0 ? std::numeric_limits<T>::denorm_min()
                                      : T(0);
      bool is_small = std::isfinite(input) &&
                      std::fabs(y[at] - T(exact)) <= unit * std::fabs(input);
      if (!is_small)
        EXPECT_LE(ulps_between(y[at], exact), meaning.ulps)
            << name << "(" << input << ") is " << y[at] << ", expected "
            << double(exact);
      if (!std::isfinite(input))
        continue;
      long double slope = meaning.slope(input);
      // -O3 fuses products into sums.
      for (T got : {dx[at], dx0[at]}) {
        bool is_slope_small =
            std::fabs(got - T(slope)) <= meaning.absolute * 8 * epsilon;
        if (!is_slope_small)
          EXPECT_LE(ulps_between(got, slope), 8)
              << "the slope of " << name << " at " << input << " is " << got
              << ", expected " << double(slope);
      }
    }
}

TYPED_TEST(Functions, OfTwoOperandsAreExactInEveryMode) {
  using T = TypeParam;
  std::vector<T> left = special_values<T>();
  std::vector<T> y(3 * left.size()), y0 = y, dleft(left.size()), dright = dleft,
                                     ignored = dleft, ignored2 = dleft;
  functions_o3::Model o3;
  functions_o0::Model o0;
  const std::int64_t length = functions::length;
  for (std::size_t shift = 0; shift < left.size(); ++shift) {
    std::vector<T> right = left;
    std::rotate(right.begin(), right.begin() + std::ptrdiff_t(shift),
                right.end());
    CALL(o3, binary, left.data(), right.data(), y.data(), dleft.data(),
         dright.data());
    CALL(o0, binary, left.data(), right.data(), y0.data(), ignored.data(),
         ignored2.data());
    expect_same(y0, y, "-O0");
    if (shift % 8 == 0) {
      auto eager = functions::apply_binary(tensor_of(left, {length}),
                                           tensor_of(right, {length}));
      expect_same(elements<T>(eager[0]), y, "eager");
    }
    for (std::size_t i = 0; i < left.size(); ++i) {
      long double a = left[i], b = right[i];
      EXPECT_LE(ulps_between(y[i], std::pow(a, b)), 1)
          << "pow(" << left[i] << ", " << right[i] << ") is " << y[i];
      EXPECT_LE(ulps_between(y[left.size() + i], std::atan2(a, b)), 1)
          << "atan2(" << left[i] << ", " << right[i] << ") is "
          << y[left.size() + i];
      if (std::isnan(a) || std::isnan(b) || (a == 0 && b == 0) ||
          (std::isinf(a) && std::isinf(b)))
        continue;
      // Without overflow: x / (x² + y²) is 1 / (x + y² / x).
      long double da = b == 0 ? 0 : 1 / (b + a / b * a);
      long double db = a == 0 ? -0.0L : -1 / (a + b / a * b);
      auto near = [](T got, long double exact) {
        return T(exact) == 0
                   ? std::fabs(got) <= std::numeric_limits<T>::denorm_min()
                   : ulps_between(got, exact) <= 8;
      };
      EXPECT_TRUE(near(dleft[i], da))
          << "d atan2(" << left[i] << ", " << right[i] << ") is " << dleft[i]
          << ", expected " << double(da);
      EXPECT_TRUE(near(dright[i], db))
          << "atan2(" << left[i] << ", d " << right[i] << ") is " << dright[i]
          << ", expected " << double(db);
    }
  }
}

TYPED_TEST(Functions, OfConstantsHaveTheBitsOfRunTime) {
  using T = TypeParam;
  const std::size_t length = std::size_t(functions::length);
  const std::size_t ones = functions::known.size() * unary.size(),
                    pairs = functions::known.size() * functions::known.size();
  std::vector<T> expected, y((ones + 3 * pairs) * length), y0 = y;
  functions_o3::Model o3;
  functions_o0::Model o0;
  for (double value : functions::known) {
    std::vector<T> x(unary.size() * length, T(value)), row = x, ignored = x;
    CALL(o3, unary, x.data(), row.data(), ignored.data());
    expected.insert(expected.end(), row.begin(), row.end());
  }
  for (double left : functions::known)
    for (double right : functions::known) {
      std::vector<T> a(length, T(left)), b(length, T(right)), row(3 * length),
          ignored = a, ignored2 = a;
      CALL(o3, binary, a.data(), b.data(), row.data(), ignored.data(),
           ignored2.data());
      expected.insert(expected.end(), row.begin(), row.end());
    }
  CALL(o3, known, y.data());
  CALL(o0, known, y0.data());
  expect_same(y, expected, "folded");
  expect_same(y0, expected, "folded, -O0");
  expect_same(elements<T>(functions::apply_known(dtype_of<T>())), expected,
              "eager");
}
