//===- HalvesTest.cpp - Where f16 and bf16 are rounded --------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/e2e/accuracy/Model.h"
#include "tests/oracle/Oracle.h"

#include <cmath>
#include <gtest/gtest.h>
#include <map>
#include <optional>

using namespace tensorc;
using namespace tensorc::test;
using nlohmann::json;
namespace F = tensorc::nn::functional;

namespace {

constexpr DType halves[] = {kFloat16, kBFloat16};

/// The distance of neighbours of `dtype` near `value`.
double ulp(double value, DType dtype) {
  int digits = info_of(dtype).digits, least = dtype == kFloat16 ? -24 : -133;
  int exponent = value == 0 ? least : std::ilogb(value) - digits + 1;
  return std::ldexp(1, std::max(exponent, least));
}

/// Each way to compile, and eager mode.
std::vector<std::optional<Way>> all_ways() {
  std::vector<std::optional<Way>> result = {std::nullopt};
  for (const Way &way : ways())
    result.push_back(way);
  return result;
}

std::string name(const std::optional<Way> &way) {
  return way ? way->name() : "eager";
}

std::vector<Numbers> run(const Function &function,
                         const std::vector<Input> &inputs,
                         const std::optional<Way> &way,
                         const std::vector<Input> &seeds = {}) {
  return way ? compiled(function, inputs, *way, seeds)
             : eager(function, inputs, seeds);
}

double single(const Function &function, const std::vector<Input> &inputs,
              const std::optional<Way> &way,
              const std::vector<Input> &seeds = {}) {
  return run(function, inputs, way, seeds).at(0).at(0);
}

Function one(std::function<Tensor(const Tensor &)> function) {
  return [=](const TensorList &in) -> TensorList { return {function(in[0])}; };
}

TEST(Halves, AreRoundedAfterEachOp) {
  Function there = one([](const Tensor &h) { return (h + 1) - h; });
  Function overflow = one([](const Tensor &x) {
    Tensor g = x.to(kFloat16);
    return (g * g).to(kFloat32);
  });
  for (const std::optional<Way> &way : all_ways()) {
    SCOPED_TRACE(name(way));
    EXPECT_EQ(single(there, {input(kFloat16, {1}, {2048})}, way), 0);
    EXPECT_EQ(single(there, {input(kBFloat16, {1}, {256})}, way), 0);
    EXPECT_EQ(single(overflow, {input(kFloat32, {1}, {300})}, way), INFINITY);
    if (!way)
      continue;
    Way loose = *way;
    loose.excessPrecision = true;
    EXPECT_EQ(single(there, {input(kFloat16, {1}, {2048})}, loose), 1);
    EXPECT_EQ(single(overflow, {input(kFloat32, {1}, {300})}, loose), 90000);
  }
}

TEST(Halves, CountsAndSumsOfMeansLeaveTheType) {
  Function mean = one([](const Tensor &x) { return x.mean(); });
  Function greatest = one([](const Tensor &x) { return x.amax({0}); });
  Function loss = [](const TensorList &in) -> TensorList {
    return {F::mse_loss(in[0], in[1])};
  };
  Numbers ones(257, 0);
  std::fill_n(ones.begin(), 129, 1);
  for (const std::optional<Way> &way : all_ways()) {
    SCOPED_TRACE(name(way));
    EXPECT_EQ(single(mean, {input(kFloat16, {1024}, Numbers(1024, 100))}, way),
              100);
    EXPECT_EQ(single(mean, {input(kBFloat16, {257}, ones)}, way),
              rounded(129.0 / 257, kBFloat16));
    for (DType dtype : halves) {
      Input many = input(dtype, {70000}, Numbers(70000, 1));
      Input none = input(dtype, {70000}, Numbers(70000, 0));
      Input seed = input(dtype, {}, {1});
      EXPECT_EQ(single(mean, {many}, way), 1);
      EXPECT_EQ(single(mean, {many}, way, {seed}), rounded(1 / 7e4, dtype));
      EXPECT_EQ(single(loss, {many, none}, way), 1);
      EXPECT_EQ(single(loss, {many, none}, way, {seed}),
                rounded(2 / 7e4, dtype));
      EXPECT_EQ(single(greatest, {many}, way, {seed}), rounded(1 / 7e4, dtype));
    }
  }
}

TEST(Halves, CrossEntropyOfManyRows) {
  constexpr std::int64_t rows = 70000;
  Function loss = [](const TensorList &in) -> TensorList {
    return {F::cross_entropy(in[0], in[1])};
  };
  Input labels{kInt64, {rows}, Numbers(rows, 1)};
  for (const std::optional<Way> &way : all_ways())
    for (DType dtype : halves) {
      SCOPED_TRACE(name(way));
      Input scores = input(dtype, {rows, 2}, Numbers(2 * rows, 3));
      EXPECT_EQ(single(loss, {scores, labels}, way),
                rounded(std::log(2.0), dtype));
      EXPECT_EQ(single(loss, {scores, labels}, way, {input(dtype, {}, {1})}),
                rounded(0.5 / rows, dtype));
    }
}

//===----------------------------------------------------------------------===//
// Composite functions: rounded once
//===----------------------------------------------------------------------===//

struct Composite {
  Function function;
  /// The gradient's rule reads the rounded result: units in the last place of
  /// the largest gradient that this may cost.
  double slack = 0;
};

const std::map<std::string, Composite> &composites() {
  auto loss = [](auto function) -> Function {
    return [=](const TensorList &in) -> TensorList {
      return {function(in[0], in[1])};
    };
  };
  static const std::map<std::string, Composite> known = {
      {"sum", {one([](auto x) { return x.sum({1}); })}},
      {"mean", {one([](auto x) { return x.mean({1}); })}},
      {"amax", {one([](auto x) { return x.amax({1}); })}},
      {"prod", {one([](auto x) { return prod(x, 1); })}},
      {"softmax", {one([](auto x) { return x.softmax(1); }), 2}},
      {"log_softmax", {one([](auto x) { return x.log_softmax(1); }), 4}},
      {"logsumexp", {one([](auto x) { return logsumexp(x, {1}); }), 4}},
      {"mse_loss", {loss([](auto x, auto y) { return F::mse_loss(x, y); })}},
      {"cross_entropy", {loss([](auto x, auto y) {
         return F::cross_entropy(x, y, {.label_smoothing = 0.1});
       })}},
      {"nll_loss", {loss([](auto x, auto y) { return F::nll_loss(x, y); })}},
      {"gelu", {one([](auto x) { return F::gelu(x); })}},
      {"gelu_tanh", {one([](auto x) { return F::gelu(x, "tanh"); })}},
      {"silu", {one([](auto x) { return F::silu(x); })}},
      {"sigmoid", {one([](auto x) { return sigmoid(x); }), 1}},
      {"softplus", {one([](auto x) { return F::softplus(x); })}},
      {"leaky_relu", {one([](auto x) { return F::leaky_relu(x, 0.01); })}},
      {"tanh", {one([](auto x) { return tanh(x); }), 4}},
      {"rsqrt", {one([](auto x) { return rsqrt(x); }), 4}},
      {"avg_pool2d",
       {one([](auto x) { return F::avg_pool2d(x, 3, {.stride = 2}); })}},
      {"matmul", {loss([](auto x, auto y) { return matmul(x, y); })}},
      {"avg_pool2d_edges", {one([](auto x) {
         return F::avg_pool2d(x, 3,
                              {.stride = 2,
                               .padding = 1,
                               .ceil_mode = true,
                               .count_include_pad = false});
       })}},
  };
  return known;
}

Input inputOf(const json &stored, DType dtype) {
  return {dtype, stored["shape"].get<std::vector<std::int64_t>>(),
          stored["data"].get<Numbers>()};
}

/// `received` is what one rounding of `exact` gives, but for errors of f32.
void checkRounded(const Numbers &received, const json &stored, DType dtype,
                  double slack) {
  Numbers exact = stored["data"];
  ASSERT_EQ(received.size(), exact.size());
  double largest = 0;
  for (double each : exact)
    largest = std::max(largest, std::abs(each));
  for (std::size_t i = 0; i < exact.size(); ++i)
    EXPECT_NEAR(received[i], exact[i],
                0.51 * ulp(exact[i], dtype) + 1e-6 * largest +
                    slack * ulp(largest, dtype))
        << "element " << i;
}

TEST(Halves, AreRoundedOnceInACompositeFunction) {
  std::size_t checked = 0;
  for (const json &stored : read_oracle("halves.json")) {
    DType dtype = stored["dtype"] == "float16" ? kFloat16 : kBFloat16;
    const Composite &composite = composites().at(stored["op"]);
    std::vector<Input> inputs;
    for (const json &operand : stored["operands"])
      inputs.push_back(inputOf(operand, dtype));
    if (Numbers labels = stored["labels"]; !labels.empty())
      inputs.push_back({kInt64, {std::int64_t(labels.size())}, labels});
    Input seed = inputOf(stored["grad"], dtype);
    for (const std::optional<Way> &way : all_ways()) {
      if (way && way->optLevel == 0)
        continue; // the same code, slower to test
      SCOPED_TRACE(stored["op"].get<std::string>() + " " +
                   stored["dtype"].get<std::string>() + " " + name(way));
      checkRounded(run(composite.function, inputs, way).at(0), stored["result"],
                   dtype, 0);
      auto gradients = run(composite.function, inputs, way, {seed});
      ASSERT_EQ(gradients.size(), stored["gradients"].size());
      for (std::size_t i = 0; i < gradients.size(); ++i)
        checkRounded(gradients[i], stored["gradients"][i], dtype,
                     composite.slack);
    }
    ++checked;
  }
  EXPECT_EQ(checked, 2 * composites().size());
}

} // namespace
