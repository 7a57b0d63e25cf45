//===- SizesTest.cpp - Functions of sizes that each call says -------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "sizes_o0.h"
#include "sizes_o3.h"

#include "tests/e2e/SizesCases.h"
#include "tests/e2e/Thrown.h"

using namespace tensorc;

namespace {

// The least, the greatest, the hint, and what vectors and tasks don't divide.
const std::vector<std::int64_t> batches = {1, 2, 7, 33, 64, 65, 255, 256};

template <typename Model> class Sizes : public testing::Test {};
using Models = testing::Types<sizes_o0::Model, sizes_o3::Model>;
TYPED_TEST_SUITE(Sizes, Models);

TYPED_TEST(Sizes, AreThoseOfTheCall) {
  TypeParam model;
  for (std::int64_t B : batches)
    sizes::check_rows(model, B);
  for (std::int64_t B : {1, 3, 256})
    for (std::int64_t S : {4, 12, 32, 64})
      sizes::check_sequences(model, B, S);
  for (std::int64_t N : {0, 1, 9})
    sizes::check_none(model, N);
}

TYPED_TEST(Sizes, NeedNoInput) {
  TypeParam model;
  std::vector<float> y(8);
  model.inside(/*B=*/3, /*S=*/8, y);
  EXPECT_EQ(y, (std::vector<float>{0, 3, 6, 9, 12, 15, 18, 21}));
}

// One object trains on batches of any size, one after the other.
TYPED_TEST(Sizes, ChangeFromStepToStep) {
  TypeParam model;
  sizes::Net net;
  for (const auto &[name, tensor] : net->named_parameters()) {
    std::vector<double> values = tensor.to_vector();
    std::span<float> state = model.template tensor<float>(name);
    std::copy(values.begin(), values.end(), state.begin());
  }
  for (std::int64_t B : batches) {
    std::vector<float> x = sizes::numbers(B * 6, 0.7);
    std::vector<std::int64_t> l = sizes::labels(B);
    Outputs expected = net->step(from_vector(x, {B, 6}), from_vector(l, {B}));
    float loss = 0;
    model.step(B, x, l, &loss);
    std::string what = "a step of " + std::to_string(B);
    sizes::expect_near({loss}, expected[0].second, what);
    for (const auto &[name, tensor] : net->named_parameters()) {
      std::span<float> state = model.template tensor<float>(name);
      sizes::expect_near({state.begin(), state.end()}, tensor,
                         what + ": " + name);
    }
  }
}

//===----------------------------------------------------------------------===//
// What is refused, before anything runs
//===----------------------------------------------------------------------===//

using sizes_o3::Error;
using sizes_o3::Model;

template <typename F> std::string refused(F &&call) {
  return tensorc::test::refused<Error>(call);
}

TEST(SizesOfCalls, AreInTheirRange) {
  std::vector<float> x(257 * 6), y(257), s(4);
  auto none = [&](std::int64_t N) {
    return sizes_o3_none(nullptr, nullptr, N, x.data(), s.data(), y.data()) ==
                   TENSORC_OK
               ? "is right"
               : std::string(tensorc_rt_last_error());
  };
  EXPECT_EQ(none(-1), "sizes_o3_none: `N` is -1, expected 0 to 9");
  EXPECT_EQ(none(10), "sizes_o3_none: `N` is 10, expected 0 to 9");
  EXPECT_EQ(none(INT64_MIN),
            "sizes_o3_none: `N` is -9223372036854775808, expected 0 to 9");
  EXPECT_EQ(none(9), "is right");
  EXPECT_EQ(none(0), "is right");
  // Before what is made of them is looked at.
  auto sequences = [&](std::int64_t B, std::int64_t S) {
    sizes_o3_sequences(nullptr, nullptr, B, S, nullptr, nullptr, nullptr,
                       nullptr, nullptr, nullptr, nullptr);
    return std::string(tensorc_rt_last_error());
  };
  EXPECT_EQ(sequences(0, 4), "sizes_o3_sequences: `B` is 0, expected 1 to 256");
  EXPECT_EQ(sequences(257, 3),
            "sizes_o3_sequences: `B` is 257, expected 1 to 256");
  EXPECT_EQ(sequences(1, 6), "sizes_o3_sequences: `S` is 6, expected a "
                             "multiple of 4, 4 to 64");
  EXPECT_EQ(sequences(1, 68), "sizes_o3_sequences: `S` is 68, expected a "
                              "multiple of 4, 4 to 64");
  EXPECT_EQ(sequences(1, 4), "sizes_o3_sequences: `workspace` is null");
}

TEST(SizesOfCalls, AreThoseOfContainers) {
  Model model;
  std::vector<float> n(6), sum(2), y(6), few(5);
  model.none(3, n, sum, y);
  EXPECT_EQ(refused([&] { model.none(10, n, sum, y); }),
            "sizes_o3::Model::none: `N` is 10, expected 0 to 9");
  EXPECT_EQ(refused([&] { model.none(2, n, sum, y); }),
            "sizes_o3::Model::none: `n` f32[N, 2] has 4 elements, received 6");
  EXPECT_EQ(refused([&] { model.none(3, n, sum, few); }),
            "sizes_o3::Model::none: `y` f32[N, 2] has 6 elements, received 5");
  EXPECT_EQ(refused([&] { model.none(3, nullptr, sum, y); }),
            "sizes_o3::Model::none: `n` f32[N, 2] is null");
  float array[3][2] = {}, other[6];
  model.none(3, array, sum, other);
  EXPECT_EQ(refused([&] { model.none(2, array, sum, other); }),
            "sizes_o3::Model::none: `n` f32[N, 2] has 4 elements, received 6");
  std::vector<float> x(64), bias(16);
  EXPECT_EQ(refused([&] {
              model.sequences(1, 14, x, bias, nullptr, nullptr, nullptr,
                              nullptr, nullptr);
            }),
            "sizes_o3::Model::sequences: `S` is 14, expected a multiple of 4, "
            "4 to 64");
}

TEST(SizesOfCalls, SayWhatOverlaps) {
  // Apart in a call of three rows, and not in one of four.
  std::vector<float> memory(32), sum(2);
  Model model;
  float *n = memory.data(), *y = n + 6;
  model.none(3, n, sum, y);
  EXPECT_EQ(refused([&] { model.none(4, n, sum, y); }),
            "sizes_o3_none: `y` overlaps `n`, expected memory of its own for "
            "what the function writes to");
}

TEST(SizesOfCalls, AreInTheHeader) {
  static_assert(Model::sequences_S_min == 4 && Model::sequences_S_max == 64 &&
                Model::sequences_S_divisor == 4 && Model::rows_B_min == 1 &&
                Model::rows_B_divisor == 1);
  static_assert(Model::rows_products_shape ==
                std::array<std::int64_t, 2>{6, 6});
  static_assert(Model::sequences_quarters_shape(3, 8) ==
                std::array<std::int64_t, 2>{3, 2});
  static_assert(Model::rows_rest_shape(1) == std::array<std::int64_t, 2>{0, 6});
  static_assert(Model::step_workspace_bytes <= Model::workspace_bytes);
}

} // namespace
