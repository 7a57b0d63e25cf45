//===- RandomHalvesTest.cpp - Chains of half ops, op by op ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/e2e/accuracy/Model.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace tensorc;
using namespace tensorc::test;

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

void check(DType dtype, unsigned seed, const Way &way) {
  std::vector<Step> program = chain(seed);
  std::mt19937 random(seed + 1);
  std::uniform_real_distribution<double> real(-2, 2);
  std::vector<Input> inputs;
  std::vector<Numbers> expected;
  for (int i = 0; i < 2; ++i) {
    Numbers numbers(elements);
    for (double &number : numbers)
      number = real(random);
    inputs.push_back(input(dtype, {elements}, numbers));
    expected.push_back(inputs.back().values);
  }
  for (const Step &step : program) {
    Numbers next(elements);
    for (std::size_t i = 0; i < elements; ++i)
      next[i] = rounded(
          step.op->ofNumbers(expected[step.left][i], expected[step.right][i]),
          dtype);
    expected.push_back(next);
  }
  for (bool all : {false, true}) { // or the last value alone
    auto results = compiled(
        [&](const TensorList &in) -> TensorList {
          TensorList values = in;
          for (const Step &step : program)
            values.push_back(
                step.op->ofTensors(values[step.left], values[step.right]));
          return all ? TensorList(values.begin() + 2, values.end())
                     : TensorList{values.back()};
        },
        inputs, way);
    for (std::size_t k = 0; k < results.size(); ++k) {
      const Numbers &wanted = expected[expected.size() - results.size() + k];
      for (std::size_t i = 0; i < elements; ++i)
        EXPECT_TRUE(results[k][i] == wanted[i] ||
                    (std::isnan(results[k][i]) && std::isnan(wanted[i])))
            << "value " << k << ", element " << i << ": expected " << wanted[i]
            << ", received " << results[k][i];
    }
  }
}

TEST(RandomHalves, FusedIsOpByOp) {
  for (const Way &way : ways())
    for (DType dtype : {kFloat16, kBFloat16})
      for (unsigned seed = 0; seed < 4; ++seed) {
        SCOPED_TRACE(way.name() + " " + std::string(name(dtype)) + " seed " +
                     std::to_string(seed));
        check(dtype, seed, way);
      }
}

} // namespace
