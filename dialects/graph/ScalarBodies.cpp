//===- ScalarBodies.cpp - Words for scalar bodies -------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ScalarBodies.h"
#include "dialects/scalar/Elements.h"
#include "dialects/scalar/ScalarDialect.h"
#include "tensorc/abi.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"

#include <cmath>

using namespace mlir;
using namespace tensorc::graph;
using namespace tensorc::scalar;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

static bool isFloat(Type type) {
  return isa<FloatType>(getElementTypeOrSelf(type));
}
static bool isBool(Type type) {
  return getElementTypeOrSelf(type).isInteger(1);
}
Value tensorc::graph::splat(OpBuilder &b, Location loc, Type type,
                            double value) {
  return elementConstant(b, loc, type,
                         elementAttr(getElementTypeOrSelf(type), value));
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

/// One of three ops, for floating-point, signed and unsigned operands.
template <typename Float, typename Signed, typename Unsigned>
static Value emitByType(OpBuilder &b, Location loc, Value x, Value y) {
  Type type = x.getType();
  if (isFloat(type))
    return Float::create(b, loc, x, y);
  x = toSignless(b, loc, x);
  y = toSignless(b, loc, y);
  Value result = isUnsigned(type) ? Unsigned::create(b, loc, x, y).getResult()
                                  : Signed::create(b, loc, x, y).getResult();
  return reinterpret(b, loc, result, type);
}

Value tensorc::graph::emitAdd(OpBuilder &b, Location loc, Value x, Value y) {
  if (isBool(x.getType()))
    return arith::OrIOp::create(b, loc, x, y);
  return emitByType<arith::AddFOp, arith::AddIOp, arith::AddIOp>(b, loc, x, y);
}

Value tensorc::graph::emitSub(OpBuilder &b, Location loc, Value x, Value y) {
  return emitByType<arith::SubFOp, arith::SubIOp, arith::SubIOp>(b, loc, x, y);
}

Value tensorc::graph::emitMul(OpBuilder &b, Location loc, Value x, Value y) {
  if (isBool(x.getType()))
    return arith::AndIOp::create(b, loc, x, y);
  return emitByType<arith::MulFOp, arith::MulIOp, arith::MulIOp>(b, loc, x, y);
}

Value tensorc::graph::emitDiv(OpBuilder &b, Location loc, Value x, Value y) {
  return arith::DivFOp::create(b, loc, x, y);
}

Value tensorc::graph::emitMaximum(OpBuilder &b, Location loc, Value x,
                                  Value y) {
  return emitByType<arith::MaximumFOp, arith::MaxSIOp, arith::MaxUIOp>(b, loc,
                                                                       x, y);
}

Value tensorc::graph::emitMinimum(OpBuilder &b, Location loc, Value x,
                                  Value y) {
  return emitByType<arith::MinimumFOp, arith::MinSIOp, arith::MinUIOp>(b, loc,
                                                                       x, y);
}

Value tensorc::graph::emitXor(OpBuilder &b, Location loc, Value x, Value y) {
  return arith::XOrIOp::create(b, loc, x, y);
}

Value tensorc::graph::emitNeg(OpBuilder &b, Location loc, Value x) {
  if (isFloat(x.getType()))
    return arith::NegFOp::create(b, loc, x);
  return emitSub(b, loc, splat(b, loc, x.getType(), 0), x);
}

Value tensorc::graph::emitAbs(OpBuilder &b, Location loc, Value x) {
  if (isFloat(x.getType()))
    return math::AbsFOp::create(b, loc, x);
  if (isUnsigned(x.getType()))
    return x;
  return math::AbsIOp::create(b, loc, x);
}

Value tensorc::graph::emitSign(OpBuilder &b, Location loc, Value x) {
  Type type = x.getType();
  Value zero = splat(b, loc, type, 0);
  Value one = splat(b, loc, type, 1);
  Value above = emitCompare(b, loc, Compare::Gt, x, zero);
  Value positive = emitSelect(b, loc, above, one, zero);
  if (isUnsigned(type))
    return positive;
  Value below = emitCompare(b, loc, Compare::Lt, x, zero);
  return emitSelect(b, loc, below, splat(b, loc, type, -1), positive);
}

Value tensorc::graph::emitIsNan(OpBuilder &b, Location loc, Value x) {
  return arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UNO, x, x);
}

