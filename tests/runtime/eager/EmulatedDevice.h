//===- EmulatedDevice.h - Eager mode on a GPU that isn't there --*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The fake driver, which has an emulator run the GPU code of eager mode's own
// kernels. A kernel is compiled when it is first launched.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_RUNTIME_EAGER_EMULATEDDEVICE_H
#define TENSORC_TESTS_RUNTIME_EAGER_EMULATEDDEVICE_H

#include "tests/runtime/cuda/FakeDriver.h"

namespace tensorc::test {

/// The fake driver, which the runtime finds from now on.
FakeDriver &fake_driver();

/// A machine as good as new that knows eager mode's kernels. All devices must
/// be closed.
void reset_fake_driver();

} // namespace tensorc::test

#endif // TENSORC_TESTS_RUNTIME_EAGER_EMULATEDDEVICE_H
