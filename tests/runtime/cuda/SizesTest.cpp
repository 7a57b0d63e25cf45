//===- SizesTest.cpp - Functions of sizes that a call says ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/cuda/SizedProgram.h"

#include <limits>

namespace {

class SizesTest : public CudaTest {
protected:
  SizedProgram sized;
};

} // namespace

TEST_F(SizesTest, EachCallHasItsSizes) {
  OpenModel model(sized);
  ASSERT_OK(model.status);
  Reference reference;
  std::uint32_t seed = 1;
  for (int round = 0; round < 2; ++round)
    for (std::int64_t n : {960, 8, 256, 128, 136})
      for (std::int64_t m : {1, 500, 136})
        trainSized(model, sized, reference, n, m, seed++);
  expectState(model, reference);
}

TEST_F(SizesTest, StepsOfOtherSizesFollowOneAnother) {
  OpenModel model(sized);
  ASSERT_OK(model.status);
  Reference reference;
  for (std::uint32_t step = 0; step < 40; ++step)
    trainSized(model, sized, reference, 8 + step * 7 % 5 * 232,
               1 + step * 5 % 3 * 200, step, /*wait=*/step % 7 == 6);
  expectState(model, reference);
}

TEST_F(SizesTest, OutputsAreReadAtTheSizesOfTheLastRun) {
  OpenModel model(sized);
  ASSERT_OK(model.status);
  Reference reference;
  for (std::int64_t n : {16, 960, 16, 8}) {
    trainSized(model, sized, reference, n, 12, std::uint32_t(n), false);
    GuardedValues shifted(n), biased(std::min<std::int64_t>(n, 12));
    EXPECT_OK(tensorc_rt_cuda_read_output(model.model, SizedProgram::kTrain, 1,
                                          shifted.data()));
    EXPECT_OK(tensorc_rt_cuda_read_output(model.model, SizedProgram::kTrain, 0,
                                          biased.data()));
    Values all = reference.plus(sized.constants);
    EXPECT_EQ(Values(shifted), Values(all.begin(), all.begin() + n));
  }
}

TEST_F(SizesTest, OtherFunctionsAreAsBefore) {
  OpenModel model(sized);
  ASSERT_OK(model.status);
  Reference reference;
  Values twice;
  for (int i = 0; i < 3; ++i) {
    trainSized(model, sized, reference, 80, 80, 7);
    EXPECT_OK(model.infer(twice));
    EXPECT_EQ(twice, reference.plus(sized.constants, 2));
  }
}

TEST_F(SizesTest, SizesOutOfRange) {
  OpenModel model(sized);
  ASSERT_OK(model.status);
  Values batch = numbers(1), before;
  const void *inputs[] = {batch.data(), batch.data()};
  auto run = [&](std::int64_t n, std::int64_t m) {
    std::int64_t symbols[] = {n, m};
    return tensorc_rt_cuda_run_sized(model.model, SizedProgram::kTrain, symbols,
                                     inputs, nullptr);
  };
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
  for (std::int64_t n : {least, std::int64_t(-8), std::int64_t(0),
                         std::int64_t(12), std::int64_t(968)}) {
    EXPECT_EQ(run(n, 1), TENSORC_ERROR_INVALID_ARGUMENT);
    EXPECT_EQ(words(), "toy_train: `N` is " + std::to_string(n) +
                           ", expected a multiple of 8, 8 to 960");
  }
  EXPECT_EQ(run(8, 501), TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(words(), "toy_train: `M` is 501, expected 1 to 500");
  EXPECT_EQ(
      tensorc_rt_cuda_run(model.model, SizedProgram::kTrain, inputs, nullptr),
      TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(words(), "toy_train: expected sizes (`N`), received none");
  EXPECT_OK(model.read(before));
  EXPECT_EQ(before, Values(kCount));
}

TEST_F(SizesTest, BuffersAreCheckedAtTheirSizes) {
  OpenModel model(sized);
  ASSERT_OK(model.status);
  Values batch = numbers(1), out(20);
  const void *inputs[] = {batch.data(), batch.data()};
  // 8 biased numbers, then 16 shifted ones.
  void *outputs[] = {out.data(), out.data() + 4};
  std::int64_t symbols[] = {16, 4};
  EXPECT_OK(tensorc_rt_cuda_run_sized(model.model, SizedProgram::kTrain,
                                      symbols, inputs, outputs));
  symbols[1] = 5;
  EXPECT_EQ(tensorc_rt_cuda_run_sized(model.model, SizedProgram::kTrain,
                                      symbols, inputs, outputs),
            TENSORC_ERROR_INVALID_ARGUMENT);
  inputs[1] = nullptr;
  EXPECT_EQ(tensorc_rt_cuda_run_sized(model.model, SizedProgram::kTrain,
                                      symbols, inputs, nullptr),
            TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(words(), "toy_train: `bias` is null");
}
