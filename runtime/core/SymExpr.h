//===- SymExpr.h - The normal form of symbolic sizes ------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Polynomials over atoms, with whole factors. What is equal as a polynomial is
// the same `SymInt`, so that comparing two of them compares two numbers.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_CORE_SYMEXPR_H
#define TENSORC_RUNTIME_CORE_SYMEXPR_H

#include "tensorc/location.h"
#include "tensorc/sym_expr.h"

#include <optional>
#include <vector>

namespace tensorc {

/// Sorted by degree and atoms, without terms of factor 0.
using Polynomial = std::vector<SymTerm>;

/// The size that is `polynomial`; `Error` where a factor is outside of 64 bits.
SymInt size_of(Polynomial polynomial);
/// The size that is one atom; simplifications are made before.
SymInt size_of(SymAtom atom);

/// `a + factor * b` and `a * b`; `Error` where a factor is outside of 64 bits.
Polynomial sum(const Polynomial &a, const Polynomial &b, std::int64_t factor);
Polynomial product(const Polynomial &a, const Polynomial &b);
/// The polynomial q where `a` is `b * q`.
std::optional<Polynomial> exact_quotient(Polynomial a, const Polynomial &b);

/// The least and greatest value, or bounds of them; nothing outside of 64 bits.
struct Bounds {
  std::optional<std::int64_t> min, max;
};
Bounds bounds_of(const Polynomial &polynomial);
Bounds bounds_of(SymInt size);

/// From now on this is the line that errors about `size` name, unless a scope
/// has one: where the user asked for it.
void note_place(SymInt size, Location location);

/// `, where B is from 1 to 256 and S from 1 to 512`, of the symbols in sizes,
/// none of which is `?`.
std::string ranges_of(std::span<const SymInt> sizes);

/// Where the user asked for a size, if that is known.
std::optional<Location> place_of(SymInt size);

} // namespace tensorc

#endif // TENSORC_RUNTIME_CORE_SYMEXPR_H
