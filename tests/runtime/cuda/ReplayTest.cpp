//===- ReplayTest.cpp - What steps ask of the driver, and when ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/cuda/CudaTest.h"

#include <algorithm>

namespace {

using Names = std::vector<std::string>;

class ReplayTest : public FakeCudaTest {};

/// The executed work that isn't bookkeeping of events.
Names workOf(const FakeDriver &fake) {
  Names names;
  for (const std::string &name : fake.executed)
    if (name != "wait" && name != "record")
      names.push_back(name);
  return names;
}

} // namespace

TEST_F(ReplayTest, CapturesOnceForEachSlotAndThenReplays) {
  OpenModel model(toy);
  ASSERT_OK(model.status);
  Values batch = numbers(1);
  auto launches = [&] { return fake.countCalls("cuLaunchKernel"); };
  auto captures = [&] { return fake.countCalls("cuStreamBeginCapture_v2"); };
  auto replays = [&] { return fake.countCalls("cuGraphLaunch"); };

  EXPECT_OK(model.train(batch, batch)); // kernel by kernel
  EXPECT_EQ(launches(), 4);
  EXPECT_EQ(captures(), 0);
  EXPECT_OK(model.train(batch, batch));
  EXPECT_EQ(launches(), 8);
  EXPECT_EQ(captures(), 1);
  EXPECT_EQ(replays(), 1);
  EXPECT_OK(model.train(batch, batch));
  EXPECT_EQ(launches(), 12);
  EXPECT_EQ(captures(), 2);
  for (int i = 0; i < 10; ++i)
    EXPECT_OK(model.train(batch, batch));
  EXPECT_EQ(launches(), 12);
  EXPECT_EQ(captures(), 2);
  EXPECT_EQ(replays(), 12);
  EXPECT_EQ(fake.live["graph"], 0);
  EXPECT_EQ(fake.live["graph exec"], 2);

  // A graph does the same, in the same order, as the launches.
  EXPECT_OK(tensorc_rt_cuda_synchronize(model.model));
  Names names = workOf(fake), steps;
  std::copy_if(names.begin(), names.end(), std::back_inserter(steps),
               [](const std::string &name) {
                 return fakeDriver()->kernels.count(name);
               });
  ASSERT_EQ(steps.size(), 13u * 4);
  for (std::size_t i = 0; i < steps.size(); i += 4)
    EXPECT_EQ(Names(steps.begin() + i, steps.begin() + i + 4),
              (Names{"check", "step", "add", "add"}));
}

TEST_F(ReplayTest, LargerWorkspaceIsCapturedAgain) {
  OpenModel model(toy);
  ASSERT_OK(model.status);
  Reference reference;
  Values batch = numbers(1), biased, shifted, twice;
  auto step = [&] {
    reference.train(batch);
    ASSERT_OK(model.train(batch, batch, biased, shifted));
    EXPECT_EQ(shifted, reference.plus(toy.constants));
  };
  for (int i = 0; i < 4; ++i)
    step();
  EXPECT_EQ(fake.countCalls("cuStreamBeginCapture_v2"), 2);
  EXPECT_OK(model.infer(twice)); // the workspace moves
  for (int i = 0; i < 4; ++i)
    step();
  EXPECT_EQ(fake.countCalls("cuStreamBeginCapture_v2"), 4);
}

TEST_F(ReplayTest, StepsDontWait) {
  OpenModel model(toy);
  ASSERT_OK(model.status);
  Values batch = numbers(1);
  fake.executed.clear();
  int waits = fake.countCalls("cuStreamSynchronize");
  EXPECT_OK(model.train(batch, batch));
  EXPECT_OK(model.train(batch, batch));
  EXPECT_EQ(fake.countCalls("cuStreamSynchronize"), waits);
  EXPECT_TRUE(fake.executed.empty());
  // From the third step on, a batch waits until its staging memory is free.
  EXPECT_OK(model.train(batch, batch));
  EXPECT_EQ(fake.countCalls("cuStreamSynchronize"), waits);
  EXPECT_OK(tensorc_rt_cuda_synchronize(model.model));
}

