//===- Elements.cpp - How elements are held and computed --------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Elements.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace tensorc::kernel {

bool isUnsigned(Type type) {
  Type element = getElementTypeOrSelf(type);
  return element.isUnsignedInteger() || element.isInteger(1);
}

Type withElement(Type type, Type element) {
  if (auto vector = dyn_cast<VectorType>(type))
    return vector.clone(element);
  return element;
}

Type signlessType(Type type) {
  Type element = getElementTypeOrSelf(type);
  if (!element.isUnsignedInteger())
    return type;
  return withElement(type, IntegerType::get(type.getContext(),
                                            element.getIntOrFloatBitWidth()));
}

Type wideType(Type type) {
  Type element = getElementTypeOrSelf(type);
  if (element.isF16() || element.isBF16())
    return withElement(type, Float32Type::get(type.getContext()));
  return type;
}

Type computeType(Type type) { return signlessType(wideType(type)); }

Type storageType(Type type) {
  Type element = getElementTypeOrSelf(type);
  // LLVM takes gathers and scatters of bf16 apart with calls of libgcc.
  if (element.isBF16())
    return withElement(type, IntegerType::get(type.getContext(), 16));
  if (element.isInteger(1))
    return withElement(type, IntegerType::get(type.getContext(), 8));
  return signlessType(type);
}

TypedAttr elementAttr(Type type, double value) {
  if (isa<FloatType>(type))
    return FloatAttr::get(type, value);
  unsigned width = type.getIntOrFloatBitWidth();
  if (width == 1)
    return IntegerAttr::get(type, APInt(1, value != 0));
  bool isSigned = !isUnsigned(type);
  APSInt number(width, /*isUnsigned=*/!isSigned);
  bool isExact;
  APFloat(value).convertToInteger(number, APFloat::rmTowardZero, &isExact);
  return IntegerAttr::get(type, number);
}

TypedAttr computeAttr(TypedAttr value) {
  Type type = computeType(value.getType());
  if (auto number = dyn_cast<FloatAttr>(value))
    return FloatAttr::get(type, number.getValueAsDouble());
  return IntegerAttr::get(type, cast<IntegerAttr>(value).getValue());
}

TypedAttr reinterpret(TypedAttr value, Type type) {
  if (value.getType() == type)
    return value;
  return IntegerAttr::get(type, cast<IntegerAttr>(value).getValue());
}

Value reinterpret(OpBuilder &b, Location loc, Value x, Type type) {
  if (x.getType() == type)
    return x;
  return UnrealizedConversionCastOp::create(b, loc, type, x).getResult(0);
}

Value toSignless(OpBuilder &b, Location loc, Value x) {
  return reinterpret(b, loc, x, signlessType(x.getType()));
}

Value elementConstant(OpBuilder &b, Location loc, Type type, TypedAttr value) {
  value = reinterpret(value, signlessType(value.getType()));
  Type computed = signlessType(type);
  if (auto vector = dyn_cast<VectorType>(computed))
    value = DenseElementsAttr::get(vector, Attribute(value));
  return reinterpret(b, loc, arith::ConstantOp::create(b, loc, computed, value),
                     type);
}

} // namespace tensorc::kernel
