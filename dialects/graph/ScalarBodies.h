//===- ScalarBodies.h - Words for scalar bodies ----------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// What the `scalarBody` strings of the .td files are written with. Each works
// on elements and on vectors of them, and picks the op for their type. Bools
// are i1; ui8 is computed as i8, read as unsigned.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DIALECTS_GRAPH_SCALARBODIES_H
#define TENSORC_DIALECTS_GRAPH_SCALARBODIES_H

#include "dialects/scalar/Elements.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Builders.h"

namespace tensorc::graph {

using mlir::Location;
using mlir::OpBuilder;
using mlir::Type;
using mlir::Value;
namespace math = mlir::math;

/// The constant `value` of `type`, an element or vector type.
Value splat(OpBuilder &b, Location loc, Type type, double value);

Value emitNeg(OpBuilder &b, Location loc, Value x);
Value emitAbs(OpBuilder &b, Location loc, Value x);
/// 1, -1, or 0 (for NaN too, as PyTorch has it).
Value emitSign(OpBuilder &b, Location loc, Value x);
Value emitIsNan(OpBuilder &b, Location loc, Value x);

/// x + y; of bools, or.
Value emitAdd(OpBuilder &b, Location loc, Value x, Value y);
Value emitSub(OpBuilder &b, Location loc, Value x, Value y);
/// x * y; of bools, and.
Value emitMul(OpBuilder &b, Location loc, Value x, Value y);
Value emitDiv(OpBuilder &b, Location loc, Value x, Value y);
/// x^y. Whole numbers wrap; of negative y, 0 unless x is 1 or -1.
Value emitPow(OpBuilder &b, Location loc, Value x, Value y);
/// With the sign of `y`, as Python's `%`. Of whole numbers with a
/// `scalar.check` that y isn't 0, unless that is known.
Value emitRemainder(OpBuilder &b, Location loc, Value x, Value y);
/// NaN if one is NaN.
Value emitMaximum(OpBuilder &b, Location loc, Value x, Value y);
Value emitMinimum(OpBuilder &b, Location loc, Value x, Value y);
/// min(max(x, low), high); bounds out of an integer type's range don't bind.
Value emitClamp(OpBuilder &b, Location loc, Value x, double low, double high);
Value emitXor(OpBuilder &b, Location loc, Value x, Value y);
Value emitSelect(OpBuilder &b, Location loc, Value condition, Value x, Value y);

enum class Compare { Eq, Ne, Lt, Le, Gt, Ge };
Value emitCompare(OpBuilder &b, Location loc, Compare compare, Value x,
                  Value y);

/// `x` as an element (or vector) of `type`.
Value emitCast(OpBuilder &b, Location loc, Value x, Type type);

/// 1 / √x.
Value emitRsqrt(OpBuilder &b, Location loc, Value x);
Value emitSigmoid(OpBuilder &b, Location loc, Value x);
Value emitSilu(OpBuilder &b, Location loc, Value x);
Value emitSoftplus(OpBuilder &b, Location loc, Value x);
Value emitLeakyRelu(OpBuilder &b, Location loc, Value x, double slope);
Value emitGelu(OpBuilder &b, Location loc, Value x, bool approximate);
/// `x`, with a `scalar.check` that it is in [0, size) or `ignored`; a failure
/// is one of `function`.
Value emitCheckIndex(OpBuilder &b, Location loc, Value x, int64_t size,
                     int64_t ignored, llvm::StringRef function);

/// A function of the math dialect. Of f16 and bf16 it is computed in f32.
template <typename OpT, typename... Args>
Value emitMath(OpBuilder &b, Location loc, Args... args) {
  Type type = std::get<0>(std::tuple(args...)).getType();
  Type wide = scalar::wideType(type);
  if (wide == type)
    return OpT::create(b, loc, args...);
  Value result = OpT::create(b, loc, emitCast(b, loc, args, wide)...);
  return emitCast(b, loc, result, type);
}

} // namespace tensorc::graph

#endif // TENSORC_DIALECTS_GRAPH_SCALARBODIES_H
