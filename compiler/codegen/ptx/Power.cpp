//===- Power.cpp - Powers as exponentials of logarithms -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/ptx/Power.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace {

/// Emits scalars or vectors of f32.
class PowerEmitter {
public:
  PowerEmitter(PatternRewriter &b, Location loc, Value base, Value exponent)
      : b(b), loc(loc), type(base.getType()), base(base), exponent(exponent) {}

  Value emit() {
    Value one = constant(1), zero = constant(0);
    Value size = math::AbsFOp::create(b, loc, base);
    Value power = math::ExpOp::create(
        b, loc,
        arith::MulFOp::create(b, loc, exponent,
                              math::LogOp::create(b, loc, size)));
    // 0 · ∞ is NaN where a power of 1 is 1.
    power = select(is(size, one), one, power);
    // Negative ones have powers of whole exponents alone.
    Value isWhole = is(math::FloorOp::create(b, loc, exponent), exponent);
    Value half = arith::MulFOp::create(b, loc, exponent, constant(0.5));
    Value isHalfWhole = is(math::FloorOp::create(b, loc, half), half);
    Value flipped = select(
        isHalfWhole, power,
        select(isWhole, math::CopySignOp::create(b, loc, power, base), power));
    Value isFinite = arith::CmpFOp::create(
        b, loc, arith::CmpFPredicate::OLT, size,
        constant(std::numeric_limits<double>::infinity()));
    Value isNegative =
        arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLT, base, zero);
    Value isNaN = both(both(isNegative, isFinite), isNot(isWhole));
    Value result = select(isNaN, constant(std::nan("")), flipped);
    // 1 to the power of anything is 1, and so is anything to that of 0.
    result = select(is(base, one), one, result);
    return select(is(exponent, zero), one, result);
  }

private:
  Value constant(double value) {
    TypedAttr attr = FloatAttr::get(b.getF32Type(), value);
    if (auto vector = dyn_cast<VectorType>(type))
      attr = DenseElementsAttr::get(vector, attr);
    return arith::ConstantOp::create(b, loc, attr);
  }
  Value is(Value x, Value y) {
    return arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OEQ, x, y);
  }
  Value isNot(Value x) {
    Value all = arith::ConstantOp::create(
        b, loc, cast<TypedAttr>(b.getOneAttr(x.getType())));
    return arith::XOrIOp::create(b, loc, x, all);
  }
  Value both(Value x, Value y) { return arith::AndIOp::create(b, loc, x, y); }
  Value select(Value condition, Value yes, Value no) {
    return arith::SelectOp::create(b, loc, condition, yes, no);
  }

  PatternRewriter &b;
  Location loc;
  Type type;
  Value base, exponent;
};

struct ExpandPower : OpRewritePattern<math::PowFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::PowFOp op,
                                PatternRewriter &b) const override {
    if (!getElementTypeOrSelf(op.getType()).isF32())
      return failure();
    PowerEmitter emitter(b, op.getLoc(), op.getLhs(), op.getRhs());
    b.replaceOp(op, emitter.emit());
    return success();
  }
};

} // namespace

void tensorc::ptx::populatePowerPattern(RewritePatternSet &patterns) {
  patterns.add<ExpandPower>(patterns.getContext());
}
