//===- dynamic.h - Sizes that each call says --------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DYNAMIC_H
#define TENSORC_DYNAMIC_H

#include "tensorc/location.h"
#include "tensorc/sym_int.h"

#include <string_view>

namespace tensorc {

struct DynamicOptions {
  /// What the size mostly is, for which code is made best; -1: `max`.
  std::int64_t hint = -1;
  /// What divides the size, always.
  std::int64_t divisor = 1;
};

/// A size from `min` to `max` that each call of the compiled functions says, by
/// the argument `name`. For shapes of the examples that functions are exported
/// with:
///
///     SymInt B = dynamic("B", 1, 256, {.hint = 64});
///     model.function("infer", {{"images", empty({B, 1, 32, 32})}}, …);
///
/// Functions may share a symbol: all sizes of one name in a model are one, and
/// of one range.
///
/// `Error` where the name is none of C++, or no two values are in the range.
SymInt dynamic(std::string_view name, std::int64_t min, std::int64_t max,
               DynamicOptions options = {},
               Location location = Location::current());

} // namespace tensorc

#endif // TENSORC_DYNAMIC_H
