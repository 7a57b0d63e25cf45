//===- Sizes.h - What sizes make of each other ------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_CORE_SIZES_H
#define TENSORC_RUNTIME_CORE_SIZES_H

#include "tensorc/op.h"
#include "tensorc/sym_expr.h"

namespace tensorc {

/// Whether nothing is known of a size (`?`).
inline bool is_dynamic(SymInt size) { return size.is(kDynamic); }
/// Whether two sizes are the same, or one may be any.
inline bool compatible(SymInt a, SymInt b) {
  return a.is(b) || is_dynamic(a) || is_dynamic(b);
}
bool compatible(const Shape &a, const Shape &b);
/// The better known of two compatible sizes.
inline SymInt merge(SymInt a, SymInt b) { return is_dynamic(a) ? b : a; }
Shape merge(const Shape &a, const Shape &b);
/// The number of elements: `?` where a size is, unless another is 0.
SymInt count_of(const Shape &shape);
bool has_symbols(const Shape &shape);
/// To follow what was received instead of sizes that fit: `, where B is from 1
/// to 256 …`, or nothing where these sizes are numbers.
std::string for_all_sizes(const Shape &sizes);
/// Whether a size is, or may turn out to be, that number.
inline bool can_be(SymInt size, std::int64_t number) {
  return !is_dynamic(size) && !known_different(size, number);
}

} // namespace tensorc

#endif // TENSORC_RUNTIME_CORE_SIZES_H
