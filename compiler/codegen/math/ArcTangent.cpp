//===- ArcTangent.cpp - atan, atan2 of f32 --------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In f64, where quotients of f32 neither overflow nor lose bits: an odd
// polynomial on [0, 1], and reflections: atan x = pi/2 - atan 1/x.
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/math/MathBuilder.h"
#include "compiler/codegen/math/MathPatterns.h"
#include <numbers>

using namespace mlir;
using namespace tensorc::codegen;

static constexpr double pi = std::numbers::pi;

/// atan t of f64, within 2^-34; t in [-1, 1].
static Value nearZero(MathBuilder &m, Value t) {
  Value p = m.polynomial(
      m.mul(t, t),
      {-0.00071129221099406272, 0.0049992478483321323, -0.016471293208328706,
       0.034704437424953851, -0.054704301848507844, 0.072693742251814503,
       -0.089887885628875436, 0.11095201682666343, -0.14284250767314378,
       0.19999932191089234, -0.33333332235170606, 1});
  return m.mul(p, t);
}

static Value emitAtan(MathBuilder &m, Value x) {
  Value y = m.abs(m.extend(x));
  Value isLarge = m.greater(y, 1.0);
  Value t = m.select(isLarge, m.div(m.number(y.getType(), -1), y), y);
  Value angle = nearZero(m, t);
  angle = m.select(isLarge, m.add(angle, pi / 2), angle);
  return m.withSignOf(m.truncate(angle), x);
}

static Value emitAtan2(MathBuilder &m, Value self, Value other) {
  Value y = m.abs(m.extend(self)), x = m.abs(m.extend(other));
  Value isSteep = m.greater(y, x);
  Value lesser = m.select(isSteep, x, y), greater = m.select(isSteep, y, x);
  // Two infinities have a ratio of 1, two zeros one of 0.
  Value t = m.select(m.equal(lesser, greater), 1.0, m.div(lesser, greater));
  t = m.select(m.equal(greater, 0.0), lesser, t);
  Value angle = nearZero(m, t);
  Type type = angle.getType();
  angle = m.select(isSteep, m.sub(m.number(type, pi / 2), angle), angle);
  // -0 counts as negative.
  Value bits = m.bitsOf(other);
  Value isLeft = arith::CmpIOp::create(m.b, arith::CmpIPredicate::slt, bits,
                                       m.word(bits.getType(), 0));
  angle = m.select(isLeft, m.sub(m.number(type, pi), angle), angle);
  return m.withSignOf(m.truncate(angle), self);
}

void tensorc::codegen::populateArcTangentPatterns(RewritePatternSet &patterns) {
  patterns.add<ExpandFunction<math::AtanOp, emitAtan>,
               ExpandFunction<math::Atan2Op, emitAtan2>>(patterns.getContext(),
                                                         /*benefit=*/10);
}
