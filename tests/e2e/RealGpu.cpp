//===- RealGpu.cpp - Tests on a GPU ---------------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/abi_cuda.h"
#include "tests/e2e/Gpu.h"

#include <gtest/gtest.h>

namespace tensorc::test {

void use_gpu(const std::string &) {
  std::int32_t count;
  if (tensorc_rt_cuda_device_count(&count))
    GTEST_SKIP() << tensorc_rt_last_error();
}

void leave_gpu() {}

} // namespace tensorc::test
