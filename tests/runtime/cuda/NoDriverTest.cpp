//===- NoDriverTest.cpp - Machines without a GPU --------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// One test: a driver that was loaded stays, so the order matters.
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/cuda/CudaTest.h"

#include <cstdlib>
#include <dlfcn.h>

FakeDriver *fakeDriver() { return nullptr; }

TEST(NoDriverTest, OneClearLine) {
  TestProgram toy;
  auto expectNone = [&](const std::string &start, const std::string &end) {
    std::int32_t count = 7;
    EXPECT_EQ(tensorc_rt_cuda_device_count(&count), TENSORC_ERROR_NO_DEVICE);
    EXPECT_EQ(count, 0);
    std::string words = tensorc_rt_last_error();
    EXPECT_TRUE(words.starts_with(start)) << words;
    EXPECT_TRUE(words.ends_with(end)) << words;
    EXPECT_EQ(words.find('\n'), std::string::npos);
    tensorc_cuda_model *model;
    EXPECT_EQ(tensorc_rt_cuda_open(&toy.program, 0, &model),
              TENSORC_ERROR_NO_DEVICE);
    EXPECT_EQ(model, nullptr);
    EXPECT_EQ(tensorc_rt_last_error(), words);
    tensorc_cuda_device *device;
    EXPECT_EQ(tensorc_rt_cuda_device_open(0, &device), TENSORC_ERROR_NO_DEVICE);
    tensorc_cuda_device_info info;
    EXPECT_EQ(tensorc_rt_cuda_device_info(0, &info), TENSORC_ERROR_NO_DEVICE);
  };
  setenv("TENSORC_CUDA_DRIVER", "/nowhere/libcuda.so.1", 1);
  expectNone("no CUDA device: can't load the driver: /nowhere/libcuda.so.1:",
             "");
  setenv("TENSORC_CUDA_DRIVER", FAKE_ANCIENT, 1);
  expectNone("no CUDA device: the driver `" FAKE_ANCIENT "` is too old",
             "it has no `cuGraphInstantiateWithFlags`");

  // The driver is there, the device is not.
  setenv("TENSORC_CUDA_DRIVER", FAKE_DRIVER, 1);
  void *handle = dlopen(FAKE_DRIVER, RTLD_NOW);
  ASSERT_NE(handle, nullptr);
  FakeDriver &fake =
      *reinterpret_cast<FakeDriverFunction *>(dlsym(handle, "fakecuda"))();
  fake.initResult = tensorc::rt::cuda::kNoDevice;
  expectNone("no CUDA device: `cuInit` failed: CUDA_ERROR_NO_DEVICE", "");
  fake.initResult = 0;
  fake.devices = 0;
  expectNone("no CUDA device: the driver finds none", "");

  // And now it is.
  fake.devices = 2;
  std::int32_t count = 0;
  EXPECT_OK(tensorc_rt_cuda_device_count(&count));
  EXPECT_EQ(count, 2);
  EXPECT_EQ(OpenModel(toy, 1).status, TENSORC_OK);
}
