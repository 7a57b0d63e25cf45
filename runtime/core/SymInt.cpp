//===- SymInt.cpp - Arithmetic of sizes -----------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/SymExpr.h"
#include "tensorc/dynamic.h"
#include "tensorc/error.h"
#include "tensorc/names.h"
#include "tensorc/sym_int.h"

#include <algorithm>
#include <numeric>

namespace tensorc {

static constexpr SymInt unknown = INT64_MIN;

static bool is_unknown(SymInt a, SymInt b) {
  return a.is(unknown) || b.is(unknown);
}

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

/// The innermost call of the user's that is known to have to do with sizes.
static Location place(std::initializer_list<SymInt> sizes) {
  Location here = user_location({});
  for (SymInt size : sizes)
    if (here.line() == 0)
      here = place_of(size).value_or(Location());
  // Of what is computed with sizes: where one of these was asked for.
  for (SymInt size : sizes)
    if (here.line() == 0 && !size.is(unknown))
      for (const Symbol &symbol : symbols_of(std::span(&size, 1)))
        if (here.line() == 0)
          here = place_of(size_of(symbol)).value_or(Location());
  return here;
}

std::string ranges_of(std::span<const SymInt> sizes) {
  std::string text;
  for (const Symbol &symbol : symbols_of(sizes))
    text += (text.empty() ? ", where " : " and ") + symbol.name +
            (text.empty() ? " is from " : " from ") +
            std::to_string(symbol.min) + " to " + std::to_string(symbol.max);
  return text;
}

static std::string ranges(std::initializer_list<SymInt> sizes) {
  return ranges_of(std::span(sizes.begin(), sizes.end()));
}

std::int64_t SymInt::no_number() const {
  throw Error(function_prefix("") +
                  "expected a size that is a number, received `" + str() + "`" +
                  (is(unknown) ? "" : ranges({*this})) +
                  ": only a call of the compiled function says it. What is "
                  "computed with sizes stays general in a `SymInt` (`auto`)",
              place({*this}));
}

[[noreturn]] static void undecided(SymInt a, const char *relation, SymInt b) {
  throw Error(function_prefix("") + "whether `" + a.str() + "` is " + relation +
                  " `" + b.str() + "` isn't the same for all sizes" +
                  (is_unknown(a, b) ? "" : ranges({a, b})) +
                  ": a compiled function has one path; declare narrower "
                  "ranges, or decide by "
                  "`where` on tensors",
              place({a, b}));
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

SymInt SymInt::sum(SymInt a, SymInt b, std::int64_t factor) {
  if (is_unknown(a, b))
    return unknown;
  return size_of(tensorc::sum(terms_of(a), terms_of(b), factor));
}

SymInt SymInt::product(SymInt a, SymInt b) {
  if (a.is(0) || b.is(0))
    return 0;
  if (is_unknown(a, b))
    return unknown;
  return size_of(tensorc::product(terms_of(a), terms_of(b)));
}

/// The greatest number that divides all factors.
static std::int64_t common_factor(const Polynomial &polynomial) {
  std::int64_t common = 0;
  for (const SymTerm &term : polynomial)
    common = std::gcd(common, term.factor);
  return common;
}

/// `size / divisor` of a number: what it divides comes out of the quotient.
static SymInt quotient_by_number(SymInt size, std::int64_t divisor) {
  Polynomial whole, rest;
  for (SymTerm term : terms_of(size)) {
    if (term.factor % divisor == 0) {
      term.factor /= divisor;
      whole.push_back(std::move(term));
      continue;
    }
    // Of a number the part that is a multiple, too.
    if (term.atoms.empty()) {
      std::int64_t over =
          term.factor / divisor - (term.factor % divisor < 0 ? 1 : 0);
      if (over != 0)
        whole.push_back({over, {}});
      term.factor -= over * divisor;
    }
    rest.push_back(std::move(term));
  }
  // `rest / divisor` may need the whole part to be of at least 0.
  Bounds bounds = bounds_of(rest);
  if (!bounds.min || *bounds.min < 0) {
    whole.clear();
    rest = terms_of(size);
    bounds = bounds_of(rest);
  }
  SymInt outside = size_of(whole);
  if (bounds.max && *bounds.max < divisor)
    return outside;
  // (x / a + c) / b = (x + a * c) / (a * b)
  if (rest[0].factor == 1 && rest[0].atoms.size() == 1 &&
      (rest.size() == 1 || rest[1].atoms.empty())) {
    const SymAtom &atom = sym_atom(rest[0].atoms[0]);
    std::int64_t product;
    if (atom.kind == SymAtom::Kind::FloorDiv && !atom.second.is_symbolic() &&
        !__builtin_mul_overflow(atom.second.raw(), divisor, &product)) {
      std::int64_t more = rest.size() == 1 ? 0 : rest[1].factor;
      return outside + (atom.first + atom.second * more) / product;
    }
  }
  std::int64_t common = std::gcd(common_factor(rest), divisor);
  if (common > 1)
    for (SymTerm &term : rest)
      term.factor /= common;
  return outside +
         size_of(SymAtom{
             SymAtom::Kind::FloorDiv, {}, size_of(rest), divisor / common});
}

std::optional<SymInt> divided_exactly(SymInt size, SymInt divisor) {
  if (size.is(0))
    return 0;
  if (is_unknown(size, divisor) || divisor.is(0))
    return std::nullopt;
  std::optional<Polynomial> quotient =
      exact_quotient(terms_of(size), terms_of(divisor));
  if (!quotient)
    return std::nullopt;
  return size_of(std::move(*quotient));
}

SymInt SymInt::quotient(SymInt a, SymInt b) {
  if (is_unknown(a, b))
    return unknown;
  if (!known_at_most(1, b) || !known_at_most(0, a))
    throw Error(
        function_prefix("") +
            "expected a size of at least 0 over one of at least 1, received `" +
            a.str() + "` over `" + b.str() + "`" + ranges({a, b}),
        place({a, b}));
  if (std::optional<SymInt> exact = divided_exactly(a, b))
    return *exact;
  if (!b.is_symbolic())
    return quotient_by_number(a, b.raw_);
  if (known_less(a, b))
    return 0;
  return size_of(SymAtom{SymAtom::Kind::FloorDiv, {}, a, b});
}

SymInt SymInt::remainder(SymInt a, SymInt b) { return a - (a / b) * b; }

SymInt min(SymInt a, SymInt b) {
  if (known_at_most(a, b))
    return a;
  if (known_at_most(b, a))
    return b;
  if (is_unknown(a, b))
    return unknown;
  // The same atom for both orders.
  if (b.raw() < a.raw())
    std::swap(a, b);
  return size_of(SymAtom{SymAtom::Kind::Min, {}, a, b});
}

SymInt max(SymInt a, SymInt b) {
  if (is_unknown(a, b))
    return a.is(b) ? a : unknown;
  return a + b - min(a, b);
}

//===----------------------------------------------------------------------===//
// Comparisons
//===----------------------------------------------------------------------===//

bool known_equal(SymInt a, SymInt b) { return a.is(b); }

/// Bounds of `a - b`.
static Bounds bounds_of_difference(SymInt a, SymInt b) {
  if (a.is(b))
    return {0, 0};
  if (is_unknown(a, b))
    return {};
  return bounds_of(sum(terms_of(a), terms_of(b), -1));
}

bool known_less(SymInt a, SymInt b) {
  if (!a.is_symbolic() && !b.is_symbolic())
    return a.raw() < b.raw();
  Bounds bounds = bounds_of_difference(a, b);
  return bounds.max && *bounds.max < 0;
}

bool known_at_most(SymInt a, SymInt b) {
  if (!a.is_symbolic() && !b.is_symbolic())
    return a.raw() <= b.raw();
  Bounds bounds = bounds_of_difference(a, b);
  return bounds.max && *bounds.max <= 0;
}

bool known_different(SymInt a, SymInt b) {
  if (!a.is_symbolic() && !b.is_symbolic())
    return a.raw() != b.raw();
  Bounds bounds = bounds_of_difference(a, b);
  return (bounds.min && *bounds.min > 0) || (bounds.max && *bounds.max < 0);
}

bool SymInt::decide_equal(SymInt a, SymInt b) {
  if (a.is(b))
    return true;
  if (!known_different(a, b))
    undecided(a, "equal to", b);
  return false;
}

bool SymInt::decide_less(SymInt a, SymInt b) {
  if (known_less(a, b))
    return true;
  if (!known_at_most(b, a))
    undecided(a, "less than", b);
  return false;
}

std::int64_t SymInt::least() const {
  return bounds_of(*this).min.value_or(least_number);
}
std::int64_t SymInt::greatest() const {
  return bounds_of(*this).max.value_or(INT64_MAX);
}
std::int64_t SymInt::likely() const {
  return evaluate(*this, [](const Symbol &symbol) { return symbol.hint; })
      .value_or(INT64_MAX);
}

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

SymInt dynamic(std::string_view name, std::int64_t min, std::int64_t max,
               DynamicOptions options, Location location) {
  FunctionScope scope("dynamic", location);
  auto check = [&](bool good, const std::string &expected,
                   const std::string &received) {
    if (!good)
      throw Error(function_prefix("") + "expected " + expected + ", received " +
                      received,
                  user_location(location));
  };
  Symbol symbol{std::string(name), min, max, options.hint, options.divisor};
  std::string problem = name_problem(name, NameUse::Buffer);
  if (problem.empty() && parameter_name(name) != name)
    problem = "is a name of the generated header's own";
  check(problem.empty(), "a name for an argument",
        "`" + symbol.name + "`, which " + problem);
  check(symbol.divisor >= 1, "a divisor of at least 1",
        std::to_string(symbol.divisor));
  auto range = [&] {
    return "from " + std::to_string(min) + " to " + std::to_string(max) +
           (symbol.divisor == 1
                ? ""
                : " with the divisor " + std::to_string(symbol.divisor));
  };
  check(min >= 0 && max <= INT64_MAX / 2,
        "sizes of at least 0 that memory can hold", range());
  symbol.min = (min + symbol.divisor - 1) / symbol.divisor * symbol.divisor;
  symbol.max = max / symbol.divisor * symbol.divisor;
  check(symbol.min < symbol.max, "a range of several sizes", range());
  if (symbol.hint == -1)
    symbol.hint = symbol.max;
  check(symbol.hint >= symbol.min && symbol.hint <= symbol.max &&
            symbol.hint % symbol.divisor == 0,
        "a hint that the size can be, " + range(),
        std::to_string(options.hint));
  SymInt size = size_of(symbol);
  note_place(size, user_location(location));
  return size;
}

} // namespace tensorc
