//===- EmissionMemory.cpp - Vectors, and how they reach memory ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/common/Emission.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::lowering;
using scalar::withElement;

Type Emission::lifted(Type type, int64_t lanes) {
  Type element = computeType(type);
  return lanes == 1 ? element : VectorType::get(lanes, element);
}

Value Emission::constant(Type type, double value) {
  Type element = getElementTypeOrSelf(type);
  TypedAttr attribute =
      isa<FloatType>(element)
          ? TypedAttr(b.getFloatAttr(element, value))
          : TypedAttr(b.getIntegerAttr(element, static_cast<int64_t>(value)));
  if (auto vector = dyn_cast<VectorType>(type))
    attribute = DenseElementsAttr::get(vector, Attribute(attribute));
  return arith::ConstantOp::create(b, loc, attribute);
}

Value Emission::broadcast(Value value, int64_t lanes) {
  if (lanes == 1 || isa<VectorType>(value.getType()))
    return value;
  auto type = VectorType::get(lanes, value.getType());
  if (auto constant = value.getDefiningOp<arith::ConstantOp>())
    return arith::ConstantOp::create(
        b, loc, DenseElementsAttr::get(type, Attribute(constant.getValue())));
  return vector::BroadcastOp::create(b, loc, type, value);
}

static DenseElementsAttr steps(Type element, int64_t lanes, int64_t step) {
  SmallVector<APInt> values;
  unsigned width = element.isIndex() ? 64 : element.getIntOrFloatBitWidth();
  for (int64_t i = 0; i < lanes; ++i)
    values.push_back(APInt(width, i * step, /*isSigned=*/true));
  return DenseElementsAttr::get(VectorType::get(lanes, element), values);
}

Value Emission::iota(OpFoldResult base, int64_t lanes, int64_t step) {
  if (lanes == 1)
    return value(base);
  Value ramp =
      arith::ConstantOp::create(b, loc, steps(b.getIndexType(), lanes, step));
  if (isConstant(base, 0))
    return ramp;
  return arith::AddIOp::create(b, loc, broadcast(value(base), lanes), ramp);
}

Value Emission::tailMask(OpFoldResult n, int64_t lanes) {
  auto known = constantOf(n);
  if (known && *known >= lanes)
    return {};
  auto type = VectorType::get(lanes, b.getI1Type());
  Value mask;
  if (known) {
    SmallVector<bool> bits(lanes);
    for (int64_t i = 0; i < lanes; ++i)
      bits[i] = i < *known;
    mask =
        arith::ConstantOp::create(b, loc, DenseElementsAttr::get(type, bits));
  } else if (hasMaskRegisters && lanes >= 8 && lanes <= 32) {
    // Mask registers: (1 << n) - 1, moved there.
    Type i64 = b.getI64Type();
    Value count =
        arith::IndexCastOp::create(b, loc, i64, value(min(n, attr(lanes))));
    Value one = arith::ConstantIntOp::create(b, loc, 1, 64);
    Value bits = arith::SubIOp::create(
        b, loc, arith::ShLIOp::create(b, loc, one, count), one);
    Type word = b.getIntegerType(lanes);
    bits = arith::TruncIOp::create(b, loc, word, bits);
    bits = vector::BroadcastOp::create(b, loc, VectorType::get(1, word), bits);
    mask = vector::BitCastOp::create(b, loc, type, bits);
  } else {
    Type i32 = b.getI32Type();
    Value count =
        arith::IndexCastOp::create(b, loc, i32, value(min(n, attr(lanes))));
    mask = arith::CmpIOp::create(
        b, loc, arith::CmpIPredicate::slt,
        arith::ConstantOp::create(b, loc, steps(i32, lanes, 1)),
        broadcast(count, lanes));
  }
  tailCounts[mask] = n;
  return mask;
}

//===----------------------------------------------------------------------===//
// Elements in memory and in registers
//===----------------------------------------------------------------------===//

