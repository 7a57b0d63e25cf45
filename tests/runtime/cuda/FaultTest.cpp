//===- FaultTest.cpp - When the driver refuses ----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/cuda/CudaTest.h"

namespace cuda = tensorc::rt::cuda;

namespace {

class FaultTest : public FakeCudaTest {
protected:
  /// Some of everything, each once in each way. Stops at the first failure.
  std::int32_t scenario(OpenModel &model);
  /// That a model which was through a failure computes the right thing.
  void expectUsable(OpenModel &model);
  void failEachCall(cuda::Result result, std::int32_t expected, int times = 1);
};

std::int32_t FaultTest::scenario(OpenModel &model) {
  if (model.status)
    return model.status;
  Values out, other;
  if (std::int32_t status = model.write(numbers(1)))
    return status;
  for (std::uint32_t i = 0; i < 5; ++i)
    if (std::int32_t status = model.train(numbers(i), numbers(i + 1)))
      return status;
  if (std::int32_t status = model.infer(out))
    return status;
  if (std::int32_t status = model.train(numbers(6), numbers(7), out, other))
    return status;
  if (std::int32_t status = tensorc_rt_cuda_read_output(
          model.model, TestProgram::kTrain, 1, out.data()))
    return status;
  return model.read(out);
}

void FaultTest::expectUsable(OpenModel &model) {
  Reference reference;
  reference.values = numbers(100);
  Values out, other, batch = numbers(101);
  ASSERT_OK(model.write(reference.values));
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK(model.train(batch, batch));
    reference.train(batch);
  }
  ASSERT_OK(model.infer(out));
  ASSERT_EQ(out, reference.plus(toy.constants, 2));
  ASSERT_OK(model.train(batch, batch, out, other));
  reference.train(batch);
  ASSERT_EQ(out, reference.plus(batch));
  ASSERT_OK(model.read(out));
  ASSERT_EQ(out, reference.values);
}

/// Fails the first call, the second, and so on, to the last.
void FaultTest::failEachCall(cuda::Result result, std::int32_t expected,
                             int times) {
  bool struck = true;
  int failures = 0, calls = 0;
  for (; struck; ++calls) {
    fake.failCountdown = calls;
    fake.failTimes = times;
    fake.failWith = result;
    fake.failed.clear();
    fake.reclaimed = 0;
    {
      OpenModel model(toy);
      std::int32_t status = scenario(model);
      std::string words = tensorc_rt_last_error();
      struck = !fake.failed.empty();
      if (status) {
        ++failures;
        EXPECT_TRUE(struck);
        EXPECT_TRUE(
            status == expected ||
            // About memory of the host, and about there being none.
            status == TENSORC_ERROR_OUT_OF_MEMORY ||
            (fake.failed == "cuInit" && status == TENSORC_ERROR_NO_DEVICE) ||
            // Outside a context, nothing is fatal; in the midst of a
            // step, lack of memory is no longer nothing.
            status == TENSORC_ERROR_DEVICE)
            << fake.failed << ": " << status;
        EXPECT_TRUE(words.find("`" + fake.failed + "`") != words.npos ||
                    words.find("can't allocate") != words.npos ||
                    words.find("can't make a context") != words.npos)
            << "call " << calls << ", " << fake.failed << ": " << words;
      }
      fake.failCountdown = -1;
      if (model.model && expected == TENSORC_ERROR_DEVICE_LOST) {
        if (status == TENSORC_ERROR_DEVICE_LOST) {
          EXPECT_EQ(model.write(numbers(1)), TENSORC_ERROR_DEVICE_LOST);
        }
      } else if (model.model && fake.failed != "cuCtxPopCurrent_v2") {
        expectUsable(model);
      }
      model.close();
      ASSERT_FALSE(HasFatalFailure()) << "call " << calls;
    }
    ASSERT_TRUE(fake.nothingLive())
        << "call " << calls << ", " << fake.failed << ": left behind";
    if (fake.failed != "cuMemFree_v2" && fake.failed != "cuCtxPushCurrent_v2") {
      ASSERT_EQ(fake.reclaimed, 0) << "call " << calls << ", " << fake.failed;
    }
    OpenModel fresh(toy);
    ASSERT_OK(fresh.status);
    expectUsable(fresh);
    ASSERT_FALSE(HasFatalFailure()) << "call " << calls << ", " << fake.failed;
  }
  EXPECT_GT(calls, 120);
  EXPECT_GT(failures, times == 1 && result == cuda::kOutOfMemory ? 50 : 80);
}

} // namespace

TEST_F(FaultTest, EachCallRefused) {
  failEachCall(cuda::kUnknown, TENSORC_ERROR_DEVICE);
}

TEST_F(FaultTest, EachCallOutOfMemory) {
  failEachCall(cuda::kOutOfMemory, TENSORC_ERROR_DEVICE_OUT_OF_MEMORY);
}

TEST_F(FaultTest, EachCallOutOfMemoryAgainAndAgain) {
  failEachCall(cuda::kOutOfMemory, TENSORC_ERROR_DEVICE_OUT_OF_MEMORY, 1000);
}

