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

inline std::string typeText(const std::vector<int64_t> &shape,
                            const std::string &element) {
  std::string text = "tensor<";
  for (int64_t size : shape)
    text += std::to_string(size) + "x";
  return text + element + ">";
}

inline std::string listText(const std::vector<int64_t> &values) {
  std::string text = "array<i64";
  for (size_t i = 0; i < values.size(); ++i)
    text += (i ? ", " : ": ") + std::to_string(values[i]);
  return text + ">";
}

inline int64_t sizeOf(const std::vector<int64_t> &shape) {
  return std::accumulate(shape.begin(), shape.end(), int64_t(1),
                         std::multiplies<>());
}

inline bool isFloat(const std::string &type) {
  return type[0] == 'f' || type[0] == 'b';
}

inline bool broadcasts(const std::vector<int64_t> &from,
                       const std::vector<int64_t> &to) {
  if (from.size() > to.size())
    return false;
  for (size_t i = 0; i < from.size(); ++i) {
    int64_t size = from[from.size() - 1 - i];
    if (size != 1 && size != to[to.size() - 1 - i])
      return false;
  }
  return true;
}

/// Whether the elements are known to be free of rounding.
bool isExact(const GraphNode &node);

} // namespace tensorc::test

#endif // TENSORC_TESTS_COMPILER_FUSION_RANDOMGRAPHTEXT_H
