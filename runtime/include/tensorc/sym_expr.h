//===- sym_expr.h - What symbolic sizes are made of -------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For the compiler and for rules: the normal form of a `SymInt`, and how it is
// taken apart and read.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_SYM_EXPR_H
#define TENSORC_SYM_EXPR_H

#include "tensorc/sym_int.h"

#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace tensorc {

/// A declared size. Multiples of `divisor` from `min` to `max`.
struct Symbol {
  std::string name;
  std::int64_t min = 0, max = 0, hint = 0, divisor = 1;
  bool operator==(const Symbol &) const = default;
};

/// What polynomials are made of: a symbol (divided by its divisor, so that
/// sizes which this divides are seen to be whole), a quotient rounded down, or
/// the smaller of two sizes.
struct SymAtom {
  enum class Kind : std::uint8_t { Symbol, FloorDiv, Min } kind;
  Symbol symbol;        ///< of a `Symbol`
  SymInt first, second; ///< of the others
};

/// The product of some atoms and a number.
struct SymTerm {
  std::int64_t factor = 1;
  std::vector<std::uint32_t> atoms; ///< their numbers, rising, with repeats
  bool operator==(const SymTerm &) const = default;
};

/// The terms of a size's polynomial, products of many atoms first. A number has
/// at most one, without atoms. Not of `?`.
std::vector<SymTerm> terms_of(SymInt size);
const SymAtom &sym_atom(std::uint32_t number);

/// The size that a symbol stands for.
SymInt size_of(const Symbol &symbol);
/// The symbols in sizes, in the order in which they are first met.
std::vector<Symbol> symbols_of(std::span<const SymInt> sizes);

/// The value where each symbol is what `value` says; nothing where that is
/// outside of 64 bits.
std::optional<std::int64_t>
evaluate(SymInt size, const std::function<std::int64_t(const Symbol &)> &value);

/// Whether `a` is `b`, is less, or at most as much, for all values of their
/// symbols; false where it isn't, or isn't known.
bool known_equal(SymInt a, SymInt b);
bool known_less(SymInt a, SymInt b);
bool known_at_most(SymInt a, SymInt b);
/// Whether they differ for all values.
bool known_different(SymInt a, SymInt b);
/// `size / divisor` where there is never a remainder, else nothing.
std::optional<SymInt> divided_exactly(SymInt size, SymInt divisor);

/// Reads what `str()` writes, `symbol` giving the size of a name; nothing where
/// that is no size.
std::optional<SymInt> parse_size(
    std::string_view text,
    const std::function<std::optional<SymInt>(std::string_view)> &symbol);

} // namespace tensorc

#endif // TENSORC_SYM_EXPR_H
