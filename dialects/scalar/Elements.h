//===- Elements.h - How elements are held and computed ----------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What folding, scalar bodies, fusion and the emitters of all targets ask about
// an element type: tensorc/dtype.h in MLIR's terms. Types are elements or
// vectors of them.
//
//   element       in memory   computed in
//   i1            i8          i1
//   ui8           i8          i8, by unsigned ops
//   i8, …, i64    themselves
//   f16           f16         f32
//   bf16          i16         f32
//   f32, f64      themselves
//
// Bodies of kernels have values of element types; arith has no ui8, so values
// of that type are cast to i8 and back (`reinterpret`).
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DIALECTS_SCALAR_ELEMENTS_H
#define TENSORC_DIALECTS_SCALAR_ELEMENTS_H

#include "tensorc/dtype.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"

#include <optional>

namespace tensorc::scalar {

/// The type as the library has it; none for others than its own.
std::optional<DType> dtypeOf(mlir::Type element);
mlir::Type elementType(DType dtype, mlir::MLIRContext *context);

/// f16 and bf16.
bool isHalf(mlir::Type type);
/// Whether the values are to be read as unsigned: ui8 and i1.
bool isUnsigned(mlir::Type type);

/// `type` with another element type.
mlir::Type withElement(mlir::Type type, mlir::Type element);
/// `type` as arith has it: without a sign.
mlir::Type signlessType(mlir::Type type);
/// What functions, sums and products of `type` are computed in: f32 for f16 and
/// bf16.
mlir::Type wideType(mlir::Type type);
/// What emitters hold values of `type` in.
mlir::Type computeType(mlir::Type type);
/// What an element of `type` is in memory.
mlir::Type storageType(mlir::Type type);

/// The attribute that `value` has as an element of `type`. Fractions are cut
/// off; infinities stand for the least and the greatest whole number, and so do
/// numbers beyond them.
mlir::TypedAttr elementAttr(mlir::Type type, double value);

/// `value` in the compute type.
mlir::TypedAttr computeAttr(mlir::TypedAttr value);

/// The same bits as `type`.
mlir::TypedAttr reinterpret(mlir::TypedAttr value, mlir::Type type);
mlir::Value reinterpret(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x,
                        mlir::Type type);
/// `x` as arith has it.
mlir::Value toSignless(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x);
/// The constant `value` of `type`, the attribute's or a vector of that.
mlir::Value elementConstant(mlir::OpBuilder &b, mlir::Location loc,
                            mlir::Type type, mlir::TypedAttr value);
inline mlir::Value elementConstant(mlir::OpBuilder &b, mlir::Location loc,
                                   mlir::TypedAttr value) {
  return elementConstant(b, loc, value.getType(), value);
}

} // namespace tensorc::scalar

#endif // TENSORC_DIALECTS_SCALAR_ELEMENTS_H
