//===- PropertiesTest.cpp - tensorc::cuda ---------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/cuda.h"
#include "tensorc/error.h"
#include "tests/runtime/cuda/FakeDriver.h"

#include <cstdlib>
#include <dlfcn.h>
#include <gtest/gtest.h>

using namespace tensorc;

// One test: a driver that was loaded stays, so the order matters.
TEST(PropertiesTest, WithAndWithoutADriver) {
  setenv("TENSORC_CUDA_DRIVER", "/nowhere/libcuda.so.1", 1);
  EXPECT_FALSE(cuda::is_available());
  EXPECT_EQ(cuda::device_count(), 0);
  EXPECT_TRUE(cuda::unavailable_reason().starts_with(
      "no CUDA device: can't load the driver: /nowhere/libcuda.so.1"))
      << cuda::unavailable_reason();
  unsigned line = __LINE__ + 2;
  try {
    cuda::get_device_name();
    FAIL();
  } catch (const Error &error) {
    EXPECT_TRUE(error.message().starts_with("no CUDA device"));
    ASSERT_TRUE(error.location());
    EXPECT_EQ(error.location()->line(), line);
  }

  setenv("TENSORC_CUDA_DRIVER", FAKE_DRIVER, 1);
  void *handle = dlopen(FAKE_DRIVER, RTLD_NOW);
  ASSERT_NE(handle, nullptr);
  FakeDriver &fake =
      *reinterpret_cast<FakeDriverFunction *>(dlsym(handle, "fakecuda"))();
  fake.devices = 2;
  EXPECT_TRUE(cuda::is_available());
  EXPECT_EQ(cuda::device_count(), 2);
  EXPECT_EQ(cuda::unavailable_reason(), "");
  EXPECT_EQ(cuda::get_device_name(1), "Fake");
  cuda::DeviceProperties properties = cuda::get_device_properties();
  EXPECT_EQ(properties.major, 9);
  EXPECT_EQ(properties.minor, 0);
  EXPECT_EQ(properties.multi_processor_count, 132);
  EXPECT_EQ(properties.total_memory, fake.memoryBytes);
  try {
    cuda::get_device_properties(2);
    FAIL();
  } catch (const Error &error) {
    EXPECT_EQ(error.message(), "no CUDA device 2: there are 2");
  }
  EXPECT_EQ(fake.countCalls("cuDevicePrimaryCtxRetain"), 0)
      << "looking makes no context";
}
