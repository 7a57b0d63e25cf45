//===- MathPatterns.cpp - Functions of f32 as arithmetic ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Ranges are reduced and polynomials evaluated as in S. Moshier's Cephes
// library (single precision), whose coefficients these are, except for exp2:
// the Taylor series of 2^f.
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/cpu/MathPatterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/TypeUtilities.h"
#include <numbers>

using namespace mlir;
using namespace tensorc;

namespace {
/// Arithmetic on one shape (a scalar or a vector) in several element types.
struct Math {
  ImplicitLocOpBuilder b;
  Type shape;

  Type as(Type element) {
    if (auto vector = dyn_cast<VectorType>(shape))
      return vector.clone(element);
    return element;
  }
  Value constant(TypedAttr scalar) {
    TypedAttr value = scalar;
    if (auto vector = dyn_cast<VectorType>(as(scalar.getType())))
      value = DenseElementsAttr::get(vector, Attribute(scalar));
    return arith::ConstantOp::create(b, value);
  }
  Value f32(double x) { return constant(b.getF32FloatAttr(float(x))); }
  Value f64(double x) { return constant(b.getF64FloatAttr(x)); }
  Value i32(int32_t x) { return constant(b.getI32IntegerAttr(x)); }
  Value i64(int64_t x) { return constant(b.getI64IntegerAttr(x)); }

  Value add(Value x, Value y) { return arith::AddFOp::create(b, x, y); }
  Value sub(Value x, Value y) { return arith::SubFOp::create(b, x, y); }
  Value mul(Value x, Value y) { return arith::MulFOp::create(b, x, y); }
  Value div(Value x, Value y) { return arith::DivFOp::create(b, x, y); }
  Value neg(Value x) { return arith::NegFOp::create(b, x); }
  Value abs(Value x) { return math::AbsFOp::create(b, x); }
  Value fma(Value x, Value y, Value z) {
    return math::FmaOp::create(b, x, y, z);
  }
  Value greater(Value x, Value y) {
    return arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, x, y);
  }
  Value select(Value condition, Value x, Value y) {
    return arith::SelectOp::create(b, condition, x, y);
  }
  Value withSignOf(Value magnitude, Value sign) {
    return math::CopySignOp::create(b, magnitude, sign);
  }
  /// c[0] * x^n + … + c[n].
  Value polynomial(Value x, ArrayRef<double> coefficients) {
    Value result = f32(coefficients.front());
    for (double coefficient : coefficients.drop_front())
      result = fma(result, x, f32(coefficient));
    return result;
  }
};

/// Applies to f32; others go to libm.
template <typename Op> struct MathPattern : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const final {
    if (!getElementTypeOrSelf(op.getType()).isF32())
      return failure();
    Math m{ImplicitLocOpBuilder(op.getLoc(), rewriter), op.getType()};
    rewriter.replaceOp(op, emit(m, op.getOperand()));
    return success();
  }
  virtual Value emit(Math &m, Value x) const = 0;
};

struct Exp2 : MathPattern<math::Exp2Op> {
  using MathPattern::MathPattern;
  Value emit(Math &m, Value x) const override {
    // 2^x = 2^n * 2^f, |f| <= 1/2. Beyond these bounds it is 0 or infinite.
    x = arith::MinimumFOp::create(m.b, x, m.f32(129));
    x = arith::MaximumFOp::create(m.b, x, m.f32(-151));
    // Adding 1.5 * 2^23 rounds to an integer, which is in the low bits then.
    double magic = 12582912.0;
    Value shifted = m.add(x, m.f32(magic));
    Value f = m.sub(x, m.sub(shifted, m.f32(magic)));
    Type words = m.as(m.b.getI32Type());
    Value n = arith::SubIOp::create(
        m.b, arith::BitcastOp::create(m.b, words, shifted), m.i32(0x4b400000));
    SmallVector<double> taylor;
    double term = 1;
    for (int k = 0; k <= 7; ++k) {
      taylor.insert(taylor.begin(), term);
      term *= std::numbers::ln2 / (k + 1);
    }
    Value power = m.polynomial(f, taylor);
    // In two factors, for what is subnormal or nearly infinite.
    Value half = arith::ShRSIOp::create(m.b, n, m.i32(1));
    for (Value part : {half, Value(arith::SubIOp::create(m.b, n, half))}) {
      Value bits = arith::ShLIOp::create(
          m.b, arith::AddIOp::create(m.b, part, m.i32(127)), m.i32(23));
      power = m.mul(power, arith::BitcastOp::create(m.b, m.shape, bits));
    }
    return power;
  }
};

