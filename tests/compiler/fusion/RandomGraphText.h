//===- RandomGraphText.h - Words of random graphs --------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_COMPILER_FUSION_RANDOMGRAPHTEXT_H
#define TENSORC_TESTS_COMPILER_FUSION_RANDOMGRAPHTEXT_H

#include "tests/compiler/fusion/RandomGraph.h"

#include <functional>
#include <numeric>

namespace tensorc::test {

/// `array<i64: 2, 3>`, `#scalar.sizes<2, "B + 1">`.
inline std::string sizesText(const Shape &sizes) {
  std::string numbers = "array<i64", symbols = "#scalar.sizes<";
  bool isSymbolic = false;
  for (size_t i = 0; i < sizes.size(); ++i) {
    numbers += (i ? ", " : ": ") + sizes[i].str();
    std::string quote = sizes[i].is_symbolic() ? "\"" : "";
    symbols += (i ? ", " : "") + quote + sizes[i].str() + quote;
    isSymbolic |= sizes[i].is_symbolic();
  }
  return (isSymbolic ? symbols : numbers) + ">";
}

inline std::string typeText(const Shape &shape, const std::string &element) {
  std::string text = "tensor<";
  bool isSymbolic = false;
  for (SymInt size : shape) {
    text += (size.is_symbolic() ? "?" : size.str()) + "x";
    isSymbolic |= size.is_symbolic();
  }
  return text + element + (isSymbolic ? ", " + sizesText(shape) : "") + ">";
}

inline std::string listText(const std::vector<int64_t> &values) {
  std::string text = "array<i64";
  for (size_t i = 0; i < values.size(); ++i)
    text += (i ? ", " : ": ") + std::to_string(values[i]);
  return text + ">";
}

inline SymInt sizeOf(const Shape &shape) {
  return std::accumulate(shape.begin(), shape.end(), SymInt(1),
                         std::multiplies<>());
}

inline bool isFloat(const std::string &type) {
  return type[0] == 'f' || type[0] == 'b';
}

inline bool broadcasts(const Shape &from, const Shape &to) {
  if (from.size() > to.size())
    return false;
  for (size_t i = 0; i < from.size(); ++i) {
    SymInt size = from[from.size() - 1 - i];
    if (!size.is(1) && !size.is(to[to.size() - 1 - i]))
      return false;
  }
  return true;
}

/// Whether the elements are known to be free of rounding.
bool isExact(const GraphNode &node);

} // namespace tensorc::test

#endif // TENSORC_TESTS_COMPILER_FUSION_RANDOMGRAPHTEXT_H
