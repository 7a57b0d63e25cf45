//===- Elements.cpp - How elements are held and computed --------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/scalar/Elements.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace tensorc::scalar {

Type elementType(DType dtype, MLIRContext *context) {
  const DTypeInfo &info = info_of(dtype);
  if (info.kind == DTypeKind::Bool)
    return IntegerType::get(context, 1);
  if (info.kind == DTypeKind::Integral)
    return IntegerType::get(context, info.bytes * 8,
                            info.is_signed ? IntegerType::Signless
                                           : IntegerType::Unsigned);
  switch (dtype) {
  case DType::Float16:
    return Float16Type::get(context);
  case DType::BFloat16:
    return BFloat16Type::get(context);
  case DType::Float32:
    return Float32Type::get(context);
  default:
    return Float64Type::get(context);
  }
}

/// Whether `element` is that of `info`, without looking a type up.
static bool isType(Type element, const DTypeInfo &info) {
  if (auto integer = dyn_cast<IntegerType>(element)) {
    bool isBool = info.kind == DTypeKind::Bool;
    bool isUnsigned = !isBool && !info.is_signed;
    return info.kind != DTypeKind::Floating && !integer.isSigned() &&
           integer.isUnsigned() == isUnsigned &&
           integer.getWidth() == (isBool ? 1u : info.bytes * 8u);
  }
  auto floating = dyn_cast<FloatType>(element);
  return floating && floating.getWidth() == info.bytes * 8u &&
         floating.getFPMantissaWidth() == info.digits;
}

std::optional<DType> dtypeOf(Type element) {
  for (const DTypeInfo &info : kDTypes)
    if (isType(element, info))
      return info.dtype;
  return std::nullopt;
}

/// `type` with the element that the table gives for its own.
static Type withDType(Type type, DType DTypeInfo::*member) {
  Type element = getElementTypeOrSelf(type);
  if (auto dtype = dtypeOf(element))
    return withElement(type,
                       elementType(info_of(*dtype).*member, type.getContext()));
  return type;
}

bool isHalf(Type type) {
  auto dtype = dtypeOf(getElementTypeOrSelf(type));
  return dtype && is_half(*dtype);
}

bool isUnsigned(Type type) {
  auto dtype = dtypeOf(getElementTypeOrSelf(type));
  return dtype && !info_of(*dtype).is_signed;
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

Type wideType(Type type) { return withDType(type, &DTypeInfo::compute); }

Type computeType(Type type) { return signlessType(wideType(type)); }

// LLVM takes gathers and scatters of bf16 apart with calls of libgcc, hence the
// table has it as bits.
Type storageType(Type type) {
  return signlessType(withDType(type, &DTypeInfo::storage));
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

} // namespace tensorc::scalar