Value tensorc::graph::emitSelect(OpBuilder &b, Location loc, Value condition,
                                 Value x, Value y) {
  Type type = x.getType();
  Value result = arith::SelectOp::create(
      b, loc, condition, toSignless(b, loc, x), toSignless(b, loc, y));
  return reinterpret(b, loc, result, type);
}

/// A `scalar.check` that all of `holds` do. `value`, a whole number, is what
/// was looked at.
static void emitCheck(OpBuilder &b, Location loc, Value holds, Value value,
                      const Twine &expected) {
  if (auto vector = dyn_cast<VectorType>(holds.getType())) {
    if (vector.getRank() != 1)
      holds = vector::ShapeCastOp::create(
          b, loc, VectorType::get(vector.getNumElements(), b.getI1Type()),
          holds);
    holds =
        vector::ReductionOp::create(b, loc, vector::CombiningKind::AND, holds);
    value = nullptr; // of several, none is the one to show
  } else {
    value = emitCast(b, loc, value, b.getI64Type());
  }
  CheckOp::create(b, loc, holds, TENSORC_ERROR_INDEX_OUT_OF_RANGE, value,
                  b.getStringAttr(expected), StringAttr(), StringAttr(),
                  IntegerAttr());
}

static bool matchNumber(Value x, APInt &number) {
  while (auto cast = x.getDefiningOp<UnrealizedConversionCastOp>())
    x = cast.getOperand(0);
  return matchPattern(x, m_ConstantInt(&number));
}

/// `divisor`, checked not to be 0, with 1 for what a division instruction may
/// not be given: 0, and -1, by which the least number has no quotient. The
/// remainder by 1 is that by -1.
static Value emitDivisor(OpBuilder &b, Location loc, Value divisor) {
  Type type = divisor.getType();
  auto is = [&](double value) {
    return emitCompare(b, loc, Compare::Eq, divisor,
                       splat(b, loc, type, value));
  };
  Value one = splat(b, loc, type, 1);
  APInt known;
  if (matchNumber(divisor, known) && !known.isZero())
    return known.isAllOnes() && !isUnsigned(type) ? one : divisor;
  Value isZero = is(0), unfit = isZero;
  Value yes = splat(b, loc, isZero.getType(), 1);
  emitCheck(b, loc, emitXor(b, loc, isZero, yes), divisor,
            "[remainder] expected divisors other than 0");
  if (!isUnsigned(type))
    unfit = emitAdd(b, loc, unfit, is(-1));
  return emitSelect(b, loc, unfit, one, divisor);
}

Value tensorc::graph::emitRemainder(OpBuilder &b, Location loc, Value x,
                                    Value y) {
  Type type = x.getType();
  if (!isFloat(type))
    y = emitDivisor(b, loc, y);
  // The truncated remainder is exact; it is off by y where the signs differ.
  Value zero = splat(b, loc, type, 0);
  Value rest =
      emitByType<arith::RemFOp, arith::RemSIOp, arith::RemUIOp>(b, loc, x, y);
  if (isUnsigned(type))
    return rest;
  Value off = emitXor(b, loc, emitCompare(b, loc, Compare::Lt, rest, zero),
                      emitCompare(b, loc, Compare::Lt, y, zero));
  Value isExact = emitCompare(b, loc, Compare::Eq, rest, zero);
  Value moved = emitAdd(b, loc, rest, y);
  return emitSelect(b, loc, isExact, rest,
                    emitSelect(b, loc, off, moved, rest));
}