Value Emission::toCompute(Value stored, Type elementType) {
  if (elementType.isInteger(1))
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, stored,
                                 zero(stored.getType()));
  if (elementType.isBF16())
    stored = arith::BitcastOp::create(
        b, loc, withElement(stored.getType(), elementType), stored);
  if (scalar::isHalf(elementType))
    return arith::ExtFOp::create(
        b, loc, withElement(stored.getType(), b.getF32Type()), stored);
  return stored;
}

Value Emission::toStorage(Value computed, Type elementType) {
  if (elementType.isInteger(1))
    return arith::ExtUIOp::create(
        b, loc, withElement(computed.getType(), b.getI8Type()), computed);
  if (!scalar::isHalf(elementType))
    return computed;
  Value narrow = arith::TruncFOp::create(
      b, loc, withElement(computed.getType(), elementType), computed);
  if (elementType.isF16())
    return narrow;
  return arith::BitcastOp::create(
      b, loc, withElement(computed.getType(), b.getI16Type()), narrow);
}

Value Emission::loadScalar(const LinearAccess &access, OpFoldResult index) {
  Value stored =
      memref::LoadOp::create(b, loc, access.buffer, ValueRange{value(index)});
  return toCompute(stored, access.elementType);
}

void Emission::storeScalar(const LinearAccess &access, OpFoldResult index,
                           Value computed) {
  memref::StoreOp::create(b, loc, toStorage(computed, access.elementType),
                          access.buffer, ValueRange{value(index)});
}

/// Offsets 0, stride, 2 * stride, …: i32 where they fit, as gathers of 32-bit
/// indices are one instruction.
Value Emission::elementOffsets(OpFoldResult stride, int64_t lanes) {
  if (auto known = constantOf(stride)) {
    Type element = std::abs(*known) * lanes < (int64_t(1) << 31)
                       ? Type(b.getI32Type())
                       : Type(b.getI64Type());
    return arith::ConstantOp::create(b, loc, steps(element, lanes, *known));
  }
  return arith::MulIOp::create(b, loc, broadcast(value(stride), lanes),
                               iota(attr(0), lanes));
}

/// The unit-stride load of stored elements.
Value Emission::loadUnit(const LinearAccess &access, OpFoldResult index,
                         int64_t lanes, Value mask, Value padding) {
  auto type = VectorType::get(lanes, storageType(access.elementType));
  if (!mask)
    return vector::LoadOp::create(b, loc, type, access.buffer,
                                  ValueRange{value(index)});
  Value fill = padding ? padding : zero(type);
  return vector::MaskedLoadOp::create(b, loc, type, access.buffer,
                                      ValueRange{value(index)}, mask, fill);
}

/// Two overlapping loads reach elements 0 to 2 * lanes - 2 and not one more.
Value Emission::loadStrideTwo(const LinearAccess &access, OpFoldResult index,
                              int64_t lanes, Value mask, Value padding) {
  Value lowMask, highMask;
  if (mask) {
    OpFoldResult n = tailCounts.lookup(mask);
    lowMask = tailMask(sub(mul(n, attr(2)), attr(1)), lanes);
    highMask = tailMask(atLeastZero(sub(mul(n, attr(2)), attr(lanes))), lanes);
  }
  Value low = loadUnit(access, index, lanes, lowMask, padding);
  Value high =
      loadUnit(access, add(index, attr(lanes - 1)), lanes, highMask, padding);
  SmallVector<int64_t> order;
  for (int64_t i = 0; i < lanes; ++i)
    order.push_back(2 * i < lanes ? 2 * i : 2 * i + 1);
  return vector::ShuffleOp::create(b, loc, low, high, order);
}

