//===- Einsum.cpp - Sums of products over named dimensions ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Operands.h"
#include "runtime/core/Sizes.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"

#include <algorithm>
#include <cctype>
#include <map>

namespace tensorc {

namespace {

bool in(const std::string &word, char letter) {
  return word.find(letter) != std::string::npos;
}

/// A tensor with a letter for each dimension.
struct Term {
  Tensor tensor;
  std::string word;
};

/// The function's equation, its operands, and how it makes one of them.
class Einsum {
public:
  Einsum(const std::string &equation, const TensorList &operands,
         Location location)
      : equation_(equation), location_(location) {
    if (operands.empty())
      expected("einsum", "tensors", "none", location);
    for (const Tensor &operand : operands)
      if (!operand.defined())
        expected("einsum", "tensors", "an undefined one", location);
      else if (operand.dtype() != operands.front().dtype())
        expected("einsum", "operands of one element type",
                 to_string(operands.front().type()) + " and " +
                     to_string(operand.type()),
                 location);
    parse(operands);
    findSizes();
  }

  Tensor run() {
    Term result = std::move(terms_.front());
    for (std::size_t i = 1; i < terms_.size(); ++i) {
      std::string later = result_;
      for (std::size_t next = i + 1; next < terms_.size(); ++next)
        later += terms_[next].word;
      result = multiply(result, terms_[i], later, i + 1 == terms_.size());
    }
    result = keep(result, result_);
    std::vector<std::int64_t> order;
    for (char letter : result_)
      order.push_back(std::int64_t(result.word.find(letter)));
    return result.word == result_
               ? result.tensor
               : ops::permute(result.tensor, std::move(order), location_);
  }

private:
  [[noreturn]] void reject(const std::string &wanted) const {
    expected("einsum", wanted, "`" + equation_ + "`", location_);
  }

  void parse(const TensorList &operands) {
    std::string text;
    std::copy_if(equation_.begin(), equation_.end(), std::back_inserter(text),
                 [](char c) { return c != ' '; });
    std::size_t arrow = text.find("->");
    std::string words = text.substr(0, arrow);
    for (const Tensor &operand : operands) {
      std::size_t comma = words.find(',');
      bool is_last = &operand == &operands.back();
      if (is_last != (comma == std::string::npos))
        reject("a word for each of " + std::to_string(operands.size()) +
               " operands");
      terms_.push_back({operand, words.substr(0, comma)});
      words.erase(0, is_last ? comma : comma + 1);
      check(terms_.back().word);
      if (std::int64_t(terms_.back().word.size()) != operand.dim())
        expected("einsum",
                 "a letter for each dimension of " + to_string(operand.type()),
                 "`" + terms_.back().word + "`", location_);
    }
    std::map<char, int> count; // in alphabetical order
    for (const Term &term : terms_)
      for (char letter : term.word)
        ++count[letter];
    if (arrow == std::string::npos) {
      for (auto [letter, times] : count)
        if (times == 1)
          result_ += letter;
      return;
    }
    result_ = text.substr(arrow + 2);
    check(result_);
    for (char letter : result_)
      if (!count.contains(letter))
        reject(std::string("`") + letter +
               "` of the result among the operands");
  }

  void check(const std::string &word) const {
    for (std::size_t i = 0; i < word.size(); ++i)
      if (!std::isalpha(static_cast<unsigned char>(word[i])) ||
          word.find(word[i], i + 1) != std::string::npos)
        reject("words of letters that differ");
  }

  /// A dimension of size 1 beside a longer one of that letter goes away.
  void findSizes() {
    std::map<char, SymInt> sizes;
    for (const Term &term : terms_)
      for (std::size_t d = 0; d < term.word.size(); ++d) {
        SymInt size = term.tensor.shape()[d];
        SymInt &known = sizes.try_emplace(term.word[d], 1).first->second;
        if (known.is(1) || known.is(kDynamic))
          known = size.is(1) ? known : size;
        else if (!size.is(1) && !size.is(kDynamic) && !size.is(known))
          reject(std::string("one size for `") + term.word[d] + "` (" +
                 known.str() + " and " + size.str() +
                 for_all_sizes({known, size}) + ")");
      }
    for (Term &term : terms_)
      for (std::size_t d = term.word.size(); d-- > 0;)
        if (term.tensor.shape()[d].is(1) && !sizes[term.word[d]].is(1)) {
          term.tensor = squeeze(term.tensor, std::int64_t(d), location_);
          term.word.erase(d, 1);
        }
  }

  /// Sums over what isn't among `wanted`, as `sum` does.
  Term keep(const Term &term, const std::string &wanted) const {
    std::vector<std::int64_t> dims;
    std::string word;
    for (std::size_t d = 0; d < term.word.size(); ++d)
      if (in(wanted, term.word[d]))
        word += term.word[d];
      else
        dims.push_back(std::int64_t(d));
    return dims.empty() ? term
                        : Term{sum(term.tensor, dims, false, location_), word};
  }

  Term multiply(const Term &left, const Term &right, const std::string &later,
                bool is_last) const {
    Term a = keep(left, right.word + later), b = keep(right, left.word + later);
    std::string word;
    for (char letter : a.word + b.word)
      if (in(later, letter) && !in(word, letter))
        word += letter;
    if (is_last)
      word = result_;
    // Sums may have made one of them int64.
    DType dtype = promote_types(a.tensor.dtype(), b.tensor.dtype()),
          computed = dtype;
    if (dtype == kBool) {
      // As PyTorch: products of bools, but no sums of these.
      for (char letter : a.word)
        if (!in(word, letter))
          expected("einsum", "operands of numbers", std::string(name(dtype)),
                   location_);
      computed = kUInt8;
    }
    Tensor product = ops::einsum(
        to(a.tensor, computed, location_), to(b.tensor, computed, location_),
        a.word + "," + b.word + "->" + word, location_);
    return {to(product, dtype, location_), word};
  }

  const std::string &equation_;
  Location location_;
  std::vector<Term> terms_;
  std::string result_;
};

} // namespace

Tensor einsum(const std::string &equation, const TensorList &operands,
              Location location) {
  FunctionScope scope("einsum", location);
  return Einsum(equation, operands, location).run();
}

} // namespace tensorc
