//===- ModelTest.cpp - Models on a device, real or fake -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/cuda/CudaTest.h"

#include <algorithm>
#include <cstdlib>
#include <thread>

namespace {

class ModelTest : public CudaTest {};

/// Steps, state and outputs in a random order are what they'd be one by one.
void runRandomly(OpenModel &model, const TestProgram &toy, unsigned seed,
                 int steps) {
  std::mt19937 random(seed);
  Reference reference;
  Values bias, batch, biased, shifted, values;
  bool ran = false;
  for (int i = 0; i < steps; ++i) {
    switch (random() % 8) {
    case 0:
      ASSERT_OK(model.read(values));
      ASSERT_EQ(values, reference.values);
      break;
    case 1:
      reference.values = numbers(random());
      ASSERT_OK(model.write(reference.values));
      break;
    case 2:
      ASSERT_OK(model.infer(values));
      ASSERT_EQ(values, reference.plus(toy.constants, 2));
      break;
    case 3:
      if (!ran)
        break;
      biased.assign(kCount, 0);
      ASSERT_OK(tensorc_rt_cuda_read_output(model.model, TestProgram::kTrain, 0,
                                            biased.data()));
      break;
    case 4:
      batch = numbers(random());
      bias = numbers(random());
      reference.train(batch);
      ran = true;
      ASSERT_OK(model.train(batch, bias, biased, shifted));
      ASSERT_EQ(biased, reference.plus(bias));
      ASSERT_EQ(shifted, reference.plus(toy.constants));
      break;
    default:
      batch = numbers(random());
      bias = numbers(random());
      reference.train(batch);
      ran = true;
      ASSERT_OK(model.train(batch, bias));
      // The caller's memory is its own again.
      batch.assign(kCount, 7);
      break;
    }
  }
  ASSERT_OK(model.read(values));
  ASSERT_EQ(values, reference.values);
}

} // namespace

TEST_F(ModelTest, RunsAsOneByOne) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    OpenModel model(toy);
    ASSERT_OK(model.status);
    runRandomly(model, toy, seed, 60);
    ASSERT_FALSE(HasFatalFailure());
  }
}

TEST_F(ModelTest, RunsWithoutGraphs) {
  setenv("TENSORC_CUDA_GRAPHS", "0", 1);
  OpenModel model(toy);
  unsetenv("TENSORC_CUDA_GRAPHS");
  ASSERT_OK(model.status);
  runRandomly(model, toy, 1, 60);
  if (FakeDriver *fake = fakeDriver()) {
    EXPECT_EQ(fake->countCalls("cuGraphLaunch"), 0);
    EXPECT_EQ(fake->countCalls("cuStreamBeginCapture_v2"), 0);
  }
}

TEST_F(ModelTest, ModelsOnDistinctThreads) {
  std::vector<std::thread> threads;
  for (unsigned seed = 0; seed < 4; ++seed)
    threads.emplace_back([&, seed] {
      for (int i = 0; i < 5; ++i) {
        OpenModel model(toy);
        ASSERT_OK(model.status);
        runRandomly(model, toy, seed, 20);
      }
    });
  for (std::thread &thread : threads)
    thread.join();
}

TEST_F(ModelTest, StateStartsAsZeros) {
  OpenModel model(toy);
  ASSERT_OK(model.status);
  Values values(kCount, 1);
  EXPECT_OK(model.read(values));
  EXPECT_EQ(values, Values(kCount));
}

TEST_F(ModelTest, PartsOfTheState) {
  OpenModel model(toy);
  ASSERT_OK(model.status);
  std::uint32_t part[3] = {1, 2, 3}, back[5] = {};
  EXPECT_OK(tensorc_rt_cuda_write_state(model.model, 8, sizeof(part), part));
  EXPECT_OK(tensorc_rt_cuda_read_state(model.model, 4, sizeof(back), back));
  EXPECT_EQ(std::vector(back, back + 5),
            (std::vector<std::uint32_t>{0, 1, 2, 3, 0}));
  EXPECT_OK(
      tensorc_rt_cuda_read_state(model.model, TestProgram::kBytes, 0, nullptr));
}

