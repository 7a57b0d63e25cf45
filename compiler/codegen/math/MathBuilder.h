//===- MathBuilder.h - Arithmetic on scalars or vectors ---------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_CODEGEN_MATH_MATHBUILDER_H
#define TENSORC_COMPILER_CODEGEN_MATH_MATHBUILDER_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"

namespace tensorc::codegen {

/// Arithmetic on one shape (a scalar or a vector) in several element types.
/// Numbers take the type of the value that they meet.
struct MathBuilder {
  using Value = mlir::Value;
  mlir::ImplicitLocOpBuilder b;
  mlir::Type shape;

  mlir::Type as(mlir::Type element) {
    if (auto vector = mlir::dyn_cast<mlir::VectorType>(shape))
      return vector.clone(element);
    return element;
  }
  mlir::Type f64() { return as(b.getF64Type()); }

  /// A constant of `type`.
  Value number(mlir::Type type, double x) {
    return constant(type, b.getFloatAttr(mlir::getElementTypeOrSelf(type), x));
  }
  Value word(mlir::Type type, int64_t x) {
    return constant(type,
                    b.getIntegerAttr(mlir::getElementTypeOrSelf(type), x));
  }

  Value add(Value x, Value y) { return mlir::arith::AddFOp::create(b, x, y); }
  Value add(Value x, double y) { return add(x, number(x.getType(), y)); }
  Value sub(Value x, Value y) { return mlir::arith::SubFOp::create(b, x, y); }
  Value mul(Value x, Value y) { return mlir::arith::MulFOp::create(b, x, y); }
  Value mul(Value x, double y) { return mul(x, number(x.getType(), y)); }
  Value div(Value x, Value y) { return mlir::arith::DivFOp::create(b, x, y); }
  Value neg(Value x) { return mlir::arith::NegFOp::create(b, x); }
  Value abs(Value x) { return mlir::math::AbsFOp::create(b, x); }
  Value fma(Value x, Value y, Value z) {
    return mlir::math::FmaOp::create(b, x, y, z);
  }
  Value fma(Value x, double y, Value z) {
    return fma(x, number(x.getType(), y), z);
  }
  Value withSignOf(Value magnitude, Value sign) {
    return mlir::math::CopySignOp::create(b, magnitude, sign);
  }
  /// To the nearest whole number.
  Value round(Value x) { return mlir::math::RoundEvenOp::create(b, x); }
  Value extend(Value x) { return mlir::arith::ExtFOp::create(b, f64(), x); }
  Value truncate(Value x) {
    return mlir::arith::TruncFOp::create(b, as(b.getF32Type()), x);
  }

  /// Ordered comparisons: false for NaN.
  Value less(Value x, Value y) { return compare(Predicate::OLT, x, y); }
  Value less(Value x, double y) { return less(x, number(x.getType(), y)); }
  Value greater(Value x, Value y) { return compare(Predicate::OGT, x, y); }
  Value greater(Value x, double y) {
    return greater(x, number(x.getType(), y));
  }
  Value equal(Value x, Value y) { return compare(Predicate::OEQ, x, y); }
  Value equal(Value x, double y) { return equal(x, number(x.getType(), y)); }
  Value both(Value x, Value y) { return mlir::arith::AndIOp::create(b, x, y); }
  Value isNot(Value x) {
    return mlir::arith::XOrIOp::create(b, x, word(x.getType(), 1));
  }
  Value select(Value condition, Value x, Value y) {
    return mlir::arith::SelectOp::create(b, condition, x, y);
  }
  Value select(Value condition, double x, Value y) {
    return select(condition, number(y.getType(), x), y);
  }
  /// `x`, or the bound that it is beyond; NaN stays. One instruction on x86.
  Value atLeast(Value x, double bound) {
    return select(less(x, bound), bound, x);
  }
  Value atMost(Value x, double bound) {
    return select(greater(x, bound), bound, x);
  }

  /// The bits of f32 as i32, those of f64 as i64; and back.
  Value bitsOf(Value x) {
    unsigned width =
        mlir::getElementTypeOrSelf(x.getType()).getIntOrFloatBitWidth();
    return mlir::arith::BitcastOp::create(b, as(b.getIntegerType(width)), x);
  }
  Value asNumber(Value bits) {
    bool isWide = mlir::getElementTypeOrSelf(bits.getType()).isInteger(64);
    return mlir::arith::BitcastOp::create(
        b, as(isWide ? mlir::Type(b.getF64Type()) : b.getF32Type()), bits);
  }
  Value addBits(Value x, Value y) {
    return mlir::arith::AddIOp::create(b, x, y);
  }
  Value addBits(Value x, int64_t y) { return addBits(x, word(x.getType(), y)); }
  Value subBits(Value x, Value y) {
    return mlir::arith::SubIOp::create(b, x, y);
  }
  Value subBits(Value x, int64_t y) { return subBits(x, word(x.getType(), y)); }
  Value andBits(Value x, int64_t y) {
    return mlir::arith::AndIOp::create(b, x, word(x.getType(), y));
  }
  Value xorBits(Value x, Value y) {
    return mlir::arith::XOrIOp::create(b, x, y);
  }
  Value shiftLeft(Value x, int64_t by) {
    return mlir::arith::ShLIOp::create(b, x, word(x.getType(), by));
  }
  /// Keeps the sign.
  Value shiftRight(Value x, int64_t by) {
    return mlir::arith::ShRSIOp::create(b, x, word(x.getType(), by));
  }

  /// c[0] * x^n + … + c[n].
  Value polynomial(Value x, llvm::ArrayRef<double> coefficients) {
    Value result = number(x.getType(), coefficients.front());
    for (double coefficient : coefficients.drop_front())
      result = fma(result, x, number(x.getType(), coefficient));
    return result;
  }

private:
  using Predicate = mlir::arith::CmpFPredicate;
  Value compare(Predicate predicate, Value x, Value y) {
    return mlir::arith::CmpFOp::create(b, predicate, x, y);
  }
  Value constant(mlir::Type type, mlir::TypedAttr scalar) {
    if (auto vector = mlir::dyn_cast<mlir::VectorType>(type))
      scalar = mlir::DenseElementsAttr::get(vector, mlir::Attribute(scalar));
    return mlir::arith::ConstantOp::create(b, scalar);
  }
};

/// Replaces `Op` on f32 by what `emit` makes of its operands.
template <typename Op, auto emit>
struct ExpandFunction : mlir::OpRewritePattern<Op> {
  using mlir::OpRewritePattern<Op>::OpRewritePattern;
  mlir::LogicalResult
  matchAndRewrite(Op op, mlir::PatternRewriter &rewriter) const override {
    if (!mlir::getElementTypeOrSelf(op.getType()).isF32())
      return mlir::failure();
    MathBuilder m{mlir::ImplicitLocOpBuilder(op.getLoc(), rewriter),
                  op.getType()};
    if constexpr (Op::template hasTrait<
                      mlir::OpTrait::NOperands<2>::template Impl>())
      rewriter.replaceOp(op, emit(m, op->getOperand(0), op->getOperand(1)));
    else
      rewriter.replaceOp(op, emit(m, op->getOperand(0)));
    return mlir::success();
  }
};

} // namespace tensorc::codegen

#endif // TENSORC_COMPILER_CODEGEN_MATH_MATHBUILDER_H
