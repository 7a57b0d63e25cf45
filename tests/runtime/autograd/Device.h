//===- Device.h - Where the suites of eager mode run ------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_RUNTIME_AUTOGRAD_DEVICE_H
#define TENSORC_TESTS_RUNTIME_AUTOGRAD_DEVICE_H

namespace tensorc::test {

/// Makes the device of these tests the default one. Called in `SetUp`, which
/// skips a test where that isn't there. Linked with CpuDevice.cpp that is the
/// CPU, with those of tests/runtime/eager `cuda`.
void use_device();

} // namespace tensorc::test

#endif // TENSORC_TESTS_RUNTIME_AUTOGRAD_DEVICE_H