TEST_F(FaultTest, EachCallFatal) {
  failEachCall(cuda::kLaunchFailed, TENSORC_ERROR_DEVICE_LOST);
}

TEST_F(FaultTest, ClosingWithFailures) {
  bool struck = true;
  int calls = 0;
  for (; struck; ++calls) {
    OpenModel model(toy);
    ASSERT_OK(scenario(model));
    fake.failed.clear();
    fake.failCountdown = calls;
    model.close();
    struck = !fake.failed.empty();
    fake.failCountdown = -1;
    ASSERT_TRUE(fake.nothingLive()) << "call " << calls << ", " << fake.failed;
  }
  EXPECT_GT(calls, 20);
}

TEST_F(FaultTest, LostDeviceStaysLostUntilAllIsClosed) {
  OpenModel one(toy), other(toy);
  ASSERT_OK(one.status);
  ASSERT_OK(other.status);
  Values batch = numbers(1), out;
  EXPECT_OK(other.train(batch, batch));
  fake.crashingKernel = "step";
  EXPECT_OK(one.train(batch, batch)); // the failure comes later
  EXPECT_EQ(tensorc_rt_cuda_synchronize(one.model), TENSORC_ERROR_DEVICE_LOST);
  std::string lost = "CUDA device 0 (`Fake`) is lost until all that is open on "
                     "it is closed: `cuStreamSynchronize` failed: "
                     "CUDA_ERROR_LAUNCH_FAILED (unspecified launch failure)";
  EXPECT_EQ(words(), lost);
  fake.crashingKernel.clear();
  std::size_t calls = fake.calls.size();
  for (OpenModel *model : {&one, &other}) {
    EXPECT_EQ(model->train(batch, batch), TENSORC_ERROR_DEVICE_LOST);
    EXPECT_EQ(words(), lost);
    EXPECT_EQ(model->infer(out), TENSORC_ERROR_DEVICE_LOST);
    EXPECT_EQ(model->read(out), TENSORC_ERROR_DEVICE_LOST);
    EXPECT_EQ(model->write(batch), TENSORC_ERROR_DEVICE_LOST);
    EXPECT_EQ(tensorc_rt_cuda_synchronize(model->model),
              TENSORC_ERROR_DEVICE_LOST);
  }
  // The driver is bothered no more, but for making the context current.
  for (; calls < fake.calls.size(); ++calls)
    EXPECT_EQ(fake.calls[calls].find("cuCtxP"), 0u) << fake.calls[calls];
  EXPECT_EQ(OpenModel(toy).status, TENSORC_ERROR_DEVICE_LOST);
  one.close();
  EXPECT_EQ(OpenModel(toy).status, TENSORC_ERROR_DEVICE_LOST);
  other.close();
  EXPECT_TRUE(fake.nothingLive());
  OpenModel fresh(toy);
  ASSERT_OK(fresh.status);
  expectUsable(fresh);
}

TEST_F(FaultTest, BusyDevice) {
  fake.failOnly = "cuDevicePrimaryCtxRetain";
  fake.failCountdown = 0;
  fake.failWith = cuda::kDeviceUnavailable;
  EXPECT_EQ(OpenModel(toy).status, TENSORC_ERROR_NO_DEVICE);
  EXPECT_EQ(words(), "CUDA device 0 (`Fake`): can't make a context: "
                     "CUDA_ERROR_DEVICE_UNAVAILABLE (as told)");
}

TEST_F(FaultTest, UnknownErrorHasItsNumber) {
  OpenModel model(toy);
  ASSERT_OK(model.status);
  fake.failOnly = "cuStreamSynchronize";
  fake.failCountdown = 0;
  fake.failWith = 12345;
  EXPECT_EQ(tensorc_rt_cuda_synchronize(model.model), TENSORC_ERROR_DEVICE);
  EXPECT_EQ(words(), "CUDA device 0 (`Fake`): `cuStreamSynchronize` failed: "
                     "CUDA error 12345");
}

TEST_F(FaultTest, OutOfMemoryInTheMidstOfAStep) {
  OpenModel model(toy);
  ASSERT_OK(model.status);
  Values batch = numbers(1), values;
  auto fail = [&](int launch, int times) {
    fake.failOnly = "cuLaunchKernel";
    fake.failCountdown = launch;
    fake.failTimes = times;
    fake.failWith = cuda::kOutOfMemory;
    fake.failed.clear();
  };
  fail(0, 2);
  EXPECT_EQ(model.train(batch, batch), TENSORC_ERROR_DEVICE_OUT_OF_MEMORY);
  EXPECT_EQ(words(), "`toy_train`, kernel `check`: CUDA device 0 (`Fake`): "
                     "`cuLaunchKernel` failed: CUDA_ERROR_OUT_OF_MEMORY (as "
                     "told)");
  EXPECT_OK(model.read(values));
  EXPECT_EQ(values, Values(kCount)) << "nothing has happened";
  fail(2, 2);
  EXPECT_EQ(model.train(batch, batch), TENSORC_ERROR_DEVICE)
      << "something has happened";
  fail(1, 1);
  EXPECT_OK(model.train(batch, batch)) << "the cache made room";
  EXPECT_EQ(fake.failed, "cuLaunchKernel");
}