TEST_F(ModelTest, LargeStateTravelsInParts) {
  constexpr std::size_t kLarge = (std::size_t(5) << 20) / 4 + 3;
  toy.model.state_bytes = kLarge * 4;
  OpenModel model(toy);
  ASSERT_OK(model.status);
  std::mt19937 random(3);
  Values values(kLarge), back(kLarge);
  for (std::uint32_t &value : values)
    value = random();
  EXPECT_OK(
      tensorc_rt_cuda_write_state(model.model, 0, kLarge * 4, values.data()));
  EXPECT_OK(
      tensorc_rt_cuda_read_state(model.model, 0, kLarge * 4, back.data()));
  EXPECT_TRUE(values == back);
}

TEST_F(ModelTest, IndexErrorIsReportedOnceByWhoWaits) {
  OpenModel model(toy);
  ASSERT_OK(model.status);
  Values bad = numbers(1), good = numbers(2), out, rest;
  bad[0] = 0xffffffff;
  EXPECT_OK(model.train(good, good));
  EXPECT_OK(model.train(bad, good)); // doesn't wait
  EXPECT_OK(model.train(good, good));
  EXPECT_EQ(tensorc_rt_cuda_synchronize(model.model),
            TENSORC_ERROR_INDEX_OUT_OF_RANGE);
  EXPECT_EQ(words(), "`toy_train`: an index or label is out of range");
  EXPECT_OK(tensorc_rt_cuda_synchronize(model.model));
  EXPECT_EQ(model.train(bad, good, out, rest),
            TENSORC_ERROR_INDEX_OUT_OF_RANGE);
  EXPECT_OK(model.train(good, good, out, rest));
}

TEST_F(ModelTest, IndexErrorsOfTwoFunctionsAreBothReported) {
  // `infer` checks the values, as `train` checks its batch.
  tensorc_cuda_argument arguments[] = {{TENSORC_CUDA_STATE, 0, 0},
                                       {TENSORC_CUDA_STATUS, 0, 0}};
  toy.inferLaunches[0] = toy.trainLaunches[0];
  toy.inferLaunches[0].arguments = arguments;
  OpenModel model(toy);
  ASSERT_OK(model.status);
  Values bad = numbers(1);
  bad[0] = 0xffffffff;
  auto infer = [&] {
    return tensorc_rt_cuda_run(model.model, TestProgram::kInfer, nullptr,
                               nullptr);
  };
  auto failure = [&] {
    return tensorc_rt_cuda_synchronize(model.model) ? words() : "none";
  };
  const std::string train = "`toy_train`: an index or label is out of range",
                    other = "`toy_infer`: an index or label is out of range";
  for (bool train_first : {true, false}) {
    ASSERT_OK(model.write(bad));
    EXPECT_OK(train_first ? model.train(bad, bad) : infer());
    ASSERT_OK(model.write(bad));
    EXPECT_OK(train_first ? infer() : model.train(bad, bad));
    std::string first = failure(), second = failure();
    EXPECT_EQ(std::min(first, second), other);
    EXPECT_EQ(std::max(first, second), train);
    EXPECT_EQ(failure(), "none");
  }
}

TEST_F(ModelTest, IndexErrorHasTheWordsOfItsCheck) {
  FakeDriver *fake = fakeDriver();
  if (!fake)
    GTEST_SKIP() << "needs a kernel that the test's PTX doesn't have";
  std::int32_t number = 2;
  fake->kernels["check"] = [&](const FakeLaunch &launch) {
    *reinterpret_cast<std::int32_t *>(launch.arguments[1]) =
        TENSORC_ERROR_INDEX_OUT_OF_RANGE + number * TENSORC_CUDA_CHECK_UNIT;
  };
  const char *checks[] = {"first", "second"};
  toy.program.checks = checks;
  toy.program.check_count = 2;
  Values batch = numbers(1), out, rest;
  {
    OpenModel model(toy);
    ASSERT_OK(model.status);
    EXPECT_EQ(model.train(batch, batch, out, rest),
              TENSORC_ERROR_INDEX_OUT_OF_RANGE);
    EXPECT_EQ(words(), "`toy_train`: second");
    number = 3; // there is none of that number
    EXPECT_EQ(model.train(batch, batch, out, rest),
              TENSORC_ERROR_INDEX_OUT_OF_RANGE);
    EXPECT_EQ(words(), "`toy_train`: an index or label is out of range");
  }
}

