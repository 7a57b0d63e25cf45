//===- NoDeviceTest.cpp - Devices where there is none ---------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/tensorc.h"

#include <cstdlib>
#include <gtest/gtest.h>

using namespace tensorc;

TEST(NoDeviceTest, AskingForOneIsAnError) {
  setenv("TENSORC_CUDA_DRIVER", "/nowhere/libcuda.so.1", 1);
  Tensor x = ones({2});
  nn::Linear layer(2, 2);
  unsigned line = __LINE__ + 3;
  for (int i = 0; i < 2; ++i) {
    try {
      i ? x.to("cuda") : zeros({2}, "cuda");
      ADD_FAILURE();
    } catch (const Error &error) {
      EXPECT_TRUE(error.message().starts_with(
          "no CUDA device: can't load the driver: /nowhere/libcuda.so.1"))
          << error.message();
      ASSERT_TRUE(error.location());
      EXPECT_EQ(error.location()->line(), line);
    }
  }
  EXPECT_THROW(layer->to("cuda"), Error);
  EXPECT_FALSE(layer->weight.is_cuda());
  EXPECT_THROW(cuda::synchronize(), Error);
  cuda::empty_cache();
  EXPECT_EQ(cuda::memory_allocated(), 0u);
  EXPECT_EQ(cuda::memory_reserved(), 0u);
  EXPECT_EQ(sum(layer(x)).numel(), 1);
}
