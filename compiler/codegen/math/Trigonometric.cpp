//===- Trigonometric.cpp - sin, cos, tan of f32 ---------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In f64. x = n * unit + r, unit being pi or pi/2: up to 2^30 by Cody and
// Waite's reduction (unit in two parts); beyond, where n has no place in a
// double, from as many bits of 2/pi as there are in the largest f32 (M. Payne,
// R. Hanek, Radian reduction for trigonometric functions, SIGNUM Newsletter 18,
// 1983): in words of 28 bits, whose products with an f32 are exact.
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/math/MathBuilder.h"
#include "compiler/codegen/math/MathPatterns.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include <numbers>

using namespace mlir;
using namespace tensorc::codegen;

/// pi is the sum of its nearest double and piLow.
static constexpr double pi = std::numbers::pi, piLow = 0x1.1a62633145c07p-53;
static constexpr double magic = 0x1.8p52;
static constexpr double fastLimit = 0x1p30;
/// The first 196 bits of 2/pi.
static constexpr double twoOverPi[] = {
    0xa2f9836p-28,  0xe4e4415p-56,  0x29fc275p-84, 0x7d1f534p-112,
    0xddc0db6p-140, 0x295993cp-168, 0x439041fp-196};

namespace {
/// A number of quarter turns: modulo 4, in two parts.
struct Turns {
  Value high, low;
};
/// x = (n + shift) * unit + rest.
struct Reduced {
  Value rest;
  Value n; ///< i64, whose lowest bits are right
};
struct Unit {
  double quarters; ///< 1 for pi/2, 2 for pi
  double shift;
};
} // namespace

static Turns quarterTurns(MathBuilder &m, Value x) {
  Turns turns;
  for (double word : twoOverPi) {
    Value part = m.mul(x, word); // exact
    part = m.fma(m.round(m.mul(part, 0.25)), -4, part);
    if (!turns.high) {
      turns = {part, m.number(x.getType(), 0)};
      continue;
    }
    // What the sum loses (D. Knuth, The Art of Computer Programming, 4.2.2).
    Value sum = m.add(turns.high, part);
    Value added = m.sub(sum, turns.high);
    Value lost =
        m.add(m.sub(turns.high, m.sub(sum, added)), m.sub(part, added));
    turns = {sum, m.add(turns.low, lost)};
  }
  return turns;
}

static Reduced reduceLarge(MathBuilder &m, Value x, Unit unit) {
  Turns turns = quarterTurns(m, x);
  Value high = m.mul(turns.high, 1 / unit.quarters);
  Value low = m.mul(turns.low, 1 / unit.quarters);
  Value n = m.round(m.add(high, -unit.shift));
  Value rest = m.add(m.sub(high, m.add(n, unit.shift)), low);
  return {m.mul(rest, pi / 2 * unit.quarters), m.bitsOf(m.add(n, magic))};
}

/// Whether a lane is true.
static Value any(MathBuilder &m, Value lanes) {
  auto type = dyn_cast<VectorType>(lanes.getType());
  if (!type)
    return lanes;
  if (type.getRank() != 1)
    lanes = vector::ShapeCastOp::create(
        m.b, VectorType::get(type.getNumElements(), type.getElementType()),
        lanes);
  return vector::ReductionOp::create(m.b, vector::CombiningKind::OR, lanes);
}

/// Of an f64 that is an f32.
static Reduced reduce(MathBuilder &m, Value x, Unit unit) {
  Type type = x.getType();
  double period = pi / 2 * unit.quarters, low = piLow / 2 * unit.quarters;
  Value shifted =
      unit.shift == 0
          ? m.fma(x, 1 / period, m.number(type, magic))
          : m.add(m.fma(x, 1 / period, m.number(type, -unit.shift)), magic);
  Value n = m.add(shifted, -magic);
  if (unit.shift != 0)
    n = m.add(n, unit.shift);
  Value rest = m.fma(n, -low, m.fma(n, -period, x));
  Value bits = m.bitsOf(shifted);

  Value isLarge = m.isNot(m.less(m.abs(x), fastLimit));
  auto branch =
      scf::IfOp::create(m.b, TypeRange{type, bits.getType()}, any(m, isLarge),
                        /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(m.b);
  m.b.setInsertionPointToStart(branch.thenBlock());
  Reduced large = reduceLarge(m, x, unit);
  scf::YieldOp::create(m.b, ValueRange{m.select(isLarge, large.rest, rest),
                                       m.select(isLarge, large.n, bits)});
  m.b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(m.b, ValueRange{rest, bits});
  return {branch.getResult(0), branch.getResult(1)};
}

/// sin r, |r| <= pi/2, within 2^-43.
static Value sineOfHalfTurn(MathBuilder &m, Value r) {
  Value p = m.polynomial(m.mul(r, r),
                         {1.5409383764778587e-10, -2.5030187037968019e-8,
                          2.7556952863053388e-6, -0.00019841266726906733,
                          0.0083333333210737971, -0.16666666666504416, 1});
  return m.mul(r, p);
}

/// `value`, negated where n is odd.
static Value negateOdd(MathBuilder &m, Value value, Value n) {
  return m.asNumber(m.xorBits(m.bitsOf(value), m.shiftLeft(n, 63)));
}

static Value emitSin(MathBuilder &m, Value x) {
  Reduced reduced = reduce(m, m.extend(x), {2, 0});
  Value sine = sineOfHalfTurn(m, reduced.rest);
  return m.truncate(negateOdd(m, sine, reduced.n));
}

static Value emitCos(MathBuilder &m, Value x) {
  // cos x = sin(x + pi/2): x = (n + 1/2) pi + r.
  Reduced reduced = reduce(m, m.abs(m.extend(x)), {2, 0.5});
  Value sine = sineOfHalfTurn(m, reduced.rest);
  return m.truncate(negateOdd(m, sine, m.addBits(reduced.n, 1)));
}

static Value emitTan(MathBuilder &m, Value x) {
  Reduced reduced = reduce(m, m.extend(x), {1, 0});
  Value r = reduced.rest, z = m.mul(r, r);
  // sin r / r and cos r, |r| <= pi/4, within 2^-37 and 2^-34.
  Value sine = m.mul(
      r, m.polynomial(z, {2.7181141412233887e-6, -0.00019839311507208797,
                          0.0083333293025905377, -0.16666666640779367, 1}));
  Value cosine =
      m.polynomial(z, {2.4390377572701146e-5, -0.0013886763045974074,
                       0.041666623301664195, -0.49999999724918782, 1});
  Value bit = m.andBits(reduced.n, 1);
  Value isOdd = arith::CmpIOp::create(m.b, arith::CmpIPredicate::ne, bit,
                                      m.word(bit.getType(), 0));
  return m.truncate(m.div(m.select(isOdd, m.neg(cosine), sine),
                          m.select(isOdd, sine, cosine)));
}

void tensorc::codegen::populateTrigonometricPatterns(
    RewritePatternSet &patterns) {
  patterns.add<ExpandFunction<math::SinOp, emitSin>,
               ExpandFunction<math::CosOp, emitCos>,
               ExpandFunction<math::TanOp, emitTan>>(patterns.getContext(),
                                                     /*benefit=*/10);
}
