//===- GeneratorTest.cpp - Random numbers ---------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Generator.h"
#include "tensorc/tensorc.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace tensorc;

namespace {

// The known answers of Random123 (kat_vectors, philox4x32 10).
TEST(Generator, PhiloxGivesTheKnownAnswers) {
  using Block = std::array<std::uint32_t, 4>;
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}),
            (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
                   {0xffffffff, 0xffffffff}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                   {0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Generator, ASeedGivesTheSameNumbersAgain) {
  manual_seed(7);
  std::vector<double> first = rand({5}).to_vector();
  EXPECT_NE(rand({5}).to_vector(), first);
  manual_seed(7);
  EXPECT_EQ(rand({5}).to_vector(), first);
  manual_seed(8);
  EXPECT_NE(rand({5}).to_vector(), first);
}

TEST(Generator, NumbersAreDistributedAsTheyShould) {
  manual_seed(1);
  constexpr int count = 100000;
  for (DType dtype : {kFloat16, kBFloat16, kFloat32, kFloat64}) {
    double sum = 0, squares = 0;
    for (double value : rand({count}, dtype).to_vector()) {
      ASSERT_GE(value, 0);
      ASSERT_LT(value, 1);
      sum += value;
      squares += value * value;
    }
    EXPECT_NEAR(sum / count, 0.5, 0.005);
    EXPECT_NEAR(squares / count, 1 / 3.0, 0.005);
  }
  double sum = 0, squares = 0;
  for (double value : randn({count}, kFloat64).to_vector()) {
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / count, 0, 0.02);
  EXPECT_NEAR(squares / count, 1, 0.02);
}

} // namespace
