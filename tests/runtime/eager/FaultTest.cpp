//===- FaultTest.cpp - Eager mode when the driver refuses -----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/device/cuda/Queue.h"
#include "tensorc/tensorc.h"
#include "tests/runtime/eager/EmulatedDevice.h"

#include <gtest/gtest.h>
#include <thread>

using namespace tensorc;
using namespace tensorc::test;
namespace driver = tensorc::rt::cuda;

namespace {

using Values = std::vector<double>;

class EagerFaultTest : public testing::Test {
protected:
  void SetUp() override { reset_fake_driver(); }
  void TearDown() override {
    close();
    for (const std::string &violation : fake.violations)
      ADD_FAILURE() << violation;
  }

  /// Gives everything back. No tensor may be on the device.
  void close() {
    cuda::Queue::close_idle();
    EXPECT_TRUE(fake.nothingLive()) << fake.failed << ": left behind";
  }
  template <typename Failure>
  void fail_each_call(driver::Result result, int times = 1);

  FakeDriver &fake = fake_driver();
};

/// Some of everything.
void scenario() {
  Tensor x = tensor({{1.0, 2.0}, {3.0, 4.0}}, "cuda").requires_grad_();
  Tensor classes = tensor({0, 1}, "cuda");
  Tensor loss = nn::functional::cross_entropy(matmul(x, x.t()), classes);
  loss.backward();
  Tensor row = x.detach()[0];
  row += 1;
  EXPECT_EQ(row.to_vector(), (Values{2, 3}));
  cuda::synchronize();
  EXPECT_EQ(x.grad().cpu().numel(), 4);
  cuda::empty_cache();
}

/// Fails the first call, the second, and so on, to the last.
template <typename Failure>
void EagerFaultTest::fail_each_call(driver::Result result, int times) {
  int calls = 0, failures = 0;
  for (bool struck = true; struck; ++calls) {
    fake.failCountdown = calls;
    fake.failTimes = times;
    fake.failWith = result;
    fake.failed.clear();
    fake.reclaimed = 0;
    try {
      scenario();
    } catch (const Error &error) {
      ++failures;
      ASSERT_TRUE(error.location()) << error.what();
      EXPECT_TRUE(
          std::string(error.location()->file_name()).ends_with("FaultTest.cpp"))
          << error.what();
      // Outside a context nothing is fatal, and memory isn't the question.
      EXPECT_TRUE(dynamic_cast<const Failure *>(&error) ||
                  fake.failed.starts_with("cuDevice") ||
                  fake.failed.starts_with("cuDriver") ||
                  fake.failed == "cuInit")
          << fake.failed << ": " << error.what();
    }
    struck = !fake.failed.empty();
    fake.failCountdown = -1;
    close();
    if (fake.failed != "cuMemFree_v2" && fake.failed != "cuCtxPushCurrent_v2") {
      ASSERT_EQ(fake.reclaimed, 0) << "call " << calls << ", " << fake.failed;
    }
    // Then all is well again.
    scenario();
    close();
    ASSERT_FALSE(HasFailure()) << "call " << calls << ", " << fake.failed;
  }
  EXPECT_GT(calls, 100);
  EXPECT_GT(failures, 50);
}

TEST_F(EagerFaultTest, EachCallRefused) {
  fail_each_call<Error>(driver::kUnknown);
}

TEST_F(EagerFaultTest, EachCallOutOfMemory) {
  fail_each_call<OutOfMemoryError>(driver::kOutOfMemory, 1000);
}

TEST_F(EagerFaultTest, EachCallFatal) {
  fail_each_call<DeviceLostError>(driver::kLaunchFailed);
}

TEST_F(EagerFaultTest, ALostDeviceIsOpenedAfreshWhenNoTensorIsOnIt) {
  {
    Tensor x = ones({2}, "cuda");
    fake.crashingKernel = "copy_i32";
    Tensor y = x + 1;
    EXPECT_THROW(y.item(), Error);
    fake.crashingKernel.clear();
    EXPECT_THROW(cuda::synchronize(), DeviceLostError);
    EXPECT_THROW(zeros({2}, "cuda"), DeviceLostError);
    EXPECT_THROW(x.to_vector(), DeviceLostError);
    EXPECT_EQ(ones({2}).to_vector(), (Values{1, 1})) << "the CPU goes on";
  }
  EXPECT_EQ(ones({2}, "cuda").to_vector(), (Values{1, 1}));
}

TEST_F(EagerFaultTest, WorkIsQueuedNotWaitedFor) {
  Tensor x = ones({2}, "cuda");
  Tensor y = (x + x) * x;
  EXPECT_EQ(fake.countCalls("cuStreamSynchronize"), 0);
  EXPECT_EQ(fake.countCalls("cuEventSynchronize"), 0);
  EXPECT_EQ(y.to_vector(), (Values{2, 2}));
  EXPECT_EQ(fake.countCalls("cuStreamSynchronize"), 1);
}

TEST_F(EagerFaultTest, KernelsAreLoadedWhenFirstRun) {
  Tensor x = ones({2}, "cuda");
  int before = fake.countCalls("cuLibraryLoadData");
  x + x;
  EXPECT_EQ(fake.countCalls("cuLibraryLoadData"), before + 1);
  x + x;
  EXPECT_EQ(fake.countCalls("cuLibraryLoadData"), before + 1);
}

TEST_F(EagerFaultTest, TwoDevices) {
  fake.devices = 2;
  Tensor first = tensor({{1, 2}, {3, 4}}, "cuda");
  Tensor second = first.t().to("cuda:1");
  EXPECT_EQ(second.device().str(), "cuda:1");
  EXPECT_EQ((second + second).to_vector(), (Values{2, 6, 4, 8}));
  first[0].copy_(second[1]);
  EXPECT_EQ(first.to_vector(), (Values{2, 4, 3, 4}));
  EXPECT_GT(cuda::memory_allocated("cuda:1"), 0u);
  try {
    first + second;
    ADD_FAILURE();
  } catch (const Error &error) {
    EXPECT_EQ(error.message(), "[add] expected operands on one device, "
                               "received cuda:0 and cuda:1");
  }
}

TEST_F(EagerFaultTest, ThreadsShareADevice) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([i] {
      Tensor total = zeros({100}, "cuda");
      for (int step = 0; step < 50; ++step)
        total = total + full({100}, i, {kFloat32, "cuda"});
      EXPECT_EQ(total.to_vector(), Values(100, 50 * i));
    });
  for (std::thread &thread : threads)
    thread.join();
}

TEST_F(EagerFaultTest, OtherDevicesHaveNoCode) {
  fake.sm = 75;
  Tensor x = zeros({2}, "cuda");
  try {
    x + x;
    ADD_FAILURE();
  } catch (const Error &error) {
    EXPECT_NE(error.message().find("sm_75"), std::string::npos)
        << error.message();
  }
}

} // namespace
