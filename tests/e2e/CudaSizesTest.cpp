//===- CudaSizesTest.cpp - GPU programs of sizes that each call says ------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The model of SizesTest.cpp: one object, called at many sizes, beside eager
// mode on the CPU.
//
//===----------------------------------------------------------------------===//

#include "cuda_sizes.h"
#include "tests/e2e/Gpu.h"
#include "tests/e2e/SizesCases.h"

#include <optional>

using namespace tensorc;

namespace {

/// Sums are in another order than the CPU's.
constexpr double kTolerance = 2e-5;

class CudaSizes : public testing::Test {
protected:
  void SetUp() override {
    test::use_gpu("cuda_sizes");
    if (!IsSkipped())
      model.emplace();
  }
  void TearDown() override {
    model.reset();
    test::leave_gpu();
  }

  std::optional<cuda_sizes::CudaModel> model;
};

// The least, the greatest, the hint, and what blocks don't divide. Kernel by
// kernel first, then as graphs, of which some have gone meanwhile.
TEST_F(CudaSizes, AreThoseOfTheCall) {
  for (int round = 0; round < 2; ++round)
    for (std::int64_t B : {1, 2, 7, 33, 64, 65, 100, 128, 256, 255, 2, 64, 64})
      sizes::check_rows(*model, B, kTolerance);
  for (auto [B, S] : {std::pair<std::int64_t, std::int64_t>{1, 4},
                      {3, 12},
                      {3, 32},
                      {32, 64},
                      {3, 32},
                      {256, 8},
                      {3, 12}})
    sizes::check_sequences(*model, B, S, kTolerance);
  for (std::int64_t N : {0, 1, 9, 0, 0, 4})
    sizes::check_none(*model, N);
}

// One object trains on batches of any size, one after the other.
TEST_F(CudaSizes, ChangeFromStepToStep) {
  sizes::Net net;
  for (const auto &[name, tensor] : net->named_parameters()) {
    std::vector<float> values;
    for (double value : tensor.to_vector())
      values.push_back(float(value));
    model->write<float>(name, values);
  }
  for (std::int64_t B : {1, 7, 64, 65, 64, 256, 7, 64, 1, 255}) {
    std::vector<float> x = sizes::numbers(B * 6, 0.7);
    std::vector<std::int64_t> l = sizes::labels(B);
    Outputs expected = net->step(from_vector(x, {B, 6}), from_vector(l, {B}));
    float loss = 0;
    model->step(B, x, l, &loss);
    std::string what = "a step of " + std::to_string(B);
    sizes::expect_near({loss}, expected[0].second, what, kTolerance);
    for (const auto &[name, tensor] : net->named_parameters())
      sizes::expect_near(model->read<float>(name), tensor, what + ": " + name,
                         kTolerance);
  }
}

TEST_F(CudaSizes, AreInTheirRange) {
  std::vector<float> n(20), sum(2), y(20);
  auto refused = [&](auto &&call) -> std::string {
    try {
      call();
    } catch (const cuda_sizes::Error &error) {
      EXPECT_EQ(error.status(), TENSORC_ERROR_INVALID_ARGUMENT);
      return error.what();
    }
    return "nothing was thrown";
  };
  EXPECT_EQ(refused([&] { model->none(10, n, sum, y); }),
            "cuda_sizes::CudaModel::none: `N` is 10, expected 0 to 9");
  EXPECT_EQ(refused([&] { model->none(9, n, sum, y); }),
            "cuda_sizes::CudaModel::none: `n` f32[N, 2] has 18 elements, "
            "received 20");
}

} // namespace
