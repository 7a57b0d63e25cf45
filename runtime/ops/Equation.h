//===- Equation.h - The words of an einsum ----------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_OPS_EQUATION_H
#define TENSORC_RUNTIME_OPS_EQUATION_H

#include "runtime/ops/Support.h"

namespace tensorc {

/// `self,other->result`, a letter for each dimension.
struct Equation {
  explicit Equation(const std::string &text) {
    std::size_t comma = text.find(','), arrow = text.find("->");
    if (comma == std::string::npos || arrow == std::string::npos ||
        comma > arrow)
      expected("an equation `self,other->result`", "`" + text + "`");
    self = text.substr(0, comma);
    other = text.substr(comma + 1, arrow - comma - 1);
    result = text.substr(arrow + 2);
  }

  std::string self, other, result;
};

} // namespace tensorc

#endif // TENSORC_RUNTIME_OPS_EQUATION_H
