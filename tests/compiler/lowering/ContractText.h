//===- ContractText.h - Contractions for tests ------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_COMPILER_LOWERING_CONTRACTTEXT_H
#define TENSORC_TESTS_COMPILER_LOWERING_CONTRACTTEXT_H

#include <cstdint>
#include <string>
#include <vector>

namespace tensorc::test {

/// A `kernel.func` with one contraction, as text.
struct ContractText {
  struct Operand {
    /// Results of the indexing map.
    std::vector<std::string> results = {};
    std::vector<int64_t> shape = {};
    /// In elements; empty for dense buffers.
    std::vector<int64_t> strides = {};
  };
  enum class Epilogue {
    Copy,
    /// acc + the extras.
    Add,
    /// The same, at least 0 (floats).
    Relu,
    /// acc + the extras + the positions in the output's dimensions.
    Index
  };

  std::vector<int64_t> sizes;
  std::vector<int64_t> dimSizes = {};
  /// Dimensions whose size is `?` in the types (those that stand alone in a
  /// map); empty for none.
  std::vector<bool> dynamic = {};
  Operand lhs = {}, rhs = {}, output = {};
  std::vector<Operand> extras = {};
  std::string type = "f32";
  Epilogue epilogue = Epilogue::Copy;

  std::string str() const;
  /// The dynamic sizes of each argument.
  std::vector<std::vector<int64_t>> dynamicValues() const;

private:
  bool isDynamic(const Operand &operand, size_t axis) const;
  std::string typeOf(const Operand &operand) const;
  std::string body() const;
};

/// A small contraction of any kind: batch dimensions, windows, permuted and
/// strided operands, epilogues, element types, dynamic sizes.
ContractText randomContract(unsigned seed);

} // namespace tensorc::test

#endif // TENSORC_TESTS_COMPILER_LOWERING_CONTRACTTEXT_H