Value tensorc::graph::emitPow(OpBuilder &b, Location loc, Value x, Value y) {
  Type type = x.getType();
  if (isFloat(type))
    return emitMath<math::PowFOp>(b, loc, x, y);
  // By squaring. Of a negative exponent all but the sign counts: that is enough
  // for the powers of 1 and -1, and others are 0.
  bool isSigned = !isUnsigned(type);
  unsigned width = getElementTypeOrSelf(type).getIntOrFloatBitWidth();
  Value zero = splat(b, loc, type, 0), one = splat(b, loc, type, 1);
  Value result = one, power = x;
  for (unsigned bit = 0; bit + isSigned < width; ++bit) {
    Value mask = splat(b, loc, type, std::ldexp(1.0, bit));
    Value masked =
        reinterpret(b, loc,
                    arith::AndIOp::create(b, loc, toSignless(b, loc, y),
                                          toSignless(b, loc, mask)),
                    type);
    Value isSet = emitCompare(b, loc, Compare::Ne, masked, zero);
    result = emitSelect(b, loc, isSet, emitMul(b, loc, result, power), result);
    power = emitMul(b, loc, power, power);
  }
  if (!isSigned)
    return result;
  Value isUnit =
      emitAdd(b, loc, emitCompare(b, loc, Compare::Eq, x, one),
              emitCompare(b, loc, Compare::Eq, x, splat(b, loc, type, -1)));
  Value isWhole =
      emitAdd(b, loc, isUnit, emitCompare(b, loc, Compare::Ge, y, zero));
  return emitSelect(b, loc, isWhole, result, zero);
}

Value tensorc::graph::emitClamp(OpBuilder &b, Location loc, Value x, double low,
                                double high) {
  Type type = x.getType();
  if (!isFloat(type)) {
    unsigned width = getElementTypeOrSelf(type).getIntOrFloatBitWidth();
    bool isSigned = !isUnsigned(type);
    double least = isSigned ? -std::ldexp(1.0, width - 1) : 0;
    // The greatest value itself may not be a double; 2^n - 1 in 64 bits is not.
    double beyond = std::ldexp(1.0, isSigned ? width - 1 : width);
    if (std::ceil(low) > least && low < beyond)
      x = emitMaximum(b, loc, x, splat(b, loc, type, std::ceil(low)));
    if (high < beyond && std::floor(high) >= least)
      x = emitMinimum(b, loc, x, splat(b, loc, type, std::floor(high)));
    return x;
  }
  // An infinite bound binds nothing, and costs nothing so.
  if (low != -HUGE_VAL)
    x = emitMaximum(b, loc, x, splat(b, loc, type, low));
  if (high != HUGE_VAL)
    x = emitMinimum(b, loc, x, splat(b, loc, type, high));
  return x;
}

//===----------------------------------------------------------------------===//
// Comparisons and casts
//===----------------------------------------------------------------------===//

Value tensorc::graph::emitCompare(OpBuilder &b, Location loc, Compare compare,
                                  Value x, Value y) {
  using F = arith::CmpFPredicate;
  using I = arith::CmpIPredicate;
  auto index = static_cast<size_t>(compare);
  if (isFloat(x.getType())) {
    static constexpr F predicates[] = {F::OEQ, F::UNE, F::OLT,
                                       F::OLE, F::OGT, F::OGE};
    return arith::CmpFOp::create(b, loc, predicates[index], x, y);
  }
  static constexpr I isSigned[] = {I::eq,  I::ne,  I::slt,
                                   I::sle, I::sgt, I::sge};
  static constexpr I isNot[] = {I::eq, I::ne, I::ult, I::ule, I::ugt, I::uge};
  I predicate = (isUnsigned(x.getType()) ? isNot : isSigned)[index];
  return arith::CmpIOp::create(b, loc, predicate, toSignless(b, loc, x),
                               toSignless(b, loc, y));
}

