//===- Gpu.h - The GPU that tests run on ------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_E2E_GPU_H
#define TENSORC_TESTS_E2E_GPU_H

#include <string>

namespace tensorc::test {

/// Makes the GPU ready for the object of the model `model`; called in `SetUp`,
/// which skips a test where there is none. Linked with EmulatedGpu.cpp that is
/// a fake driver and an emulator, with RealGpu.cpp a real one.
void use_gpu(const std::string &model);

/// Called in `TearDown`: fails a test that has misused the driver.
void leave_gpu();

} // namespace tensorc::test

#endif // TENSORC_TESTS_E2E_GPU_H
