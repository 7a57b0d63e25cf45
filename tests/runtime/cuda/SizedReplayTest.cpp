//===- SizedReplayTest.cpp - What calls of other sizes ask of the driver --===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/cuda/SizedProgram.h"

#include <cstddef>

namespace {

class SizedReplayTest : public FakeCudaTest {
protected:
  int captures() const { return fake.countCalls("cuStreamBeginCapture_v2"); }
  int replays() const { return fake.countCalls("cuGraphLaunch"); }

  SizedProgram sized;
  Reference reference;
};

} // namespace

TEST_F(SizedReplayTest, LaunchesAreOfTheCall) {
  OpenModel model(sized);
  ASSERT_OK(model.status);
  for (std::int64_t n : {8, 136, 960}) {
    fake.launches.clear();
    trainSized(model, sized, reference, n, 100, 3);
    ASSERT_EQ(fake.launches.size(), 4u);
    EXPECT_EQ(fake.launches[0].grid[0], 1u);
    for (int i : {1, 2, 3})
      EXPECT_EQ(fake.launches[i].grid[0], (n + 127) / 128);
    EXPECT_EQ(fake.launches[1].arguments[3], std::uint64_t(n));
    EXPECT_EQ(fake.launches[2].arguments[3],
              std::uint64_t(std::min<std::int64_t>(n, 100)));
  }
}

TEST_F(SizedReplayTest, GridsStayInsideTheirLimits) {
  OpenModel model(sized);
  ASSERT_OK(model.status);
  sized.steps[9].second = 100000; // no blocks
  trainSized(model, sized, reference, 8, 8, 1);
  EXPECT_EQ(fake.launches[1].grid[0], 1u);
  sized.steps[8] = {TENSORC_CUDA_SIZE_NUMBER, 0, std::int64_t(1) << 40};
  sized.steps[9].second = 1;
  trainSized(model, sized, reference, 16, 8, 1);
  EXPECT_EQ(fake.launches[5].grid[0], 2147483647u);
}

TEST_F(SizedReplayTest, CapturesForEachCombination) {
  OpenModel model(sized);
  ASSERT_OK(model.status);
  for (std::int64_t n : {8, 16}) {
    int captured = captures(), replayed = replays();
    for (int i = 0; i < 6; ++i)
      trainSized(model, sized, reference, n, 5, std::uint32_t(i));
    // The first time kernel by kernel, then once for each slot.
    EXPECT_EQ(captures() - captured, 2);
    EXPECT_EQ(replays() - replayed, 5);
  }
  EXPECT_EQ(fake.live["graph exec"], 4);
  int captured = captures();
  for (int i = 0; i < 6; ++i)
    trainSized(model, sized, reference, i % 2 ? 8 : 16, 5, std::uint32_t(i));
  EXPECT_EQ(captures(), captured);
}

TEST_F(SizedReplayTest, KeepsThoseLastUsed) {
  OpenModel model(sized);
  ASSERT_OK(model.status);
  auto train = [&](std::int64_t m) {
    for (int i = 0; i < 3; ++i)
      trainSized(model, sized, reference, 8, m, std::uint32_t(m));
  };
  for (std::int64_t m = 1; m <= 8; ++m)
    train(m);
  EXPECT_EQ(captures(), 16);
  EXPECT_EQ(fake.live["graph exec"], 16);
  train(1);
  EXPECT_EQ(captures(), 16);
  train(9); // in the place of 2
  EXPECT_EQ(captures(), 18);
  EXPECT_EQ(fake.live["graph exec"], 16);
  for (std::int64_t m : {1, 3, 4, 5, 6, 7, 8, 9})
    train(m);
  EXPECT_EQ(captures(), 18);
  train(2);
  EXPECT_EQ(captures(), 20);
}

// A graph may be under way when it has to go.
TEST_F(SizedReplayTest, ReplacesWhatIsUnderWay) {
  OpenModel model(sized);
  ASSERT_OK(model.status);
  std::uint32_t seed = 0;
  for (int round = 0; round < 3; ++round)
    for (std::int64_t m = 1; m <= 20; ++m)
      for (int i = 0; i < 2; ++i)
        trainSized(model, sized, reference, 8 * m, m, seed++, /*wait=*/false);
  expectState(model, reference);
}

TEST_F(SizedReplayTest, LargerWorkspaceIsCapturedAgain) {
  OpenModel model(sized);
  ASSERT_OK(model.status);
  auto train = [&] {
    for (std::int64_t n : {8, 16, 24})
      for (int i = 0; i < 3; ++i)
        trainSized(model, sized, reference, n, 5, std::uint32_t(n));
  };
  train();
  EXPECT_EQ(captures(), 6);
  Values twice;
  EXPECT_OK(model.infer(twice)); // the workspace moves
  EXPECT_EQ(fake.live["graph exec"], 0);
  train();
  EXPECT_EQ(captures(), 12);
}

