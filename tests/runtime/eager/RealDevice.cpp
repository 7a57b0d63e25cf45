//===- RealDevice.cpp - Tests eager mode on a GPU -------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/cuda.h"
#include "tests/runtime/autograd/Device.h"

#include <gtest/gtest.h>

namespace tensorc::test {

void use_device() {
  if (!cuda::is_available())
    GTEST_SKIP() << cuda::unavailable_reason();
  set_default_device("cuda");
}

} // namespace tensorc::test