TEST_F(ModelTest, OutputsThatAreNotWanted) {
  OpenModel model(toy);
  ASSERT_OK(model.status);
  Values batch = numbers(1), shifted(kCount);
  const void *inputs[] = {batch.data(), batch.data()};
  void *outputs[] = {nullptr, shifted.data()};
  EXPECT_OK(tensorc_rt_cuda_run(model.model, 0, inputs, outputs));
  Reference reference;
  reference.train(batch);
  EXPECT_EQ(shifted, reference.plus(toy.constants));
}

TEST_F(ModelTest, ArgumentErrors) {
  EXPECT_EQ(tensorc_rt_cuda_open(&toy.program, 0, nullptr),
            TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(words(), "the place for the model is a null pointer");
  tensorc_rt_cuda_close(nullptr);
  EXPECT_EQ(tensorc_rt_cuda_synchronize(nullptr),
            TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(words(), "the model is a null pointer");
  EXPECT_EQ(tensorc_rt_cuda_find_function(&toy.program, "infer"), 1);
  EXPECT_EQ(tensorc_rt_cuda_find_function(&toy.program, "inf"), -1);

  OpenModel model(toy);
  ASSERT_OK(model.status);
  EXPECT_EQ(tensorc_rt_cuda_run(model.model, 2, nullptr, nullptr),
            TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(words(), "model `toy` has 2 functions, no function 2");
  EXPECT_EQ(tensorc_rt_cuda_run(model.model, -1, nullptr, nullptr),
            TENSORC_ERROR_INVALID_ARGUMENT);
  Values values = numbers(1);
  const void *inputs[] = {values.data(), nullptr};
  EXPECT_EQ(tensorc_rt_cuda_run(model.model, 0, inputs, nullptr),
            TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(words(), "toy_train: `bias` is null");
  EXPECT_EQ(tensorc_rt_cuda_read_output(model.model, 0, 0, values.data()),
            TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(words(), "`toy_train` has not run yet");
  EXPECT_EQ(tensorc_rt_cuda_read_output(model.model, 0, 2, values.data()),
            TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(words(), "`toy_train` has 2 outputs, no output 2");
  EXPECT_EQ(tensorc_rt_cuda_read_output(model.model, 0, 0, nullptr),
            TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(words(), "the destination is a null pointer");
  EXPECT_EQ(tensorc_rt_cuda_read_state(model.model, 1, TestProgram::kBytes,
                                       values.data()),
            TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(words(),
            "model `toy` has 4000 bytes of state, received 4000 bytes at 1");
  EXPECT_EQ(tensorc_rt_cuda_write_state(model.model, ~0ull, 2, values.data()),
            TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(tensorc_rt_cuda_write_state(model.model, 0, 4, nullptr),
            TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(words(), "the memory is a null pointer");
  inputs[1] = values.data();
  Values out(2 * kCount - 1);
  void *outputs[] = {out.data() + kCount - 1, out.data()};
  EXPECT_EQ(tensorc_rt_cuda_run(model.model, 0, inputs, outputs),
            TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(words(), "toy_train: `shifted` overlaps `biased`, expected memory "
                     "of its own for what the function writes to");
  // Inputs are read before outputs are written.
  Values place = numbers(1);
  inputs[0] = outputs[0] = place.data();
  EXPECT_OK(tensorc_rt_cuda_run(model.model, 0, inputs, outputs));
}

TEST_F(ModelTest, NoSuchDevice) {
  std::int32_t count = 0;
  ASSERT_OK(tensorc_rt_cuda_device_count(&count));
  OpenModel model(toy, count);
  EXPECT_EQ(model.status, TENSORC_ERROR_NO_DEVICE);
  EXPECT_EQ(words(), "no CUDA device " + std::to_string(count) + ": there " +
                         (count == 1 ? "is " : "are ") + std::to_string(count));
}
