//===- SymExpr.cpp - The normal form of symbolic sizes --------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/SymExpr.h"
#include "tensorc/error.h"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <tuple>

namespace tensorc {

//===----------------------------------------------------------------------===//
// What is kept
//===----------------------------------------------------------------------===//

/// Products of more atoms first, so that a division by the first term ends.
static bool precedes(const SymTerm &a, const SymTerm &b) {
  if (a.atoms.size() != b.atoms.size())
    return a.atoms.size() > b.atoms.size();
  return a.atoms < b.atoms;
}

namespace {

struct Precedes {
  bool operator()(const Polynomial &a, const Polynomial &b) const {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                        [](const SymTerm &x, const SymTerm &y) {
                                          return std::tie(x.factor, x.atoms) <
                                                 std::tie(y.factor, y.atoms);
                                        });
  }
  bool operator()(const SymAtom &a, const SymAtom &b) const {
    auto key = [](const SymAtom &atom) {
      const Symbol &symbol = atom.symbol;
      return std::tuple(atom.kind, std::string_view(symbol.name), symbol.min,
                        symbol.max, symbol.hint, symbol.divisor,
                        atom.first.raw(), atom.second.raw());
    };
    return key(a) < key(b);
  }
};

/// All expressions of the process.
struct Table {
  std::mutex mutex;
  std::deque<SymAtom> atoms; // addresses stay
  std::map<SymAtom, std::uint32_t, Precedes> atom_numbers;
  std::deque<Polynomial> polynomials;
  std::map<Polynomial, std::int64_t, Precedes> polynomial_numbers;
  std::map<std::int64_t, Location> places; // by a size's `raw`
};

} // namespace

/// Never destroyed, as sizes may be used to the end.
static Table &table() {
  static Table &table = *new Table;
  return table;
}

SymInt size_of(Polynomial polynomial) {
  if (polynomial.empty())
    return 0;
  if (polynomial.size() == 1 && polynomial[0].atoms.empty())
    return polynomial[0].factor;
  Table &all = table();
  std::lock_guard lock(all.mutex);
  auto [entry, is_new] = all.polynomial_numbers.try_emplace(
      polynomial, std::int64_t(all.polynomials.size()));
  if (is_new)
    all.polynomials.push_back(std::move(polynomial));
  return INT64_MIN + 1 + entry->second;
}

SymInt size_of(SymAtom atom) {
  Table &all = table();
  std::uint32_t number;
  {
    std::lock_guard lock(all.mutex);
    auto [entry, is_new] =
        all.atom_numbers.try_emplace(atom, std::uint32_t(all.atoms.size()));
    if (is_new)
      all.atoms.push_back(std::move(atom));
    number = entry->second;
  }
  return size_of(Polynomial{{1, {number}}});
}

const SymAtom &sym_atom(std::uint32_t number) {
  Table &all = table();
  std::lock_guard lock(all.mutex);
  return all.atoms[number];
}

Polynomial terms_of(SymInt size) {
  if (!size.is_symbolic())
    return size.raw() == 0 ? Polynomial{} : Polynomial{{size.raw(), {}}};
  if (size.raw() == INT64_MIN)
    throw Error("expected a size of which something is known, received `?`");
  Table &all = table();
  std::lock_guard lock(all.mutex);
  return all.polynomials[std::size_t(size.raw() - (INT64_MIN + 1))];
}

void note_place(SymInt size, Location location) {
  if (!size.is_symbolic() || location.line() == 0)
    return;
  Table &all = table();
  std::lock_guard lock(all.mutex);
  all.places.insert_or_assign(size.raw(), location);
}

std::optional<Location> place_of(SymInt size) {
  Table &all = table();
  std::lock_guard lock(all.mutex);
  auto found = all.places.find(size.raw());
  if (found == all.places.end())
    return std::nullopt;
  return found->second;
}

SymInt size_of(const Symbol &symbol) {
  return SymInt::times(size_of(SymAtom{SymAtom::Kind::Symbol, symbol, 0, 0}),
                       symbol.divisor);
}

