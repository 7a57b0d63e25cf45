//===- CpuDevice.cpp - The suites of eager mode on the CPU ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/autograd/Device.h"

namespace tensorc::test {

void use_device() {}

} // namespace tensorc::test