Value Emission::loadVector(const LinearAccess &access, OpFoldResult index,
                           OpFoldResult stride, int64_t lanes, Value mask,
                           Value padding) {
  if (lanes == 1)
    return loadScalar(access, index);
  auto known = constantOf(stride);
  if (known == 0) {
    Value element = broadcast(loadScalar(access, index), lanes);
    if (!mask || !padding)
      return element;
    return arith::SelectOp::create(b, loc, mask, element, padding);
  }
  Value fill = padding ? toStorage(padding, access.elementType) : Value();
  Value stored;
  if (known == 1) {
    stored = loadUnit(access, index, lanes, mask, fill);
  } else if (known == 2 && (!mask || tailCounts.contains(mask))) {
    stored = loadStrideTwo(access, index, lanes, mask, fill);
  } else if (known == -1 && !mask) {
    stored = loadUnit(access, sub(index, attr(lanes - 1)), lanes, {}, {});
    SmallVector<int64_t> order;
    for (int64_t i = 0; i < lanes; ++i)
      order.push_back(lanes - 1 - i);
    stored = vector::ShuffleOp::create(b, loc, stored, stored, order);
  } else {
    auto type = VectorType::get(lanes, storageType(access.elementType));
    Value offsets = elementOffsets(stride, lanes);
    Value active =
        mask ? mask : constant(VectorType::get(lanes, b.getI1Type()), 1);
    stored = vector::GatherOp::create(b, loc, type, access.buffer,
                                      ValueRange{value(index)}, offsets, active,
                                      fill ? fill : zero(type));
  }
  return toCompute(stored, access.elementType);
}

void Emission::storeUnit(const LinearAccess &access, OpFoldResult index,
                         Value stored, Value mask) {
  if (mask)
    vector::MaskedStoreOp::create(b, loc, access.buffer,
                                  ValueRange{value(index)}, mask, stored);
  else
    vector::StoreOp::create(b, loc, stored, access.buffer,
                            ValueRange{value(index)});
}

void Emission::storeVector(const LinearAccess &access, OpFoldResult index,
                           OpFoldResult stride, Value computed, Value mask) {
  auto vectorType = dyn_cast<VectorType>(computed.getType());
  if (!vectorType)
    return storeScalar(access, index, computed);
  int64_t lanes = vectorType.getNumElements();
  auto known = constantOf(stride);
  if (known == 0)
    return storeScalar(access, index,
                       vector::ExtractOp::create(b, loc, computed, int64_t(0)));
  Value stored = toStorage(computed, access.elementType);
  if (known == 1)
    return storeUnit(access, index, stored, mask);
  Value active =
      mask ? mask : constant(VectorType::get(lanes, b.getI1Type()), 1);
  vector::ScatterOp::create(b, loc, /*resultType=*/nullptr, access.buffer,
                            ValueRange{value(index)},
                            elementOffsets(stride, lanes), active, stored);
}

void Emission::storeInterleaved(const LinearAccess &access, OpFoldResult index,
                                Value even, Value odd, Value mask) {
  int64_t lanes = cast<VectorType>(even.getType()).getNumElements();
  even = toStorage(even, access.elementType);
  odd = toStorage(odd, access.elementType);
  SmallVector<int64_t> low, high;
  for (int64_t i = 0; i < lanes / 2; ++i) {
    low.append({i, lanes + i});
    high.append({lanes / 2 + i, lanes + lanes / 2 + i});
  }
  Value lowMask, highMask;
  OpFoldResult twice;
  if (mask) {
    twice = mul(tailCounts.lookup(mask), attr(2));
    lowMask = tailMask(twice, lanes);
    highMask = tailMask(atLeastZero(sub(twice, attr(lanes))), lanes);
  }
  storeUnit(access, index, vector::ShuffleOp::create(b, loc, even, odd, low),
            lowMask);
  if (mask && isConstant(atLeastZero(sub(twice, attr(lanes))), 0))
    return;
  storeUnit(access, add(index, attr(lanes)),
            vector::ShuffleOp::create(b, loc, even, odd, high), highMask);
}