std::vector<Symbol> symbols_of(std::span<const SymInt> sizes) {
  std::vector<Symbol> symbols;
  std::vector<SymInt> queue(sizes.begin(), sizes.end());
  for (std::size_t i = 0; i < queue.size(); ++i) {
    if (!queue[i].is_symbolic())
      continue;
    for (const SymTerm &term : terms_of(queue[i]))
      for (std::uint32_t number : term.atoms) {
        const SymAtom &atom = sym_atom(number);
        if (atom.kind != SymAtom::Kind::Symbol)
          queue.insert(queue.end(), {atom.first, atom.second});
        else if (std::find(symbols.begin(), symbols.end(), atom.symbol) ==
                 symbols.end())
          symbols.push_back(atom.symbol);
      }
  }
  return symbols;
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

[[noreturn]] static void too_great() {
  throw Error("expected a size of 64 bits, received an expression with a "
              "greater factor");
}

static std::int64_t plus(std::int64_t a, std::int64_t b) {
  std::int64_t result;
  if (__builtin_add_overflow(a, b, &result))
    too_great();
  return result;
}

static std::int64_t times(std::int64_t a, std::int64_t b) {
  std::int64_t result;
  if (__builtin_mul_overflow(a, b, &result))
    too_great();
  return result;
}

/// Sorted, like terms added up, none of factor 0.
static Polynomial normal(Polynomial terms) {
  std::sort(terms.begin(), terms.end(), precedes);
  Polynomial result;
  for (SymTerm &term : terms) {
    if (!result.empty() && result.back().atoms == term.atoms)
      result.back().factor = plus(result.back().factor, term.factor);
    else
      result.push_back(std::move(term));
    if (result.back().factor == 0)
      result.pop_back();
  }
  return result;
}

Polynomial sum(const Polynomial &a, const Polynomial &b, std::int64_t factor) {
  Polynomial terms = a;
  for (const SymTerm &term : b)
    terms.push_back({times(term.factor, factor), term.atoms});
  return normal(std::move(terms));
}

static SymTerm product(const SymTerm &a, const SymTerm &b) {
  SymTerm term{times(a.factor, b.factor), {}};
  std::merge(a.atoms.begin(), a.atoms.end(), b.atoms.begin(), b.atoms.end(),
             std::back_inserter(term.atoms));
  return term;
}

Polynomial product(const Polynomial &a, const Polynomial &b) {
  Polynomial terms;
  for (const SymTerm &x : a)
    for (const SymTerm &y : b)
      terms.push_back(product(x, y));
  return normal(std::move(terms));
}

/// `a / b`, where `b` has no atom more, and its factor divides.
static std::optional<SymTerm> exact_quotient(const SymTerm &a,
                                             const SymTerm &b) {
  if (a.factor % b.factor != 0 ||
      !std::includes(a.atoms.begin(), a.atoms.end(), b.atoms.begin(),
                     b.atoms.end()))
    return std::nullopt;
  SymTerm term{a.factor / b.factor, {}};
  std::set_difference(a.atoms.begin(), a.atoms.end(), b.atoms.begin(),
                      b.atoms.end(), std::back_inserter(term.atoms));
  return term;
}

std::optional<Polynomial> exact_quotient(Polynomial a, const Polynomial &b) {
  // The order of terms is kept by products, so the first term of a quotient is
  // that of the first terms, and the remainder's comes later.
  Polynomial quotient;
  while (!a.empty()) {
    std::optional<SymTerm> term = exact_quotient(a[0], b[0]);
    if (!term)
      return std::nullopt;
    a = sum(a, product({*term}, b), -1);
    quotient.push_back(std::move(*term));
  }
  return quotient;
}

//===----------------------------------------------------------------------===//
// Bounds
//===----------------------------------------------------------------------===//

namespace {

/// Ends of a range in 128 bits; none where it is wider.
struct Range {
  __int128 min, max;
};

} // namespace

static std::optional<Range> product(Range a, Range b) {
  Range result{};
  bool first = true;
  for (__int128 x : {a.min, a.max})
    for (__int128 y : {b.min, b.max}) {
      __int128 value;
      if (__builtin_mul_overflow(x, y, &value))
        return std::nullopt;
      result.min = first ? value : std::min(result.min, value);
      result.max = first ? value : std::max(result.max, value);
      first = false;
    }
  return result;
}

static Bounds bounds_of(const SymAtom &atom) {
  switch (atom.kind) {
  case SymAtom::Kind::Symbol:
    return {atom.symbol.min / atom.symbol.divisor,
            atom.symbol.max / atom.symbol.divisor};
  case SymAtom::Kind::FloorDiv: {
    Bounds a = bounds_of(atom.first), b = bounds_of(atom.second);
    Bounds result{0, std::nullopt};
    if (a.min && b.max)
      result.min = *a.min / *b.max;
    if (a.max)
      result.max = *a.max / *b.min; // at least 1
    return result;
  }
  case SymAtom::Kind::Min: {
    Bounds a = bounds_of(atom.first), b = bounds_of(atom.second);
    Bounds result;
    if (a.min && b.min)
      result.min = std::min(*a.min, *b.min);
    if (a.max || b.max)
      result.max =
          std::min(a.max.value_or(INT64_MAX), b.max.value_or(INT64_MAX));
    return result;
  }
  }
  return {};
}

/// The value where the atoms, each of which is in a term at most once, are at
/// the end of their range that `ends` has a bit for.
static std::optional<Range> at_corner(const Polynomial &polynomial,
                                      const std::vector<std::uint32_t> &atoms,
                                      const std::vector<Range> &ranges,
                                      unsigned ends) {
  __int128 total = 0;
  for (const SymTerm &term : polynomial) {
    __int128 value = term.factor;
    for (std::uint32_t atom : term.atoms) {
      auto place = std::size_t(
          std::lower_bound(atoms.begin(), atoms.end(), atom) - atoms.begin());
      __int128 end = ends >> place & 1 ? ranges[place].max : ranges[place].min;
      if (__builtin_mul_overflow(value, end, &value))
        return std::nullopt;
    }
    if (__builtin_add_overflow(total, value, &total))
      return std::nullopt;
  }
  return Range{total, total};
}

/// Bounds of `polynomial`: exact where each of a few atoms is in any term at
/// most once, as it is greatest and least at corners of the atoms' box then.
static std::optional<Range> range_of(const Polynomial &polynomial) {
  std::vector<std::uint32_t> atoms;
  bool once = true;
  for (const SymTerm &term : polynomial) {
    atoms.insert(atoms.end(), term.atoms.begin(), term.atoms.end());
    once &= std::adjacent_find(term.atoms.begin(), term.atoms.end()) ==
            term.atoms.end();
  }
  std::sort(atoms.begin(), atoms.end());
  atoms.erase(std::unique(atoms.begin(), atoms.end()), atoms.end());
  std::vector<Range> ranges;
  for (std::uint32_t atom : atoms) {
    Bounds bounds = bounds_of(sym_atom(atom));
    if (!bounds.min || !bounds.max)
      return std::nullopt;
    ranges.push_back({*bounds.min, *bounds.max});
  }
  constexpr std::size_t most_atoms = 8;
  std::optional<Range> result;
  if (once && atoms.size() <= most_atoms) {
    for (unsigned ends = 0; ends < 1U << atoms.size(); ++ends) {
      std::optional<Range> corner = at_corner(polynomial, atoms, ranges, ends);
      if (!corner)
        return std::nullopt;
      result = result ? Range{std::min(result->min, corner->min),
                              std::max(result->max, corner->max)}
                      : corner;
    }
    return result;
  }
  result = Range{0, 0};
  for (const SymTerm &term : polynomial) {
    std::optional<Range> range = Range{term.factor, term.factor};
    for (std::uint32_t atom : term.atoms) {
      auto place = std::lower_bound(atoms.begin(), atoms.end(), atom);
      range = product(*range, ranges[std::size_t(place - atoms.begin())]);
      if (!range)
        return std::nullopt;
    }
    if (__builtin_add_overflow(result->min, range->min, &result->min) ||
        __builtin_add_overflow(result->max, range->max, &result->max))
      return std::nullopt;
  }
  return result;
}

static Bounds bounds_of(const Polynomial &polynomial, int depth);

static std::int64_t floor_of(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

/// Bounds by what `term`, which is a quotient or a minimum, has to do with its
/// operands: x / d is between (x - d + 1) / d and x / d as a fraction, and
/// min(x, y) is at most x, and y.
static void refine(Bounds &bounds, const Polynomial &polynomial,
                   const SymTerm &term, int depth) {
  const SymAtom &atom = sym_atom(term.atoms[0]);
  auto at_most = [&](std::optional<std::int64_t> bound) {
    if (bound)
      bounds.max = std::min(*bound, bounds.max.value_or(*bound));
  };
  auto at_least = [&](std::optional<std::int64_t> bound) {
    if (bound)
      bounds.min = std::max(*bound, bounds.min.value_or(*bound));
  };
  Polynomial rest = sum(polynomial, {term}, -1);
  bool rises = term.factor > 0;
  if (atom.kind == SymAtom::Kind::Min) {
    for (SymInt operand : {atom.first, atom.second}) {
      Bounds other =
          bounds_of(sum(rest, terms_of(operand), term.factor), depth);
      if (rises)
        at_most(other.max);
      else
        at_least(other.min);
    }
    return;
  }
  std::int64_t divisor = atom.second.raw();
  Polynomial scaled = sum({}, rest, divisor), most = terms_of(atom.first);
  Polynomial least = sum(most, {{1 - divisor, {}}}, 1);
  Bounds upper =
      bounds_of(sum(scaled, rises ? most : least, term.factor), depth);
  Bounds lower =
      bounds_of(sum(scaled, rises ? least : most, term.factor), depth);
  if (upper.max)
    at_most(floor_of(*upper.max, divisor));
  if (lower.min && *lower.min > INT64_MIN)
    at_least(-floor_of(-*lower.min, divisor));
}

/// `depth`: how many terms are replaced by what bounds them.
static Bounds bounds_of(const Polynomial &polynomial, int depth) {
  std::optional<Range> range = range_of(polynomial);
  Bounds bounds;
  if (range && range->min >= INT64_MIN && range->min <= INT64_MAX)
    bounds.min = std::int64_t(range->min);
  if (range && range->max >= INT64_MIN && range->max <= INT64_MAX)
    bounds.max = std::int64_t(range->max);
  if (depth == 0 || polynomial.size() < 2)
    return bounds;
  for (const SymTerm &term : polynomial) {
    if (term.atoms.size() != 1)
      continue;
    const SymAtom &atom = sym_atom(term.atoms[0]);
    if (atom.kind != SymAtom::Kind::Min &&
        (atom.kind != SymAtom::Kind::FloorDiv || atom.second.is_symbolic()))
      continue;
    try {
      refine(bounds, polynomial, term, depth - 1);
    } catch (const Error &) {
      // Factors outside of 64 bits: this way there are no bounds.
    }
  }
  return bounds;
}

Bounds bounds_of(const Polynomial &polynomial) {
  return bounds_of(polynomial, 3);
}

Bounds bounds_of(SymInt size) {
  if (!size.is_symbolic())
    return {size.raw(), size.raw()};
  return bounds_of(terms_of(size));
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

static std::optional<std::int64_t>
evaluate(const SymAtom &atom,
         const std::function<std::int64_t(const Symbol &)> &value) {
  if (atom.kind == SymAtom::Kind::Symbol)
    return value(atom.symbol) / atom.symbol.divisor;
  std::optional<std::int64_t> a = evaluate(atom.first, value),
                              b = evaluate(atom.second, value);
  if (!a || !b)
    return std::nullopt;
  return atom.kind == SymAtom::Kind::Min ? std::min(*a, *b) : *a / *b;
}

std::optional<std::int64_t>
evaluate(SymInt size,
         const std::function<std::int64_t(const Symbol &)> &value) {
  if (!size.is_symbolic())
    return size.raw();
  std::int64_t total = 0;
  for (const SymTerm &term : terms_of(size)) {
    std::int64_t product = term.factor;
    for (std::uint32_t number : term.atoms) {
      std::optional<std::int64_t> factor = evaluate(sym_atom(number), value);
      if (!factor || __builtin_mul_overflow(product, *factor, &product))
        return std::nullopt;
    }
    if (__builtin_add_overflow(total, product, &total))
      return std::nullopt;
  }
  return total;
}

} // namespace tensorc