TEST_F(ReplayTest, BatchesAreUploadedWhileTheLastStepRuns) {
  // Whether the second upload comes before the first step is up to the
  // schedule: both must happen.
  bool before = false, after = false;
  for (unsigned seed = 0; seed < 30; ++seed) {
    OpenModel model(toy);
    ASSERT_OK(model.status);
    fake.random.seed(seed);
    fake.executed.clear();
    Values batch = numbers(seed), other = numbers(seed + 1), values;
    EXPECT_OK(model.train(batch, batch));
    EXPECT_OK(model.train(other, other));
    EXPECT_OK(model.read(values));
    Reference reference;
    reference.train(batch);
    reference.train(other);
    EXPECT_EQ(values, reference.values);
    Names names = workOf(fake);
    auto second = std::find(std::find(names.begin(), names.end(), "upload") + 1,
                            names.end(), "upload");
    bool early = second < std::find(names.begin(), names.end(), "step");
    (early ? before : after) = true;
  }
  EXPECT_TRUE(before);
  EXPECT_TRUE(after);
}

TEST_F(ReplayTest, OutputsComeBackOnlyWhenAskedFor) {
  OpenModel model(toy);
  ASSERT_OK(model.status);
  Values batch = numbers(1), out(kCount);
  fake.executed.clear();
  for (int i = 0; i < 5; ++i)
    EXPECT_OK(model.train(batch, batch));
  void *nothing[] = {nullptr, nullptr};
  const void *inputs[] = {batch.data(), batch.data()};
  EXPECT_OK(tensorc_rt_cuda_run(model.model, 0, inputs, nothing));
  EXPECT_EQ(fake.countCalls("cuMemcpyDtoHAsync_v2"), 0);
  // One output, and the status word.
  EXPECT_OK(tensorc_rt_cuda_read_output(model.model, 0, 1, out.data()));
  EXPECT_EQ(fake.countCalls("cuMemcpyDtoHAsync_v2"), 2);
}

TEST_F(ReplayTest, LaunchesAreAsDescribed) {
  toy.trainLaunches[1].shared_bytes = 100 << 10;
  OpenModel model(toy);
  ASSERT_OK(model.status);
  Values batch = numbers(1);
  EXPECT_OK(model.train(batch, batch));
  EXPECT_OK(tensorc_rt_cuda_synchronize(model.model));
  ASSERT_EQ(fake.launches.size(), 4u);
  const FakeLaunch &check = fake.launches[0], &step = fake.launches[1];
  EXPECT_EQ(check.grid[0], 1u);
  EXPECT_EQ(check.block[0], 1u);
  EXPECT_EQ(step.grid[0], 8u);
  EXPECT_EQ(step.block[0], 128u);
  EXPECT_EQ(step.sharedBytes, 100u << 10);
  EXPECT_EQ(step.cluster[0], 0u);
  EXPECT_EQ(step.arguments.size(), 4u);
  EXPECT_EQ(step.arguments[0] % TENSORC_CUDA_ALIGNMENT, 0u);
  EXPECT_EQ(step.arguments[2] % TENSORC_CUDA_ALIGNMENT, 64u);
  EXPECT_EQ(step.arguments[3], kCount);
}

TEST_F(ReplayTest, RefusedLaunchNamesTheKernel) {
  toy.trainLaunches[2].shared_bytes = 300 << 10;
  OpenModel model(toy);
  ASSERT_OK(model.status);
  Values batch = numbers(1);
  EXPECT_EQ(model.train(batch, batch), TENSORC_ERROR_DEVICE);
  EXPECT_EQ(words(),
            "model `toy`, kernel `add` (307200 bytes of shared memory): CUDA "
            "device 0 (`Fake`): `cuFuncSetAttribute` failed: "
            "CUDA_ERROR_INVALID_VALUE (as told)");
}

TEST_F(ReplayTest, Clusters) {
  toy.trainLaunches[1].cluster[0] = 2;
  OpenModel model(toy);
  ASSERT_OK(model.status);
  Values batch = numbers(1);
  std::int32_t status = model.train(batch, batch);
#if defined(FAKE_CUDA_OLD)
  EXPECT_EQ(status, TENSORC_ERROR_NO_DEVICE);
  EXPECT_EQ(words(),
            "`toy_train`, kernel `step`: the driver is too old: it has "
            "no `cuLaunchKernelEx`");
#else
  EXPECT_EQ(status, TENSORC_OK);
  EXPECT_EQ(fake.countCalls("cuLaunchKernelEx"), 1);
  EXPECT_OK(tensorc_rt_cuda_synchronize(model.model));
  EXPECT_EQ(fake.launches[1].cluster[0], 2u);
  EXPECT_EQ(fake.launches[1].cluster[1], 1u);
  EXPECT_EQ(fake.launches[1].grid[0], 8u);
#endif
}
