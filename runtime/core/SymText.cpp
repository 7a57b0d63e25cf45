//===- SymText.cpp - Symbolic sizes as text -------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/SymExpr.h"
#include "tensorc/error.h"

#include <algorithm>
#include <charconv>
#include <ostream>
#include <tuple>

namespace tensorc {

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

/// `text` as a factor or divisor.
static std::string enclosed(const std::string &text) {
  return text.find(' ') == text.npos && text[0] != '-' ? text
                                                       : "(" + text + ")";
}

static std::string text_of(const SymAtom &atom) {
  switch (atom.kind) {
  case SymAtom::Kind::Symbol:
    return atom.symbol.divisor == 1
               ? atom.symbol.name
               : atom.symbol.name + " / " + std::to_string(atom.symbol.divisor);
  case SymAtom::Kind::FloorDiv: {
    std::string divisor = atom.second.str();
    bool product = divisor.find('*') != divisor.npos;
    return enclosed(atom.first.str()) + " / " +
           (product ? "(" + divisor + ")" : enclosed(divisor));
  }
  case SymAtom::Kind::Min: {
    std::string first = atom.first.str(), second = atom.second.str();
    if (atom.first.is_symbolic() == atom.second.is_symbolic()
            ? second < first
            : !atom.first.is_symbolic())
      first.swap(second);
    return "min(" + first + ", " + second + ")";
  }
  }
  return "";
}

/// The product of the atoms and what of `factor` is none of their divisors.
static std::string text_of(const SymTerm &term, std::int64_t &factor) {
  factor = term.factor;
  std::vector<std::string> names;
  for (std::uint32_t number : term.atoms) {
    const SymAtom &atom = sym_atom(number);
    bool whole =
        atom.kind == SymAtom::Kind::Symbol && factor % atom.symbol.divisor == 0;
    if (whole)
      factor /= atom.symbol.divisor;
    names.push_back(whole ? atom.symbol.name : text_of(atom));
  }
  std::sort(names.begin(), names.end());
  bool alone = names.size() == 1 && factor == 1;
  std::string text;
  for (const std::string &name : names)
    text += (text.empty() ? "" : "*") +
            (alone || name.starts_with("min(") ? name : enclosed(name));
  return text;
}

std::string SymInt::str() const {
  if (raw_ == INT64_MIN)
    return "?";
  if (!is_symbolic())
    return std::to_string(raw_);
  // By degree and name, whatever was made first.
  using Part = std::tuple<std::int64_t, std::string, std::int64_t>;
  std::vector<Part> parts;
  for (const SymTerm &term : terms_of(*this)) {
    std::int64_t factor = 1;
    std::string name = text_of(term, factor);
    parts.emplace_back(-std::int64_t(term.atoms.size()), name, factor);
  }
  std::sort(parts.begin(), parts.end());
  // `B - 2*(B / 2)`, not `-2*(B / 2) + B`.
  auto positive =
      std::find_if(parts.begin(), parts.end(),
                   [](const Part &part) { return std::get<2>(part) > 0; });
  if (positive != parts.end())
    std::rotate(parts.begin(), positive, positive + 1);
  std::string text;
  for (const auto &[degree, name, factor] : parts) {
    std::string digits = std::to_string(factor);
    if (factor < 0)
      digits.erase(0, 1);
    text +=
        text.empty() ? (factor < 0 ? "-" : "") : (factor < 0 ? " - " : " + ");
    if (name.empty())
      text += digits;
    else
      text += (digits == "1" ? "" : digits + "*") + name;
  }
  return text;
}

std::ostream &operator<<(std::ostream &out, SymInt size) {
  return out << size.str();
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

namespace {

/// Sums of products of factors, each of which may be in parentheses.
class Parser {
public:
  Parser(std::string_view text,
         const std::function<std::optional<SymInt>(std::string_view)> &symbol)
      : text(text), symbol(symbol) {}

  std::optional<SymInt> whole() {
    std::optional<SymInt> size = sum();
    skip_spaces();
    return text.empty() ? size : std::nullopt;
  }

private:
  void skip_spaces() {
    while (text.starts_with(' '))
      text.remove_prefix(1);
  }
  bool take(std::string_view word) {
    skip_spaces();
    if (!text.starts_with(word))
      return false;
    text.remove_prefix(word.size());
    return true;
  }

  std::optional<SymInt> sum() {
    bool negative = take("-");
    std::optional<SymInt> size = product();
    if (size && negative)
      size = -*size;
    while (size) {
      bool minus = take("-");
      if (!minus && !take("+"))
        return size;
      std::optional<SymInt> next = product();
      if (!next)
        return next;
      size = minus ? *size - *next : *size + *next;
    }
    return size;
  }

  std::optional<SymInt> product() {
    std::optional<SymInt> size = factor();
    while (size) {
      bool over = take("/");
      if (!over && !take("*"))
        return size;
      std::optional<SymInt> next = factor();
      if (!next || (over && next->is(0)))
        return std::nullopt;
      size = over ? *size / *next : *size * *next;
    }
    return size;
  }

  std::optional<SymInt> factor() {
    // Nobody nests so deep but to overflow the stack.
    constexpr int most_nested = 256;
    if (depth == most_nested)
      return std::nullopt;
    ++depth;
    std::optional<SymInt> size = nested();
    --depth;
    return size;
  }

  std::optional<SymInt> nested() {
    if (take("("))
      return closed(sum());
    if (take("min(")) {
      std::optional<SymInt> a = sum();
      if (!a || !take(","))
        return std::nullopt;
      std::optional<SymInt> b = closed(sum());
      return b ? std::optional(min(*a, *b)) : b;
    }
    skip_spaces();
    std::int64_t number = 0;
    auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc()) {
      text.remove_prefix(std::size_t(end - text.data()));
      return number;
    }
    std::size_t length = 0;
    while (length < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[length])) != 0 ||
            text[length] == '_'))
      ++length;
    std::string_view name = text.substr(0, length);
    text.remove_prefix(length);
    return name.empty() ? std::nullopt : symbol(name);
  }

  std::optional<SymInt> closed(std::optional<SymInt> size) {
    return size && take(")") ? size : std::nullopt;
  }

  std::string_view text;
  const std::function<std::optional<SymInt>(std::string_view)> &symbol;
  int depth = 0;
};

} // namespace

std::optional<SymInt> parse_size(
    std::string_view text,
    const std::function<std::optional<SymInt>(std::string_view)> &symbol) {
  try {
    return Parser(text, symbol).whole();
  } catch (const Error &) {
    return std::nullopt; // a quotient that isn't of sizes
  }
}

} // namespace tensorc
