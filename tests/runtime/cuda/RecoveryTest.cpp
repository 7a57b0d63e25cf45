//===- RecoveryTest.cpp - Out of memory and back, real or fake ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/device/cuda/SharedDevice.h"
#include "tests/runtime/cuda/CudaTest.h"

using namespace tensorc::rt::cuda;

namespace {

class RecoveryTest : public CudaTest {
protected:
  void SetUp() override {
    CudaTest::SetUp();
    if (IsSkipped())
      return;
    if (FakeDriver *fake = fakeDriver())
      fake->memoryBytes = 12 << 20; // filled a hundred times
    ASSERT_OK(tensorc_rt_cuda_device_open(0, &device));
    ASSERT_OK(SharedDevice::acquire(0, shared));
  }
  void TearDown() override {
    if (shared)
      shared->release();
    tensorc_rt_cuda_device_close(device);
    CudaTest::TearDown();
  }

  /// What the driver has left for anyone.
  std::uint64_t freeBytes() {
    Current current(*shared);
    std::size_t available = 0, total = 0;
    EXPECT_EQ(api().memGetInfo(&available, &total), kSuccess);
    return available;
  }
  tensorc_cuda_memory memory() {
    tensorc_cuda_memory memory;
    tensorc_rt_cuda_memory(device, &memory);
    return memory;
  }
  /// Takes memory in ever smaller pieces, until there isn't room for a byte.
  std::vector<std::uint64_t> takeAll() {
    std::vector<std::uint64_t> taken;
    for (std::uint64_t bytes = freeBytes(); bytes > 0;) {
      std::uint64_t address = 0;
      std::int32_t status = tensorc_rt_cuda_alloc(device, bytes, &address);
      if (status) {
        EXPECT_EQ(status, TENSORC_ERROR_DEVICE_OUT_OF_MEMORY) << words();
        bytes /= 2;
        continue;
      }
      taken.push_back(address);
    }
    return taken;
  }

  static constexpr std::uint64_t kPage = 2 << 20;
  tensorc_cuda_device *device = nullptr;
  SharedDevice *shared = nullptr;
};

} // namespace

TEST_F(RecoveryTest, OutOfMemoryAHundredTimesLeaksNothing) {
  // What the driver keeps for itself is there after the first time.
  std::uint64_t available = 0;
  for (int i = 0; i <= 100; ++i) {
    OpenModel model(toy);
    ASSERT_OK(model.status);
    Values batch = numbers(1), bias = numbers(2), biased, shifted;
    ASSERT_OK(model.train(batch, bias, biased, shifted));
    Reference reference;
    reference.train(batch);

    std::vector<std::uint64_t> taken = takeAll();
    ASSERT_FALSE(taken.empty());
    // Another function needs a larger workspace: there is no room for it now.
    Values twice;
    ASSERT_EQ(model.infer(twice), TENSORC_ERROR_DEVICE_OUT_OF_MEMORY)
        << words();
    OpenModel other(toy);
    ASSERT_EQ(other.status, TENSORC_ERROR_DEVICE_OUT_OF_MEMORY) << words();

    for (std::uint64_t address : taken)
      ASSERT_OK(tensorc_rt_cuda_free(device, address));
    // The same call works, on the state as it was.
    ASSERT_OK(model.infer(twice));
    ASSERT_EQ(twice, reference.plus(toy.constants, 2));
    model.close();
    ASSERT_EQ(memory().in_use, 0u) << "time " << i;
    ASSERT_OK(tensorc_rt_cuda_empty_cache(device));
    ASSERT_EQ(memory().reserved, 0u) << "time " << i;
    if (i == 0)
      available = freeBytes();
    // The driver's own needs may cost another of its pages once, not each time.
    ASSERT_GE(freeBytes() + kPage, available) << "time " << i;
  }
}