static Value castFloatToFloat(OpBuilder &b, Location loc, Value x, Type type) {
  unsigned from = getElementTypeOrSelf(x.getType()).getIntOrFloatBitWidth();
  unsigned to = getElementTypeOrSelf(type).getIntOrFloatBitWidth();
  if (from == to) { // f16 and bf16
    Type wide = wideType(type);
    x = arith::ExtFOp::create(b, loc, wide, x);
    from = 32;
  }
  if (from < to)
    return arith::ExtFOp::create(b, loc, type, x);
  return arith::TruncFOp::create(b, loc, type, x);
}

/// Towards zero. NaN and what the wider type doesn't hold is its least number,
/// as x86's instructions have it: a value in every case, so that what LLVM
/// folds and what all machines compute agree.
static Value castFloatToInt(OpBuilder &b, Location loc, Value x, Type type) {
  // Narrow results go through i32, so that values that fit the type modulo its
  // size wrap as in C++ practice (PyTorch: -1.0 to uint8 is 255).
  Type result = signlessType(type);
  unsigned width = getElementTypeOrSelf(result).getIntOrFloatBitWidth();
  Type via = width >= 32 ? result : withElement(result, b.getI32Type());
  x = emitCast(b, loc, x, wideType(x.getType()));
  double bound = std::ldexp(1.0, std::max(width, 32u) - 1);
  Value least = splat(b, loc, x.getType(), -bound);
  Value below = splat(b, loc, x.getType(), bound);
  x = emitSelect(b, loc, emitCompare(b, loc, Compare::Lt, x, below), x, least);
  x = emitSelect(b, loc, emitCompare(b, loc, Compare::Gt, x, least), x, least);
  Value whole = arith::FPToSIOp::create(b, loc, via, x);
  if (via != result)
    whole = arith::TruncIOp::create(b, loc, result, whole);
  return reinterpret(b, loc, whole, type);
}

static Value castIntToInt(OpBuilder &b, Location loc, Value x, Type type) {
  bool zeroExtend = isUnsigned(x.getType());
  Type result = signlessType(type);
  Value value = toSignless(b, loc, x);
  unsigned from = getElementTypeOrSelf(value.getType()).getIntOrFloatBitWidth();
  unsigned to = getElementTypeOrSelf(result).getIntOrFloatBitWidth();
  if (from > to)
    value = arith::TruncIOp::create(b, loc, result, value);
  else if (from < to && zeroExtend)
    value = arith::ExtUIOp::create(b, loc, result, value);
  else if (from < to)
    value = arith::ExtSIOp::create(b, loc, result, value);
  return reinterpret(b, loc, value, type);
}

Value tensorc::graph::emitCast(OpBuilder &b, Location loc, Value x, Type type) {
  Type from = x.getType();
  if (from == type)
    return x;
  if (isBool(type))
    return emitCompare(b, loc, Compare::Ne, x, splat(b, loc, from, 0));
  if (isFloat(from))
    return isFloat(type) ? castFloatToFloat(b, loc, x, type)
                         : castFloatToInt(b, loc, x, type);
  if (!isFloat(type))
    return castIntToInt(b, loc, x, type);
  Value value = toSignless(b, loc, x);
  if (isUnsigned(from))
    return arith::UIToFPOp::create(b, loc, type, value);
  return arith::SIToFPOp::create(b, loc, type, value);
}

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

/// Computes `function` of `x` in f32, if `x` is f16 or bf16.
template <typename Function>
static Value inWideType(OpBuilder &b, Location loc, Value x,
                        Function function) {
  Value wide = emitCast(b, loc, x, wideType(x.getType()));
  return emitCast(b, loc, function(wide), x.getType());
}

Value tensorc::graph::emitSigmoid(OpBuilder &b, Location loc, Value x) {
  return inWideType(b, loc, x, [&](Value x) -> Value {
    // e^x / (1 + e^x) below 0, where e^-x overflows before the result vanishes.
    Type type = x.getType();
    Value one = splat(b, loc, type, 1);
    Value power =
        math::ExpOp::create(b, loc, emitNeg(b, loc, emitAbs(b, loc, x)));
    Value isNegative =
        emitCompare(b, loc, Compare::Lt, x, splat(b, loc, type, 0));
    Value numerator = emitSelect(b, loc, isNegative, power, one);
    return emitDiv(b, loc, numerator, emitAdd(b, loc, one, power));
  });
}

