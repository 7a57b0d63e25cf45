//===- CudaDeviceTest.cpp - LeNet's GPU code, on a GPU --------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/e2e/CudaLenet.h"

#include <gtest/gtest.h>

using namespace tensorc::test;

namespace {

class CudaDeviceTest : public testing::Test {
protected:
  void SetUp() override {
    std::int32_t count;
    if (tensorc_rt_cuda_device_count(&count))
      GTEST_SKIP() << tensorc_rt_last_error();
  }

  nlohmann::json oracle = read_lenet_losses();
};

TEST_F(CudaDeviceTest, LossesAreThoseOfPyTorch) {
  std::vector<float> losses = firstLosses(oracle, oracle["float64"].size());
  for (std::size_t step = 0; step < losses.size(); ++step) {
    double wanted = oracle["float64"][step];
    EXPECT_NEAR(losses[step], wanted, 1e-4 * wanted) << "step " << step;
  }
}

TEST_F(CudaDeviceTest, TwentyRunsGiveTheSameBits) {
  std::vector<float> expected = firstLosses(oracle, 20);
  for (int run = 1; run < 20; ++run)
    ASSERT_EQ(firstLosses(oracle, 20), expected) << "run " << run;
}

} // namespace
