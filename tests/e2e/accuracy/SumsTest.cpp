//===- SumsTest.cpp - Long sums, as accurate in every way to run them -----===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/e2e/accuracy/Model.h"
#include "tests/oracle/Oracle.h"

#include "tensorc/ops.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace tensorc;
using namespace tensorc::test;
namespace F = tensorc::nn::functional;

namespace {

/// What docs/architecture.md promises, relative to the sum of the terms'
/// absolute values.
constexpr double promised = 4e-6;

/// The exact result of a sum, in an order of its own: index of the result, then
/// of the term.
struct Case {
  const char *name; ///< in tests/oracle/sums.json
  std::vector<Shape> shapes;
  Function function;
  /// For each result, its terms' sum.
  std::function<Numbers(const std::vector<Input> &)> exact;
};

/// Sums over the dimensions of size > 1 of x where `kept` is false.
std::function<Numbers(const std::vector<Input> &)>
sumsOver(std::vector<bool> reduced, bool isMean = false) {
  return [=](const std::vector<Input> &inputs) {
    const Input &x = inputs[0];
    std::vector<std::int64_t> strides(reduced.size(), 0);
    std::int64_t results = 1, terms = 1;
    for (std::size_t d = reduced.size(); d-- > 0;) {
      strides[d] = reduced[d] ? 0 : results;
      (reduced[d] ? terms : results) *= x.shape[d];
    }
    Numbers sums(results);
    std::vector<std::int64_t> at(reduced.size(), 0);
    for (double value : x.values) {
      std::int64_t result = 0;
      for (std::size_t d = 0; d < at.size(); ++d)
        result += at[d] * strides[d];
      sums[result] += value;
      for (std::size_t d = at.size(); d-- > 0 && ++at[d] == x.shape[d];)
        at[d] = 0;
    }
    if (isMean)
      for (double &sum : sums)
        sum /= double(terms);
    return sums;
  };
}

/// Σ_k a[i, k] b[k, j]; `lhs` and `rhs` give the strides of (i, k) and (k, j).
std::function<Numbers(const std::vector<Input> &)>
productsOf(std::int64_t m, std::int64_t n, std::int64_t k,
           std::pair<int64_t, int64_t> lhs, std::pair<int64_t, int64_t> rhs) {
  return [=](const std::vector<Input> &inputs) {
    Numbers sums(m * n);
    for (std::int64_t i = 0; i < m; ++i)
      for (std::int64_t j = 0; j < n; ++j)
        for (std::int64_t step = 0; step < k; ++step)
          sums[i * n + j] +=
              inputs[0].values[i * lhs.first + step * lhs.second] *
              inputs[1].values[step * rhs.first + j * rhs.second];
    return sums;
  };
}

Numbers weightGradient(const std::vector<Input> &inputs) {
  const Shape &x = inputs[0].shape, &g = inputs[1].shape;
  std::int64_t height = x[2], width = x[3];
  Numbers sums;
  for (std::int64_t o = 0; o < g[1]; ++o)
    for (std::int64_t c = 0; c < x[1]; ++c)
      for (std::int64_t dy = -1; dy <= 1; ++dy)
        for (std::int64_t dx = -1; dx <= 1; ++dx) {
          double sum = 0;
          for (std::int64_t n = 0; n < x[0]; ++n)
            for (std::int64_t i = std::max<int64_t>(0, -dy);
                 i < std::min(height, height - dy); ++i)
              for (std::int64_t j = std::max<int64_t>(0, -dx);
                   j < std::min(width, width - dx); ++j)
                sum +=
                    inputs[0]
                        .values[((n * x[1] + c) * height + i + dy) * width + j +
                                dx] *
                    inputs[1].values[((n * g[1] + o) * height + i) * width + j];
          sums.push_back(sum);
        }
  return sums;
}

Function one(std::function<Tensor(const Tensor &)> function) {
  return [=](const TensorList &in) -> TensorList { return {function(in[0])}; };
}
Function two(std::function<Tensor(const Tensor &, const Tensor &)> function) {
  return [=](const TensorList &in) -> TensorList {
    return {function(in[0], in[1])};
  };
}

const std::vector<Case> &cases() {
  static const std::vector<Case> cases = {
      {"all", {{4000003}}, one([](auto x) { return x.sum(); }), sumsOver({1})},
      {"columns",
       {{400000, 5}},
       one([](auto x) { return x.sum({0}); }),
       sumsOver({1, 0})},
      {"many_columns",
       {{20000, 100}},
       one([](auto x) { return x.sum({0}); }),
       sumsOver({1, 0})},
      {"rows",
       {{5, 400000}},
       one([](auto x) { return x.sum({1}); }),
       sumsOver({0, 1})},
      {"short_rows",
       {{500, 1000}},
       one([](auto x) { return x.sum({1}); }),
       sumsOver({0, 1})},
      {"channels",
       {{8, 6, 150, 150}},
       one([](auto x) { return x.sum({0, 2, 3}); }),
       sumsOver({1, 0, 1, 1})},
      {"outer_and_inner",
       {{3000, 4, 100}},
       one([](auto x) { return x.sum({0, 2}); }),
       sumsOver({1, 0, 1})},
      {"transposed",
       {{300000, 7}},
       one([](auto x) { return x.t().sum({1}); }),
       sumsOver({1, 0})},
      {"mean",
       {{400000, 5}},
       one([](auto x) { return x.mean({0}); }),
       sumsOver({1, 0}, true)},
      {"window",
       {{1, 3, 300, 300}},
       one([](auto x) { return F::avg_pool2d(x, 300); }),
       sumsOver({1, 0, 1, 1}, true)},
      {"product",
       {{16, 100000}, {100000, 24}},
       two([](auto a, auto b) { return matmul(a, b); }),
       productsOf(16, 24, 100000, {100000, 1}, {24, 1})},
      {"product_columns",
       {{100000, 16}, {100000, 24}},
       two([](auto a, auto b) { return matmul(a.t(), b); }),
       productsOf(16, 24, 100000, {1, 16}, {24, 1})},
      {"product_rows",
       {{16, 100000}, {24, 100000}},
       two([](auto a, auto b) { return matmul(a, b.t()); }),
       productsOf(16, 24, 100000, {100000, 1}, {1, 100000})},
      {"vector",
       {{16, 100000}, {100000}},
       two([](auto a, auto b) { return matmul(a, b); }),
       productsOf(16, 1, 100000, {100000, 1}, {1, 1})},
      {"short_product",
       {{64, 500}, {500, 48}},
       two([](auto a, auto b) { return matmul(a, b); }),
       productsOf(64, 48, 500, {500, 1}, {48, 1})},
      {"weight_gradient",
       {{4, 3, 160, 160}, {4, 5, 160, 160}},
       two([](auto x, auto g) {
         return ops::convolution_backward_weight(g, x, {5, 3, 3, 3}, {1, 1},
                                                 {1, 1}, {1, 1}, 1);
       }),
       weightGradient},
  };
  return cases;
}

/// As tests/oracle/sums.py makes them.
std::vector<Input> inputsOf(const Case &test, bool equal) {
  std::vector<Input> inputs;
  std::uint64_t position = 0;
  for (const Shape &shape : test.shapes) {
    Numbers values(1);
    for (std::int64_t size : shape)
      values.resize(values.size() * size);
    for (double &value : values)
      value = equal ? 0.1
                    : std::ldexp(
                          double((++position * 0x9E3779B97F4A7C15) >> 40), -24);
    inputs.push_back(input(kFloat32, shape, values));
  }
  return inputs;
}

double largestError(const Numbers &received, const Numbers &exact) {
  EXPECT_EQ(received.size(), exact.size());
  double largest = 0;
  for (std::size_t i = 0; i < exact.size(); ++i)
    largest = std::max(largest,
                       std::abs(received[i] - exact[i]) / std::abs(exact[i]));
  return largest;
}

class SumsTest : public testing::TestWithParam<std::size_t> {};

TEST_P(SumsTest, AreAboutAsExactAsPyTorchs) {
  const Case &test = cases()[GetParam()];
  nlohmann::json oracle = read_oracle("sums.json");
  for (bool equal : {true, false}) {
    SCOPED_TRACE(equal ? "equal terms" : "mixed terms");
    std::vector<Input> inputs = inputsOf(test, equal);
    Numbers exact = test.exact(inputs);
    double theirs = oracle[test.name][equal ? "equal" : "mixed"];
    double most = std::min(promised, std::max(4 * theirs, 1e-6));
    for (const Way &way : ways()) {
      auto received = compiled(test.function, inputs, way);
      ASSERT_EQ(received.size(), 1u);
      EXPECT_LE(largestError(received[0], exact), most) << way.name();
    }
    EXPECT_LE(largestError(eager(test.function, inputs)[0], exact), most)
        << "eager";
  }
}

INSTANTIATE_TEST_SUITE_P(, SumsTest, testing::Range<std::size_t>(0, 16),
                         [](const auto &info) {
                           return std::string(cases()[info.param].name);
                         });

/// The mean of a batch norm must be good for its variance to be: off by one in
/// its last place, 2^-10, at most.
TEST(Sums, VarianceWithALargeMean) {
  Input x = input(kFloat32, {4, 3, 200, 200}, Numbers(480000));
  std::uint64_t position = 0;
  for (double &value : x.values)
    value = rounded(
        1e4 + std::ldexp(double((++position * 0x9E3779B97F4A7C15) >> 40), -24),
        kFloat32);
  Function variance = one([](const Tensor &x) {
    return (x - x.mean({0, 2, 3}, true)).square().mean({0, 2, 3});
  });
  Numbers means = sumsOver({1, 0, 1, 1}, true)({x});
  Input squares = x;
  for (std::size_t i = 0; i < squares.values.size(); ++i) {
    double centred = squares.values[i] - means[i / 40000 % 3];
    squares.values[i] = centred * centred;
  }
  Numbers exact = sumsOver({1, 0, 1, 1}, true)({squares});
  double most = std::ldexp(1, -20) * 12 + promised; // the variance is 1 / 12
  for (const Way &way : ways())
    EXPECT_LE(largestError(compiled(variance, {x}, way).at(0), exact), most)
        << way.name();
  EXPECT_LE(largestError(eager(variance, {x})[0], exact), most);
}

/// One accumulator would stop at 2^24.
TEST(Sums, CountsOfBytesInF32) {
  constexpr std::int64_t rows = 17 << 20;
  Input x{kUInt8, {rows, 2}, Numbers(2 * rows, 1)};
  Function count = one([](const Tensor &x) { return x.to(kFloat32).sum({0}); });
  EXPECT_EQ(compiled(count, {x}, ways().back()).at(0), Numbers(2, rows));
}

} // namespace
