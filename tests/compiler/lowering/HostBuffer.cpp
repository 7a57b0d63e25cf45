//===- HostBuffer.cpp - A kernel's buffer in a test -----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/lowering/HostBuffer.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/APInt.h"
#include <cmath>
#include <cstring>
#include <sstream>

using namespace mlir;
using namespace tensorc::test;

static constexpr uint8_t guardByte = 0xA5;

HostBuffer::HostBuffer(MemRefType type, llvm::ArrayRef<int64_t> dynamic)
    : elementType(type.getElementType()) {
  size_t next = 0;
  auto resolve = [&](int64_t value) {
    return ShapedType::isDynamic(value) ? dynamic[next++] : value;
  };
  for (int64_t size : type.getShape())
    shape.push_back(resolve(size));
  strides.resize(shape.size());
  if (type.getLayout().isIdentity()) {
    int64_t stride = 1;
    for (size_t axis = shape.size(); axis-- > 0; stride *= shape[axis])
      strides[axis] = stride;
  } else {
    auto [typeStrides, typeOffset] = type.getStridesAndOffset();
    for (auto [axis, stride] : llvm::enumerate(typeStrides))
      strides[axis] = resolve(stride);
    offset = resolve(typeOffset);
  }
  int64_t low = offset, high = offset;
  bool isEmpty = false;
  for (auto [size, stride] : llvm::zip(shape, strides)) {
    (stride < 0 ? low : high) += (size - 1) * stride;
    isEmpty |= size == 0;
  }
  elements = isEmpty ? 0 : high + 1;
  bytes.assign(guard * 2 + size_t(elements * elementBytes()), guardByte);
}

int64_t HostBuffer::elementBytes() const {
  return (elementType.getIntOrFloatBitWidth() + 7) / 8;
}

Scalar HostBuffer::load(int64_t position) const {
  const uint8_t *place = bytes.data() + guard + position * elementBytes();
  uint64_t word = 0;
  std::memcpy(&word, place, size_t(elementBytes()));
  unsigned bits = unsigned(elementBytes()) * 8;
  if (auto type = dyn_cast<FloatType>(elementType)) {
    llvm::APFloat value(type.getFloatSemantics(), llvm::APInt(bits, word));
    bool inexact = false;
    value.convert(llvm::APFloat::IEEEdouble(),
                  llvm::APFloat::rmNearestTiesToEven, &inexact);
    return {value.convertToDouble(), 0};
  }
  bool isSigned = !elementType.isUnsignedInteger() && bits > 1;
  llvm::APInt value(bits, word);
  return {0, isSigned && !elementType.isInteger(1)
                 ? value.getSExtValue()
                 : int64_t(value.getZExtValue())};
}

void HostBuffer::store(int64_t position, Scalar scalar) {
  uint64_t word = uint64_t(scalar.whole);
  if (auto type = dyn_cast<FloatType>(elementType)) {
    llvm::APFloat value(scalar.real);
    bool inexact = false;
    value.convert(type.getFloatSemantics(), llvm::APFloat::rmNearestTiesToEven,
                  &inexact);
    word = value.bitcastToAPInt().getZExtValue();
  }
  std::memcpy(bytes.data() + guard + position * elementBytes(), &word,
              size_t(elementBytes()));
}

int64_t HostBuffer::positionOf(llvm::ArrayRef<int64_t> indices) const {
  int64_t position = offset;
  for (auto [index, stride] : llvm::zip_equal(indices, strides))
    position += index * stride;
  return position;
}

void HostBuffer::randomize(std::mt19937 &generator, int64_t limit) {
  std::uniform_real_distribution<double> reals(-2, 2);
  for (int64_t i = 0; i < elements; ++i) {
    Scalar value;
    value.real = reals(generator);
    // Ties, and negative zeros.
    if (generator() % 8 == 0)
      value.real = std::round(value.real) * 0.5;
    value.whole = elementType.isInteger(1) ? int64_t(generator() % 2)
                                           : int64_t(generator() % limit);
    store(i, value);
  }
}

bool HostBuffer::guardsIntact() const {
  auto intact = [](const uint8_t *first) {
    return std::all_of(first, first + guard,
                       [](uint8_t byte) { return byte == guardByte; });
  };
  return intact(bytes.data()) && intact(bytes.data() + bytes.size() - guard);
}

std::string HostBuffer::difference(const HostBuffer &expected,
                                   double tolerance) const {
  for (int64_t i = 0; i < elements; ++i) {
    Scalar got = load(i), want = expected.load(i);
    bool equal = got.whole == want.whole;
    if (isa<FloatType>(elementType)) {
      if (std::isnan(want.real) || std::isinf(want.real))
        equal = std::isnan(want.real) ? std::isnan(got.real)
                                      : got.real == want.real;
      else
        equal = std::abs(got.real - want.real) <=
                tolerance * std::max(1.0, std::abs(want.real));
    }
    if (equal)
      continue;
    std::ostringstream text;
    text << "element " << i << " of " << elements << " is "
         << (isa<FloatType>(elementType) ? got.real : double(got.whole))
         << ", expected "
         << (isa<FloatType>(elementType) ? want.real : double(want.whole));
    return text.str();
  }
  return {};
}
