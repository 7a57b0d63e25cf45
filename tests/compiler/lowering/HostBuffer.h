//===- HostBuffer.h - A kernel's buffer in a test ---------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_COMPILER_LOWERING_HOSTBUFFER_H
#define TENSORC_TESTS_COMPILER_LOWERING_HOSTBUFFER_H

#include "mlir/IR/BuiltinTypes.h"
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace tensorc::test {

/// An element of any type: floats in `real`, integers and booleans in `whole`.
struct Scalar {
  double real = 0;
  int64_t whole = 0;
};

/// The memory of one argument, between guards that nothing may write to.
class HostBuffer {
public:
  /// `dynamic` gives the type's dynamic sizes, then strides, then offset.
  HostBuffer(mlir::MemRefType type, llvm::ArrayRef<int64_t> dynamic);

  mlir::Type elementType;
  std::vector<int64_t> shape, strides;
  int64_t offset = 0;

  /// The pointer that a kernel gets.
  void *data() { return bytes.data() + guard; }
  /// Element by position in memory, in elements.
  Scalar load(int64_t position) const;
  void store(int64_t position, Scalar value);
  int64_t positionOf(llvm::ArrayRef<int64_t> indices) const;
  /// Elements in memory, those between strides included.
  int64_t extent() const { return elements; }
  int64_t elementBytes() const;

  /// Random contents: reals in [-2, 2] (some of them equal), integers in
  /// [0, limit).
  void randomize(std::mt19937 &generator, int64_t limit = 7);
  /// Whether the guards are as they were.
  bool guardsIntact() const;
  /// Empty where equal, else the first difference. NaN equals NaN.
  std::string difference(const HostBuffer &expected, double tolerance) const;

private:
  static constexpr size_t guard = 256;
  int64_t elements = 0;
  std::vector<uint8_t> bytes;
};

} // namespace tensorc::test

#endif // TENSORC_TESTS_COMPILER_LOWERING_HOSTBUFFER_H
