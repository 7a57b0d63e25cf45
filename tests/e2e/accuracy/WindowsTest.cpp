//===- WindowsTest.cpp - Every kind of window, as PyTorch has it ----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/e2e/accuracy/Model.h"
#include "tests/oracle/Stored.h"

#include <gtest/gtest.h>

using namespace tensorc;
using namespace tensorc::test;
namespace F = tensorc::nn::functional;

namespace {

template <std::size_t N> SpaceSizes<N> sizes(const json &list) {
  SpaceSizes<N> result = 0;
  std::copy(list.begin(), list.end(), result.values.begin());
  return result;
}

template <std::size_t N, typename F>
Tensor max_pool(F function, const json &item, const Tensor &images) {
  return function(images, sizes<N>(item["kernel"]),
                  {.stride = sizes<N>(item["stride"]),
                   .padding = sizes<N>(item["padding"]),
                   .dilation = sizes<N>(item["dilation"]),
                   .ceil_mode = item["ceil"]},
                  Location::current());
}

template <std::size_t N, typename F>
Tensor avg_pool(F function, const json &item, const Tensor &images) {
  return function(images, sizes<N>(item["kernel"]),
                  {.stride = sizes<N>(item["stride"]),
                   .padding = sizes<N>(item["padding"]),
                   .ceil_mode = item["ceil"],
                   .count_include_pad = item["include"]},
                  Location::current());
}

Tensor pooled(const json &item, const Tensor &images) {
  std::string op = item["op"];
  return op == "max_pool1d"   ? max_pool<1>(F::max_pool1d, item, images)
         : op == "max_pool2d" ? max_pool<2>(F::max_pool2d, item, images)
         : op == "max_pool3d" ? max_pool<3>(F::max_pool3d, item, images)
         : op == "avg_pool1d" ? avg_pool<1>(F::avg_pool1d, item, images)
         : op == "avg_pool2d" ? avg_pool<2>(F::avg_pool2d, item, images)
                              : avg_pool<3>(F::avg_pool3d, item, images);
}

std::int64_t count(const Shape &shape) {
  std::int64_t count = 1;
  for (std::int64_t size : shape)
    count *= size;
  return count;
}

Shape image_shape(const json &item) {
  Shape shape = {1, 1};
  for (const json &size : item["size"])
    shape.push_back(size.get<std::int64_t>());
  return shape;
}

/// The images and gradients that the stored results are of.
Input image(const json &item) {
  Input result = {kFloat64, image_shape(item), {}};
  for (std::int64_t i = 0; i < count(result.shape); ++i)
    result.values.push_back(double(7 * i % 13 - 6));
  return result;
}
void append_seed(Numbers &seed, const json &item) {
  for (std::size_t i = 0; i < item["result"]["data"].size(); ++i)
    seed.push_back(double(5 * i % 7) - 3);
}

/// The cases that PyTorch takes.
const std::vector<json> &taken() {
  static const std::vector<json> cases = [] {
    std::vector<json> cases;
    for (const json &item : read_oracle("windows.json"))
      if (!item["result"].is_null())
        cases.push_back(item);
    return cases;
  }();
  return cases;
}

void expect_numbers(const double *&received, const json &stored,
                    const json &item) {
  for (const json &value : stored) {
    double wanted = number(value).to_double(), got = *received++;
    ASSERT_TRUE(got == wanted || std::abs(got - wanted) <= 1e-11)
        << got << ", expected " << wanted << " in " << item;
  }
}

/// `run` gives the results of many cases' images, one after the other, or their
/// gradients.
template <typename F> void check(std::size_t step, F &&run) {
  constexpr std::size_t many = 50;
  for (std::size_t begin = 0; begin < taken().size(); begin += many * step) {
    std::vector<json> cases;
    for (std::size_t i = begin; i < taken().size() && cases.size() < many;
         i += step)
      cases.push_back(taken()[i]);
    std::vector<Input> images;
    Input seed = {kFloat64, {}, {}};
    for (const json &item : cases) {
      images.push_back(image(item));
      append_seed(seed.values, item);
    }
    seed.shape = {std::int64_t(seed.values.size())};
    Function function = [&](const TensorList &in) -> TensorList {
      TensorList results;
      for (std::size_t i = 0; i < in.size(); ++i) {
        Tensor result = pooled(cases[i], in[i]);
        Shape wanted =
            cases[i]["result"]["shape"].get<std::vector<std::int64_t>>();
        EXPECT_EQ(result.shape(), wanted) << cases[i];
        results.push_back(result.reshape({-1}));
      }
      return {cat(results)};
    };
    std::vector<Numbers> results = run(function, images, {}),
                         gradients = run(function, images, {seed});
    ASSERT_EQ(results.size(), 1u);
    ASSERT_EQ(gradients.size(), cases.size());
    const double *next = results[0].data();
    for (std::size_t i = 0; i < cases.size(); ++i) {
      expect_numbers(next, cases[i]["result"]["data"], cases[i]);
      const double *gradient = gradients[i].data();
      expect_numbers(gradient, cases[i]["gradient"], cases[i]);
    }
  }
}

TEST(Windows, Eager) { check(1, eager); }

TEST(Windows, Compiled) {
  Way way = ways().back();
  auto run = [&](const Function &function, const std::vector<Input> &inputs,
                 const std::vector<Input> &seeds) {
    return compiled(function, inputs, way, seeds);
  };
  check(std::getenv("TENSORC_TEST_FULL") ? 1 : 7, run);
}

TEST(Windows, ThatPyTorchRefusesAreRefused) {
  int refused = 0;
  for (const json &item : read_oracle("windows.json")) {
    if (!item["result"].is_null())
      continue;
    ++refused;
    Tensor images = zeros(image_shape(item));
    EXPECT_THROW(pooled(item, images), Error) << item;
  }
  EXPECT_GT(refused, 100);
}

} // namespace
