//===- Sizes.cpp - What sizes make of each other --------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Sizes.h"
#include "runtime/core/SymExpr.h"

#include <algorithm>

namespace tensorc {

bool compatible(const Shape &a, const Shape &b) {
  return std::ranges::equal(
      a, b, [](SymInt x, SymInt y) { return compatible(x, y); });
}

Shape merge(const Shape &a, const Shape &b) {
  Shape shape(a.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    shape[i] = merge(a[i], b[i]);
  return shape;
}

SymInt count_of(const Shape &shape) {
  SymInt product = 1;
  for (SymInt size : shape)
    product *= size; // 0 times `?` is 0
  return product;
}

std::string for_all_sizes(const Shape &sizes) {
  Shape known;
  std::ranges::copy_if(sizes, std::back_inserter(known),
                       [](SymInt size) { return !is_dynamic(size); });
  std::string ranges = ranges_of(known);
  return ranges.empty() ? ""
                        : ranges + ": a compiled function serves all of these, "
                                   "so sizes that have to agree are one symbol "
                                   "or one number";
}

bool has_symbols(const Shape &shape) {
  return std::ranges::any_of(shape,
                             [](SymInt size) { return size.is_symbolic(); });
}

} // namespace tensorc
