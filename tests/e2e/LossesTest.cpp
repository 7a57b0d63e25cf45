//===- LossesTest.cpp - The compiled training step against PyTorch --------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lenet.h"
#include "lenet_o0.h"
#include "tests/e2e/FirstLosses.h"

#include <gtest/gtest.h>

using namespace tensorc::test;

namespace {

template <typename Model> class LossesTest : public testing::Test {};
using Models = testing::Types<lenet::Model, lenet_o0::Model>;
struct Names {
  template <typename Model> static std::string GetName(int) {
    return std::is_same_v<Model, lenet::Model> ? "O3" : "O0";
  }
};
TYPED_TEST_SUITE(LossesTest, Models, Names);

TYPED_TEST(LossesTest, AreThoseOfPyTorchForAnyNumberOfThreads) {
  nlohmann::json oracle = read_lenet_losses();
  std::vector<char> state, expectedState;
  std::vector<float> expected =
      firstLosses<TypeParam>(oracle, 1, expectedState);
  for (std::size_t step = 0; step < expected.size(); ++step) {
    double wanted = oracle["float64"][step];
    EXPECT_NEAR(expected[step], wanted, 1e-5 * wanted) << "step " << step;
  }
  EXPECT_EQ(firstLosses<TypeParam>(oracle, 2, state), expected);
  EXPECT_EQ(state, expectedState);
}

} // namespace
