//===- CudaTest.cpp - What the tests of the CUDA runtime share ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/cuda/CudaTest.h"

#if defined(FAKE_DRIVER)
FakeDriver *fakeDriver() {
  static FakeDriver &fake = loadFakeDriver(FAKE_DRIVER);
  return &fake;
}
#else
FakeDriver *fakeDriver() { return nullptr; }
#endif

static std::uint32_t *pointer(std::uint64_t address) {
  return reinterpret_cast<std::uint32_t *>(address);
}

/// The kernels of the test program, for the fake.
static void addKernels(FakeDriver &fake) {
  fake.kernels["step"] = [](const FakeLaunch &launch) {
    const auto &a = launch.arguments;
    for (std::uint64_t i = 0; i < a[3]; ++i)
      pointer(a[2])[i] = pointer(a[0])[i] =
          pointer(a[0])[i] * 3 + pointer(a[1])[i];
  };
  fake.kernels["add"] = [](const FakeLaunch &launch) {
    const auto &a = launch.arguments;
    for (std::uint64_t i = 0; i < a[3]; ++i)
      pointer(a[2])[i] = pointer(a[0])[i] + pointer(a[1])[i];
  };
  fake.kernels["check"] = [](const FakeLaunch &launch) {
    const auto &a = launch.arguments;
    if (*pointer(a[0]) == 0xffffffff)
      *pointer(a[1]) = TENSORC_ERROR_INDEX_OUT_OF_RANGE;
  };
}

void CudaTest::SetUp() {
  if (FakeDriver *fake = fakeDriver()) {
    *fake = FakeDriver();
    addKernels(*fake);
    return;
  }
  std::int32_t count;
  if (tensorc_rt_cuda_device_count(&count))
    GTEST_SKIP() << words();
}

void CudaTest::TearDown() {
  FakeDriver *fake = fakeDriver();
  if (!fake)
    return;
  for (const std::string &violation : fake->violations)
    ADD_FAILURE() << violation;
  for (const auto &[kind, count] : fake->live)
    EXPECT_EQ(count, 0) << kind << " was not given back";
  EXPECT_EQ(fake->bytesInUse, 0u);
}

std::int32_t OpenModel::train(const Values &batch, const Values &bias) {
  const void *inputs[] = {batch.data(), bias.data()};
  return tensorc_rt_cuda_run(model, TestProgram::kTrain, inputs, nullptr);
}

std::int32_t OpenModel::train(const Values &batch, const Values &bias,
                              Values &biased, Values &shifted) {
  biased.resize(kCount);
  shifted.resize(kCount);
  const void *inputs[] = {batch.data(), bias.data()};
  void *outputs[] = {biased.data(), shifted.data()};
  return tensorc_rt_cuda_run(model, TestProgram::kTrain, inputs, outputs);
}

std::int32_t OpenModel::infer(Values &twice) {
  twice.resize(kCount);
  void *outputs[] = {twice.data()};
  return tensorc_rt_cuda_run(model, TestProgram::kInfer, nullptr, outputs);
}

std::int32_t OpenModel::read(Values &values) {
  values.resize(kCount);
  return tensorc_rt_cuda_read_state(model, 0, TestProgram::kBytes,
                                    values.data());
}

std::int32_t OpenModel::write(const Values &values) {
  return tensorc_rt_cuda_write_state(model, 0, TestProgram::kBytes,
                                     values.data());
}