Value tensorc::graph::emitRsqrt(OpBuilder &b, Location loc, Value x) {
  // Not math.rsqrt, which may be lowered to an estimate.
  return inWideType(b, loc, x, [&](Value x) -> Value {
    return emitDiv(b, loc, splat(b, loc, x.getType(), 1),
                   math::SqrtOp::create(b, loc, x));
  });
}

Value tensorc::graph::emitSilu(OpBuilder &b, Location loc, Value x) {
  return inWideType(b, loc, x, [&](Value x) -> Value {
    return emitMul(b, loc, x, emitSigmoid(b, loc, x));
  });
}

Value tensorc::graph::emitSoftplus(OpBuilder &b, Location loc, Value x) {
  return inWideType(b, loc, x, [&](Value x) -> Value {
    Value power =
        math::ExpOp::create(b, loc, emitNeg(b, loc, emitAbs(b, loc, x)));
    Value tail = math::Log1pOp::create(b, loc, power);
    Value positive = emitMaximum(b, loc, x, splat(b, loc, x.getType(), 0));
    return emitAdd(b, loc, positive, tail);
  });
}

Value tensorc::graph::emitLeakyRelu(OpBuilder &b, Location loc, Value x,
                                    double slope) {
  // The slope isn't one of the narrow type's numbers.
  return inWideType(b, loc, x, [&](Value x) -> Value {
    Type type = x.getType();
    Value above = emitCompare(b, loc, Compare::Gt, x, splat(b, loc, type, 0));
    Value scaled = emitMul(b, loc, x, splat(b, loc, type, slope));
    return emitSelect(b, loc, above, x, scaled);
  });
}

Value tensorc::graph::emitGelu(OpBuilder &b, Location loc, Value x,
                               bool approximate) {
  return inWideType(b, loc, x, [&](Value x) -> Value {
    Type type = x.getType();
    auto scale = [&](Value value, double factor) {
      return emitMul(b, loc, value, splat(b, loc, type, factor));
    };
    Value inner;
    if (approximate) {
      Value cube = emitMul(b, loc, x, emitMul(b, loc, x, x));
      Value sum = emitAdd(b, loc, x, scale(cube, 0.044715));
      inner = math::TanhOp::create(b, loc, scale(sum, std::sqrt(2 / M_PI)));
    } else {
      inner = math::ErfOp::create(b, loc, scale(x, M_SQRT1_2));
    }
    Value both = emitAdd(b, loc, splat(b, loc, type, 1), inner);
    return emitMul(b, loc, scale(x, 0.5), both);
  });
}

Value tensorc::graph::emitCheckIndex(OpBuilder &b, Location loc, Value x,
                                     int64_t size, int64_t ignored,
                                     StringRef function) {
  // In i64, where both numbers fit.
  Type wide = withElement(x.getType(), b.getI64Type());
  Value index = emitCast(b, loc, x, wide);
  auto constant = [&](int64_t value) -> Value {
    TypedAttr attribute = b.getI64IntegerAttr(value);
    if (auto vector = dyn_cast<VectorType>(wide))
      attribute = DenseElementsAttr::get(vector, Attribute(attribute));
    return arith::ConstantOp::create(b, loc, attribute);
  };
  // One unsigned comparison sees negative numbers too.
  Value inside = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, index,
                                       constant(size));
  Value isIgnored = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq,
                                          index, constant(ignored));
  std::string expected = "[" + function.str() + "] expected indices in [0, " +
                         std::to_string(size) + ")";
  if (ignored < 0 || ignored >= size)
    expected += " or " + std::to_string(ignored);
  emitCheck(b, loc, arith::OrIOp::create(b, loc, inside, isIgnored), index,
            expected);
  return x;
}