struct Tanh : MathPattern<math::TanhOp> {
  using MathPattern::MathPattern;
  Value emit(Math &m, Value x) const override {
    Value z = m.mul(x, x);
    Value p =
        m.polynomial(z, {-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2,
                         1.33314422036e-1, -3.33332819422e-1});
    Value small = m.fma(m.mul(p, z), x, x);
    // 1 - 2 / (e^2|x| + 1)
    Value magnitude = m.abs(x);
    Value power = math::ExpOp::create(m.b, m.add(magnitude, magnitude));
    Value large = m.sub(m.f32(1), m.div(m.f32(2), m.add(power, m.f32(1))));
    return m.select(m.greater(magnitude, m.f32(0.625)), m.withSignOf(large, x),
                    small);
  }
};

/// x = q * pi/2 + r, |r| <= pi/4.
struct Reduced {
  Value sine, cosine; ///< of r
  Value quadrant;     ///< q, whose lowest two bits are right (i64)
};

Reduced reduce(Math &m, Value x) {
  // In double, so that r has all its bits next to multiples of pi too.
  Type wide = m.as(m.b.getF64Type());
  Value y = arith::ExtFOp::create(m.b, wide, x);
  double magic = 6755399441055744.0; // 1.5 * 2^52
  Value shifted = m.fma(y, m.f64(2 / std::numbers::pi), m.f64(magic));
  Value q = m.sub(shifted, m.f64(magic));
  Value r = m.fma(q, m.f64(-std::numbers::pi / 2), y);
  // pi/2 minus its nearest double.
  r = m.fma(q, m.f64(-6.123233995736766e-17), r);
  Value reduced = arith::TruncFOp::create(m.b, m.shape, r);
  Value z = m.mul(reduced, reduced);
  Value sine =
      m.polynomial(z, {-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1});
  sine = m.fma(m.mul(sine, z), reduced, reduced);
  Value cosine = m.polynomial(z, {2.443315711809948e-5, -1.388731625493765e-3,
                                  4.166664568298827e-2, -0.5, 1});
  Type words = m.as(m.b.getI64Type());
  return {sine, cosine, arith::BitcastOp::create(m.b, words, shifted)};
}

Value hasBit(Math &m, Value word, int64_t bit) {
  Value masked = arith::AndIOp::create(m.b, word, m.i64(bit));
  return arith::CmpIOp::create(m.b, arith::CmpIPredicate::ne, masked, m.i64(0));
}

/// The sine of x + shift * pi/2.
Value sineOf(Math &m, Value x, int64_t shift) {
  Reduced reduced = reduce(m, x);
  Value quadrant = arith::AddIOp::create(m.b, reduced.quadrant, m.i64(shift));
  Value result = m.select(hasBit(m, quadrant, 1), reduced.cosine, reduced.sine);
  return m.select(hasBit(m, quadrant, 2), m.neg(result), result);
}

struct Sin : MathPattern<math::SinOp> {
  using MathPattern::MathPattern;
  Value emit(Math &m, Value x) const override { return sineOf(m, x, 0); }
};

struct Cos : MathPattern<math::CosOp> {
  using MathPattern::MathPattern;
  Value emit(Math &m, Value x) const override { return sineOf(m, x, 1); }
};

struct Tan : MathPattern<math::TanOp> {
  using MathPattern::MathPattern;
  Value emit(Math &m, Value x) const override {
    Reduced r = reduce(m, x);
    Value odd = hasBit(m, r.quadrant, 1);
    return m.div(m.select(odd, m.neg(r.cosine), r.sine),
                 m.select(odd, r.sine, r.cosine));
  }
};

struct Atan : MathPattern<math::AtanOp> {
  using MathPattern::MathPattern;
  Value emit(Math &m, Value x) const override {
    Value magnitude = m.abs(x);
    // Above tan(3 pi/8): pi/2 + atan(-1/x); above tan(pi/8):
    // pi/4 + atan((x - 1) / (x + 1)).
    Value large = m.greater(magnitude, m.f32(2.414213562373095));
    Value medium = m.greater(magnitude, m.f32(0.4142135623730950));
    Value one = m.f32(1);
    Value numerator = m.select(
        large, m.f32(-1), m.select(medium, m.sub(magnitude, one), magnitude));
    Value denominator = m.select(large, magnitude,
                                 m.select(medium, m.add(magnitude, one), one));
    Value y = m.div(numerator, denominator);
    Value z = m.mul(y, y);
    Value p = m.polynomial(z, {8.05374449538e-2, -1.38776856032e-1,
                               1.99777106478e-1, -3.33329491539e-1});
    Value start =
        m.select(large, m.f32(std::numbers::pi / 2),
                 m.select(medium, m.f32(std::numbers::pi / 4), m.f32(0)));
    Value result = m.add(start, m.fma(m.mul(p, z), y, y));
    return m.withSignOf(result, x);
  }
};
} // namespace

void cpu::populateAccurateMathPatterns(RewritePatternSet &patterns) {
  patterns.add<Exp2, Tanh, Sin, Cos, Tan, Atan>(patterns.getContext(),
                                                /*benefit=*/10);
}
