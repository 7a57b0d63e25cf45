//===- Power.cpp - pow of f32 ---------------------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// 2^(y log2 |x|) in f64: the exponent is below 2^8 where the result is finite,
// so a logarithm of 44 bits leaves 36.
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/math/MathBuilder.h"
#include "compiler/codegen/math/MathPatterns.h"
#include <limits>

using namespace mlir;
using namespace tensorc::codegen;

static constexpr double infinity = std::numeric_limits<double>::infinity();

/// log2 of an f32's magnitude, as f64, within 2^-44.
static Value log2OfMagnitude(MathBuilder &m, Value x) {
  Value bits = m.bitsOf(x);
  // x = 2^k (1 + f), 1 + f in [1/sqrt 2, sqrt 2).
  Value exponent = m.andBits(m.subBits(bits, 0x3fe6a09e667f3bcd),
                             int64_t(0xfff0000000000000));
  Value f = m.add(m.asNumber(m.subBits(bits, exponent)), -1);
  // Out of the upper half: AVX2 converts 32 bits only.
  Value k = arith::TruncIOp::create(m.b, m.as(m.b.getI32Type()),
                                    m.shiftRight(exponent, 32));
  k = arith::SIToFPOp::create(m.b, m.f64(), m.shiftRight(k, 20));
  // log2(1 + f) = 2 / ln 2 * artanh s, s = f / (f + 2).
  Value s = m.div(f, m.add(f, 2));
  Value p =
      m.polynomial(m.mul(s, s), {0.28256954101706452, 0.31993283086165143,
                                 0.41220844490596484, 0.57707795282204607,
                                 0.96179669405872873, 2.8853900817779268});
  Value result = m.fma(p, s, k);
  result = m.select(m.equal(x, 0.0), -infinity, result);
  return m.select(m.less(x, infinity), result, x);
}

/// 2^w of f64 that is within f32's range, else beyond it.
static Value exp2(MathBuilder &m, Value w) {
  w = m.atMost(m.atLeast(w, -200), 200);
  double magic = 0x1.8p52;
  Value shifted = m.add(w, magic);
  Value f = m.sub(w, m.add(shifted, -magic));
  // 2^f within 2^-34.
  Value power = m.polynomial(f, {1.5195968087670455e-5, 0.0001546701080012838,
                                 0.0013333937867943965, 0.0096180373972492819,
                                 0.055504103603362391, 0.24022651071082975,
                                 0.69314718070665131, 1});
  return m.asNumber(
      m.addBits(m.bitsOf(power), m.shiftLeft(m.bitsOf(shifted), 52)));
}

static Value emitPow(MathBuilder &m, Value base, Value exponent) {
  Value size = m.abs(m.extend(base));
  Value w = m.mul(m.extend(exponent), log2OfMagnitude(m, size));
  // 0 * inf: 1 to the power of anything has no part in it.
  w = m.select(m.equal(size, 1.0), 0.0, w);
  Value power = m.truncate(exp2(m, w));
  // Negative bases have powers of whole exponents alone.
  auto isWhole = [&](Value x) {
    return m.equal(math::FloorOp::create(m.b, x), x);
  };
  Value whole = isWhole(exponent);
  Value isOdd = m.both(whole, m.isNot(isWhole(m.mul(exponent, 0.5))));
  power = m.select(isOdd, m.withSignOf(power, base), power);
  Value isNegative = m.both(m.less(base, 0.0), m.greater(base, -infinity));
  power = m.select(m.both(isNegative, m.isNot(whole)),
                   std::numeric_limits<double>::quiet_NaN(), power);
  // NaN is a number here: 1 to its power is 1, and so is its power of 0.
  power = m.select(m.equal(base, 1.0), 1.0, power);
  return m.select(m.equal(exponent, 0.0), 1.0, power);
}

void tensorc::codegen::populatePowerPatterns(RewritePatternSet &patterns) {
  patterns.add<ExpandFunction<math::PowFOp, emitPow>>(patterns.getContext(),
                                                      /*benefit=*/10);
}
