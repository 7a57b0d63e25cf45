//===- ChainModel.cpp - Chains of half ops, op by op ----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Half.h"
#include "tests/e2e/StoredModel.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

namespace tensorc::test {
namespace {

constexpr std::size_t elements = 64, steps = 40;

/// What IEEE 754 rounds correctly: the result of one op in double, rounded, is
/// right.
struct Op {
  std::function<Tensor(const Tensor &, const Tensor &)> ofTensors;
  std::function<double(double, double)> ofNumbers;
};

const Op ops[] = {
    {[](auto x, auto y) { return x + y; },
     [](auto x, auto y) { return x + y; }},
    {[](auto x, auto y) { return x - y; },
     [](auto x, auto y) { return x - y; }},
    {[](auto x, auto y) { return x * y; },
     [](auto x, auto y) { return x * y; }},
    {[](auto x, auto y) { return x / y; },
     [](auto x, auto y) { return x / y; }},
    {[](auto x, auto y) { return maximum(x, y); },
     [](auto x, auto y) {
       return std::isnan(x) || std::isnan(y) ? NAN : std::max(x, y);
     }},
    {[](auto x, auto) { return sqrt(abs(x)); },
     [](auto x, auto) { return std::sqrt(std::abs(x)); }},
    {[](auto x, auto) { return square(x); },
     [](auto x, auto) { return x * x; }},
    {[](auto x, auto y) { return where(x < y, -x, y); },
     [](auto x, auto y) { return x < y ? -x : y; }},
};

struct Step {
  const Op *op;
  std::size_t left, right; ///< earlier values
};

std::vector<Step> chain(unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Step> result;
  for (std::size_t i = 0; i < steps; ++i) {
    const Op *op = &ops[random() % std::size(ops)];
    // Mostly recent values, so that the chain is long.
    std::size_t known = i + 2, reach = std::min<std::size_t>(known, 4);
    std::size_t left = known - 1 - random() % reach;
    result.push_back({op, left, random() % known});
  }
  return result;
}

using Numbers = std::vector<double>;

double rounded(double value, DType dtype) {
  return dtype == kFloat16 ? from_float16(to_float16(value))
                           : from_bfloat16(to_bfloat16(value));
}

/// The two inputs of a chain, and what each step gives.
std::vector<Numbers> values_of(const std::vector<Step> &program, DType dtype,
                               unsigned seed) {
  std::mt19937 random(seed + 1);
  std::uniform_real_distribution<double> real(-2, 2);
  std::vector<Numbers> values(2, Numbers(elements));
  for (Numbers &input : values)
    for (double &number : input)
      number = rounded(real(random), dtype);
  for (const Step &step : program) {
    Numbers next(elements);
    for (std::size_t i = 0; i < elements; ++i)
      next[i] = rounded(
          step.op->ofNumbers(values[step.left][i], values[step.right][i]),
          dtype);
    values.push_back(next);
  }
  return values;
}

/// What a function of a chain has to give: all steps, or the last one alone.
using Expected = std::map<std::string, std::vector<Numbers>>;

void add_chain(StoredModel &stored, Expected &expected, DType dtype,
               unsigned seed, bool all) {
  std::vector<Step> program = chain(seed);
  std::vector<Numbers> values = values_of(program, dtype, seed);
  std::string function = std::string(name(dtype)) + "_seed" +
                         std::to_string(seed) + (all ? "_all" : "_last");
  NamedTensors inputs;
  for (std::size_t i = 0; i < 2; ++i)
    inputs.emplace_back("i" + std::to_string(i),
                        from_vector(values[i], {elements}).to(dtype));
  values.erase(values.begin(), all ? values.begin() + 2 : values.end() - 1);
  stored.outputs[function].assign(values.size(), {dtype, {elements}});
  expected[function] = std::move(values);
  stored.model.function(function, inputs, [program, all](const TensorList &in) {
    TensorList values = in;
    for (const Step &step : program)
      values.push_back(
          step.op->ofTensors(values[step.left], values[step.right]));
    Outputs outputs;
    for (std::size_t i = all ? 2 : values.size() - 1; i < values.size(); ++i)
      outputs.emplace_back("o" + std::to_string(i), values[i]);
    return outputs;
  });
}

void check(const Expected &expected, const Results &results) {
  for (const auto &[function, values] : expected) {
    auto found = results.find(function);
    ASSERT_TRUE(found != results.end() && found->second.size() == values.size())
        << function;
    for (std::size_t k = 0; k < values.size(); ++k) {
      Numbers received = found->second[k].to_vector();
      for (std::size_t i = 0; i < elements; ++i) {
        double x = received[i], wanted = values[k][i];
        if (x != wanted && !(std::isnan(x) && std::isnan(wanted)))
          ADD_FAILURE() << function << ": value " << k << ", element " << i
                        << ": expected " << wanted << ", received " << x;
      }
    }
  }
}

} // namespace

std::unique_ptr<StoredModel> chain_model() {
  auto stored = std::make_unique<StoredModel>();
  auto expected = std::make_shared<Expected>();
  for (DType dtype : {kFloat16, kBFloat16})
    for (unsigned seed = 0; seed < 4; ++seed)
      for (bool all : {false, true})
        add_chain(*stored, *expected, dtype, seed, all);
  stored->check = [expected](const Results &results, const std::string &) {
    check(*expected, results);
  };
  return stored;
}

} // namespace tensorc::test