// Each call of the driver fails once; the next run is as if nothing was.
TEST_F(SizedReplayTest, FailuresLeaveNothingBehind) {
  for (int n = 0;; ++n) {
    OpenModel model(sized);
    ASSERT_OK(model.status);
    Reference fresh;
    for (std::int64_t m = 1; m <= 8; ++m)
      for (int i = 0; i < 2; ++i)
        trainSized(model, sized, fresh, 8, m, 1);
    Values batch = numbers(1), out(16);
    const void *inputs[] = {batch.data(), batch.data()};
    void *outputs[] = {nullptr, out.data()};
    std::int64_t symbols[] = {16, 9};
    fake.failCountdown = n;
    fake.failed.clear();
    for (int i = 0; i < 2; ++i)
      tensorc_rt_cuda_run_sized(model.model, SizedProgram::kTrain, symbols,
                                inputs, outputs);
    fake.failCountdown = -1;
    bool failed = !fake.failed.empty();
    EXPECT_OK(model.write(fresh.values));
    tensorc_rt_cuda_synchronize(model.model);
    for (int i = 0; i < 3; ++i)
      trainSized(model, sized, fresh, 16, 9, 1);
    if (!failed || HasFailure())
      return;
  }
}

TEST_F(SizedReplayTest, ObjectsOfTheFirstVersionHaveNoSizes) {
  toy.program.abi_minor = 0;
  toy.program.struct_size = offsetof(tensorc_cuda_program, sizes);
  toy.program.sizes = reinterpret_cast<const tensorc_cuda_sizes *>(1);
  OpenModel model(toy);
  ASSERT_OK(model.status);
  Values batch = numbers(1), biased, shifted;
  for (int i = 0; i < 3; ++i) {
    reference.train(batch);
    EXPECT_OK(model.train(batch, batch, biased, shifted));
    EXPECT_EQ(biased, reference.plus(batch));
  }
}

TEST_F(SizedReplayTest, DamagedSizes) {
  using Damage = void (*)(SizedProgram &);
  const Damage damages[] = {
      [](SizedProgram &t) { t.symbols[1].name = nullptr; },
      [](SizedProgram &t) { t.symbols[0].divisor = 0; },
      [](SizedProgram &t) { t.symbols[0].min = 961; },
      [](SizedProgram &t) { t.steps[0].first = 2; },
      [](SizedProgram &t) { t.steps[4].first = 4; },
      [](SizedProgram &t) { t.steps[4].second = 4; },
      [](SizedProgram &t) { t.steps[4].second = -1; },
      [](SizedProgram &t) { t.steps[4].op = 6; },
      [](SizedProgram &t) { t.steps[4].op = -1; },
      [](SizedProgram &t) { t.buffers[3] = 11; },
      [](SizedProgram &t) { t.sizes[0].size_count = 10; },
      [](SizedProgram &t) { t.sizes[0].size_count = ~0ull; },
      [](SizedProgram &t) { t.sizes[0].symbol_count = 1; },
      [](SizedProgram &t) { t.sizes[0].symbol_count = ~0ull; },
      [](SizedProgram &t) {
        t.sizes[1] = t.sizes[0];
        t.sizes[1].symbol_count = 0;
      },
      [](SizedProgram &t) { t.trainLaunches[1].blocks = 12; },
      [](SizedProgram &t) { t.inferLaunches[1].blocks = 1; },
      [](SizedProgram &t) { t.stepArguments[3].index = 11; },
      [](SizedProgram &t) { t.stepArguments[3].offset = 1; },
      [](SizedProgram &t) { t.onceArguments[3].kind = TENSORC_CUDA_SIZE; },
      [](SizedProgram &t) { t.program.sizes = nullptr; },
  };
  for (std::size_t i = 0; i < std::size(damages); ++i) {
    SizedProgram damaged;
    damages[i](damaged);
    EXPECT_EQ(OpenModel(damaged).status, TENSORC_ERROR_ABI_MISMATCH) << i;
    EXPECT_EQ(words(),
              "model `toy` describes its GPU code wrongly: is it damaged?");
  }
  EXPECT_TRUE(fake.calls.empty());
}

// What only a call shows.
TEST_F(SizedReplayTest, SizesThatDontFit) {
  using Damage = void (*)(SizedProgram &);
  const Damage damages[] = {
      [](SizedProgram &t) { t.steps[3].second = 1000; }, // too many bytes
      [](SizedProgram &t) { t.steps[3].second = -4; },
      [](SizedProgram &t) { t.steps[3].second = INT64_MAX; },
      [](SizedProgram &t) { t.steps[7].second = INT64_MAX; },
      [](SizedProgram &t) { t.steps[9].second = 0; },
      [](SizedProgram &t) { t.steps[9].second = -1; },
  };
  Values batch = numbers(1);
  const void *inputs[] = {batch.data(), batch.data()};
  std::int64_t symbols[] = {16, 9};
  for (std::size_t i = 0; i < std::size(damages); ++i) {
    SizedProgram damaged;
    damages[i](damaged);
    OpenModel model(damaged);
    ASSERT_OK(model.status);
    EXPECT_EQ(tensorc_rt_cuda_run_sized(model.model, SizedProgram::kTrain,
                                        symbols, inputs, nullptr),
              TENSORC_ERROR_ABI_MISMATCH)
        << i;
  }
}
