//===- Logarithm.cpp - log, log1p, log2 of f32 ----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// x = 2^k (1 + f), 1 + f in [1/sqrt 2, sqrt 2): a polynomial of f and k times a
// constant in two parts (W. Cody, W. Waite, Software Manual for the Elementary
// Functions, 1980, chapter 5). log1p takes f of x + 1 and of what that sum
// loses.
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/math/MathBuilder.h"
#include "compiler/codegen/math/MathPatterns.h"
#include <limits>

using namespace mlir;
using namespace tensorc::codegen;

static constexpr double infinity = std::numeric_limits<double>::infinity();
static constexpr double ln2High = 0x1.62e4p-1, ln2Low = 0x1.7f7d1cp-20;

namespace {
struct Split {
  Value k; ///< as f32
  Value f;
};
} // namespace

/// The bits of 2^k, less those of 1, for x = 2^k m, m in [1/sqrt 2, sqrt 2).
static Value exponentBits(MathBuilder &m, Value x) {
  return m.andBits(m.subBits(m.bitsOf(x), 0x3f3504f3), int32_t(0xff800000));
}

static Value asFloat(MathBuilder &m, Value exponent) {
  return arith::SIToFPOp::create(m.b, m.as(m.b.getF32Type()),
                                 m.shiftRight(exponent, 23));
}

/// Of positive finite numbers.
static Split split(MathBuilder &m, Value x) {
  Value isSubnormal = m.less(x, 0x1p-126);
  Value normal = m.select(isSubnormal, m.mul(x, 0x1p23), x);
  Value exponent = exponentBits(m, normal);
  Value mantissa = m.asNumber(m.subBits(m.bitsOf(normal), exponent));
  Value k = asFloat(m, exponent);
  return {m.select(isSubnormal, m.add(k, -23), k), m.add(mantissa, -1)};
}

/// `value`, but NaN below `zero`, -inf there, and x where that is inf or NaN.
static Value withSpecials(MathBuilder &m, Value x, double zero, Value value) {
  Value result = m.select(m.less(x, infinity), value, x);
  result = m.select(m.less(x, zero), std::numeric_limits<double>::quiet_NaN(),
                    result);
  return m.select(m.equal(x, zero), -infinity, result);
}

/// k ln 2 + ln(1 + f + lost).
static Value sum(MathBuilder &m, Split s, Value lost) {
  // (ln(1 + f) - f) / f^2, within 2^-27 of ln(1 + f).
  Value p = m.polynomial(s.f, {-0.0763506293, 0.127619833, -0.131601587,
                               0.142016977, -0.16623354, 0.200012296,
                               -0.250008225, 0.333333313, -0.5});
  Value start = m.mul(s.k, ln2High); // exact
  Value high = m.add(start, s.f);
  Value low = m.add(m.sub(start, high), s.f);
  if (lost)
    low = m.add(low, lost);
  low = m.fma(s.k, ln2Low, low);
  low = m.fma(m.mul(s.f, s.f), p, low);
  return m.add(high, low);
}

static Value emitLog(MathBuilder &m, Value x) {
  return withSpecials(m, x, 0, sum(m, split(m, x), {}));
}

static Value emitLog1p(MathBuilder &m, Value x) {
  Value exponent = exponentBits(m, m.add(x, 1));
  // f = 2^-k x + (2^-k - 1). The factor has 2^2 more, as 2^-128 has few bits.
  Value factor =
      m.asNumber(m.subBits(m.word(exponent.getType(), 0x40800000), exponent));
  Value quarter = m.mul(x, 0.25);
  Value start = m.fma(factor, 0.25, m.number(x.getType(), -1));
  Value f = m.fma(quarter, factor, start);
  Value lost = m.fma(quarter, factor, m.sub(start, f));
  Value result = sum(m, {asFloat(m, exponent), f}, lost);
  result = withSpecials(m, x, -1, result);
  return m.select(m.less(m.abs(x), 0x1p-25), x, result);
}

static Value emitLog2(MathBuilder &m, Value x) {
  Split s = split(m, x);
  // (log2(1 + f) - c f - d f^2) / f^3, c and d being 1 / ln 2 and -c / 2 but
  // for the polynomial's error; within 2^-27 of log2(1 + f).
  Value p =
      m.polynomial(s.f, {-0.109960608, 0.186174199, -0.191056639, 0.2046002,
                         -0.239618301, 0.288567483, -0.360696614, 0.480898231});
  // c in two parts; a square of its own, as p + d / f would lose bits.
  Value low = m.fma(m.mul(p, s.f), s.f, m.number(x.getType(), 1.92596299e-8));
  low = m.fma(s.f, -0.721347332, low);
  Value fraction = m.fma(s.f, 1.44269502, m.mul(low, s.f));
  return withSpecials(m, x, 0, m.add(fraction, s.k));
}

void tensorc::codegen::populateLogarithmPatterns(RewritePatternSet &patterns) {
  patterns.add<ExpandFunction<math::LogOp, emitLog>,
               ExpandFunction<math::Log1pOp, emitLog1p>,
               ExpandFunction<math::Log2Op, emitLog2>>(patterns.getContext(),
                                                       /*benefit=*/10);
}
