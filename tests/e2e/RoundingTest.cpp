//===- RoundingTest.cpp - What may differ between modes -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A product in a sum is rounded, or it isn't: of f32 and f64, each optimized
// result is one of these two numbers. Halves, and code without optimization,
// round always. All else has the same bits at each -O level.
//
//===----------------------------------------------------------------------===//

#include "rounding_o0.h"
#include "rounding_o3.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

namespace {

using Row = std::vector<double>;

/// `x` with so many binary digits.
double rounded(double x, int digits) {
  int exponent;
  double fraction = std::frexp(x, &exponent);
  return std::ldexp(std::nearbyint(std::ldexp(fraction, digits)),
                    exponent - digits);
}

Row randomRow(unsigned seed, int digits) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> real(0.5, 2);
  Row row(1000);
  for (double &x : row)
    x = rounded(real(random), digits);
  return row;
}

rounding_o0::Model plain;
rounding_o3::Model optimized;

/// a * b + c with one rounding. Of up to 24 digits, a double holds it exactly.
double fused(double a, double b, double c, int digits) {
  return rounded(std::fma(a, b, c), digits);
}
double separate(double a, double b, double c, int digits) {
  volatile double product = rounded(a * b, digits);
  return rounded(product + c, digits);
}

/// `products` and `others` call these functions of a model, whose numbers have
/// `digits`.
template <typename F, typename G>
void expectSameBits(int digits, F &&products, G &&others) {
  Row a = randomRow(1, digits), b = randomRow(2, digits),
      c = randomRow(3, digits);
  auto expectRounded = [&](auto &model, bool mayFuse) {
    Row sum(1000), less(1000), from(1000);
    products(model, a, b, c, sum, less, from);
    for (size_t i = 0; i < 1000; ++i) {
      auto expectOneOf = [&](double got, double x, double z) {
        double once = fused(x, b[i], z, digits),
               twice = separate(x, b[i], z, digits);
        EXPECT_TRUE(got == twice || (mayFuse && got == once))
            << "element " << i << ": " << got << ", expected " << twice
            << (mayFuse ? " or " : ", not ") << once;
      };
      expectOneOf(sum[i], a[i], c[i]);
      expectOneOf(less[i], a[i], -c[i]);
      expectOneOf(from[i], -a[i], c[i]);
    }
  };
  expectRounded(plain, /*mayFuse=*/false);
  expectRounded(optimized, /*mayFuse=*/digits >= 24);
  auto otherResults = [&](auto &model) {
    Row scaled(1000), functions(1000), total(1), most(1);
    others(model, a, b, c, scaled, total, most, functions);
    scaled.insert(scaled.end(), functions.begin(), functions.end());
    scaled.push_back(total[0]);
    scaled.push_back(most[0]);
    return scaled;
  };
  EXPECT_EQ(otherResults(plain), otherResults(optimized));
}

TEST(Rounding, OfProductsInSumsMayDiffer) {
  expectSameBits(
      53, [](auto &m, auto &...args) { m.products_f64(args...); },
      [](auto &m, auto &...args) { m.others_f64(args...); });
  expectSameBits(
      24, [](auto &m, auto &...args) { m.products_f32(args...); },
      [](auto &m, auto &...args) { m.others_f32(args...); });
  expectSameBits(
      11, [](auto &m, auto &...args) { m.products_f16(args...); },
      [](auto &m, auto &...args) { m.others_f16(args...); });
  expectSameBits(
      8, [](auto &m, auto &...args) { m.products_bf16(args...); },
      [](auto &m, auto &...args) { m.others_bf16(args...); });
}

} // namespace
