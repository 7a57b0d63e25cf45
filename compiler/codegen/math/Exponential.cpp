//===- Exponential.cpp - exp, exp2, expm1, tanh, erf of f32 ---------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// e^x = 2^n e^r with x = n ln 2 + r, |r| <= ln 2 / 2; ln 2 in two parts, so
// that n times the first is exact (W. Cody, W. Waite, Software Manual for the
// Elementary Functions, 1980, chapter 6).
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/math/MathBuilder.h"
#include "compiler/codegen/math/MathPatterns.h"
#include <numbers>

using namespace mlir;
using namespace tensorc::codegen;

/// The sum of ln2High, which has 16 bits, and ln2Low is ln 2.
static constexpr double ln2High = 0x1.62e4p-1, ln2Low = 0x1.7f7d1cp-20;
/// Adding it rounds to a whole number, which is in the low bits then.
static constexpr double magic = 0x1.8p23;
static constexpr int64_t magicBits = 0x4b400000;

namespace {
/// A number's nearest whole number, and that as i32.
struct Whole {
  Value number, word;
};
} // namespace

static Whole wholeOf(MathBuilder &m, Value shifted) {
  return {m.add(shifted, -magic), m.subBits(m.bitsOf(shifted), magicBits)};
}

/// 2^n, for n in [-126, 127].
static Value powerOfTwo(MathBuilder &m, Value n) {
  return m.asNumber(m.shiftLeft(m.addBits(n, 127), 23));
}

/// x * 2^n, where `shifted` is magic + n and `half` is magic + a, a about n /
/// 2: times 2^a, then times 2^(n-a), so that what is denormal is rounded once.
static Value scale(MathBuilder &m, Value x, Value shifted, Value half) {
  Value n = m.bitsOf(shifted), a = m.bitsOf(half);
  // The bits of magic are all shifted out.
  x = m.mul(x, powerOfTwo(m, a));
  return m.mul(x, powerOfTwo(m, m.subBits(n, a)));
}

static Value emitExp(MathBuilder &m, Value x) {
  // Beyond these bounds it is 0 or infinite.
  x = m.atMost(m.atLeast(x, -104), 89);
  Value start = m.number(x.getType(), magic);
  Value shifted = m.fma(x, std::numbers::log2e, start);
  Value half = m.fma(x, std::numbers::log2e / 2, start);
  Value n = m.add(shifted, -magic);
  Value r = m.fma(n, -ln2Low, m.fma(n, -ln2High, x));
  // e^r within 2^-28.
  Value power = m.polynomial(r, {0.00138143497, 0.00836885069, 0.0416684002,
                                 0.166665196, 0.49999994, 1, 1});
  return scale(m, power, shifted, half);
}

static Value emitExp2(MathBuilder &m, Value x) {
  x = m.atMost(m.atLeast(x, -151), 129);
  Value start = m.number(x.getType(), magic);
  Value shifted = m.add(x, start), half = m.fma(x, 0.5, start);
  Value f = m.sub(x, m.add(shifted, -magic));
  // 2^f, |f| <= 1/2, within 2^-28.
  Value power = m.polynomial(f, {0.000153531641, 0.00133991323, 0.00961843971,
                                 0.0555033199, 0.240226477, 0.693147182, 1});
  return scale(m, power, shifted, half);
}

namespace {
/// e^x = 2^n (1 + r + low), within 2^-27; |low| < |r|.
struct Parts {
  Whole n;
  Value r, low;
};
} // namespace

static Parts partsOfExp(MathBuilder &m, Value x) {
  Whole n =
      wholeOf(m, m.fma(x, std::numbers::log2e, m.number(x.getType(), magic)));
  Value exact = m.fma(n.number, -ln2High, x);
  Value r = m.fma(n.number, -ln2Low, exact);
  Value lost = m.fma(n.number, -ln2Low, m.sub(exact, r));
  // (e^r - 1 - r) / r^2 within 2^-34 of e^r.
  Value p = m.polynomial(r, {0.000197900226, 0.00139448617, 0.00833349861,
                             0.0416662917, 0.166666657, 0.5});
  return {n, r, m.fma(m.mul(r, r), p, lost)};
}

static Value emitExpM1(MathBuilder &m, Value x) {
  Parts e = partsOfExp(m, m.atMost(m.atLeast(x, -20), 89));
  // Half of it, as 2^128 is no number: 2^(n-1) - 1/2 + 2^(n-1) (r + low). Where
  // the first difference wouldn't be exact, 1/2 is taken off the last term.
  Value half = powerOfTwo(m, m.addBits(e.n.word, -1));
  Value isLarge = m.greater(e.n.number, 24.0);
  Value minusHalf = m.number(x.getType(), -0.5);
  Value start = m.add(half, m.select(isLarge, 0.0, minusHalf));
  Value sum = m.fma(half, e.r, start);
  Value lost = m.fma(half, e.r, m.sub(start, sum));
  lost = m.add(lost, m.select(isLarge, minusHalf, m.number(x.getType(), 0)));
  Value result = m.add(sum, m.fma(half, e.low, lost));
  result = m.add(result, result);
  // Small ones are themselves: the half of a denormal would lose a bit.
  return m.select(m.less(m.abs(x), 0x1p-25), x, result);
}

/// e^2|x| - 1 = d, in two parts; tanh |x| = d / (d + 2), whose quotient gets
/// its remainder back.
static Value emitTanh(MathBuilder &m, Value x) {
  Value magnitude = m.atMost(m.abs(x), 10);
  Parts e = partsOfExp(m, m.add(magnitude, magnitude));
  Value power = powerOfTwo(m, e.n.word);
  Value start = m.add(power, -1);
  Value sum = m.fma(power, e.r, start);
  Value lost = m.fma(power, e.r, m.sub(start, sum));
  Value rest = m.fma(power, e.low, lost);
  Value d = m.add(sum, rest);
  Value dLow = m.add(m.sub(sum, d), rest);

  Value divisor = m.add(d, 2);
  Value two = m.number(x.getType(), 2);
  Value isAbove = m.greater(d, two);
  Value larger = m.select(isAbove, d, two), smaller = m.select(isAbove, two, d);
  Value divisorLow = m.add(m.add(m.sub(larger, divisor), smaller), dLow);
  Value inverse = m.div(m.number(x.getType(), 1), divisor);
  Value quotient = m.mul(d, inverse);
  Value minus = m.neg(quotient);
  Value remainder =
      m.add(m.fma(minus, divisor, d), m.fma(minus, divisorLow, dLow));
  Value result = m.fma(remainder, inverse, quotient);
  // x - x^3 / 3, where products would be subnormal.
  result = m.select(m.less(m.abs(x), 0x1p-13), m.abs(x), result);
  return m.withSignOf(result, x);
}

/// Near 0 an odd polynomial; else 1 - e^-q(|x|), q = -ln(1 - erf) a polynomial
/// (the form of N. Juffa's erff).
static Value emitErf(MathBuilder &m, Value x) {
  Value z = m.mul(x, x);
  // erf(x) / x - 1 within 2^-32, |x| <= 7/8.
  Value p =
      m.polynomial(z, {8.69255891e-05, -0.000821519876, 0.00520711392,
                       -0.0268617366, 0.112837359, -0.376126349, 0.128379166});
  Value small = m.fma(p, x, x);
  Value magnitude = m.abs(x);
  Value c = m.atMost(magnitude, 4);
  // -q(x) / x; erf within 2^-34.
  Value q = m.polynomial(c, {2.52395853e-06, -3.98748525e-05, 0.000252223865,
                             -0.000632733165, -0.00155402895, 0.0209373832,
                             -0.103922464, -0.636203825, -1.12844467});
  Value y = m.mul(q, c);
  Value yLow = m.fma(q, c, m.neg(y));
  Parts e = partsOfExp(m, y);
  Value power = powerOfTwo(m, e.n.word);
  Value start = m.sub(m.number(x.getType(), 1), power);
  Value large = m.fma(m.neg(power), m.add(e.r, m.add(e.low, yLow)), start);
  return m.select(m.greater(magnitude, 0.875), m.withSignOf(large, x), small);
}

void tensorc::codegen::populateExponentialPatterns(
    RewritePatternSet &patterns) {
  patterns.add<ExpandFunction<math::ExpOp, emitExp>,
               ExpandFunction<math::Exp2Op, emitExp2>,
               ExpandFunction<math::ExpM1Op, emitExpM1>,
               ExpandFunction<math::TanhOp, emitTanh>,
               ExpandFunction<math::ErfOp, emitErf>>(patterns.getContext(),
                                                     /*benefit=*/10);
}
