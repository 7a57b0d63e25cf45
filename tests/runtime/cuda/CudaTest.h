//===- CudaTest.h - What the tests of the CUDA runtime share --------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_RUNTIME_CUDA_CUDATEST_H
#define TENSORC_TESTS_RUNTIME_CUDA_CUDATEST_H

#include "tests/runtime/cuda/FakeDriver.h"
#include "tests/runtime/cuda/TestProgram.h"

#include <gtest/gtest.h>

/// The fake driver; null in the program that wants a real device.
FakeDriver *fakeDriver();

/// An open `toy`.
class OpenModel {
public:
  explicit OpenModel(const TestProgram &toy, int ordinal = 0)
      : status(tensorc_rt_cuda_open(&toy.program, ordinal, &model)) {}
  OpenModel(const OpenModel &) = delete;
  ~OpenModel() { close(); }
  void close() {
    tensorc_rt_cuda_close(model);
    model = nullptr;
  }

  /// Without waiting.
  std::int32_t train(const Values &batch, const Values &bias);
  std::int32_t train(const Values &batch, const Values &bias, Values &biased,
                     Values &shifted);
  std::int32_t infer(Values &twice);
  std::int32_t read(Values &values);
  std::int32_t write(const Values &values);

  tensorc_cuda_model *model = nullptr;
  std::int32_t status; ///< of opening it
};

/// Starts with a driver as good as new, and ends by looking for what was left
/// behind.
class CudaTest : public testing::Test {
protected:
  void SetUp() override;
  void TearDown() override;

  static std::string words() { return tensorc_rt_last_error(); }

  TestProgram toy;
};

/// Tests that only the fake driver can serve.
class FakeCudaTest : public CudaTest {
protected:
  FakeDriver &fake = *fakeDriver();
};

#define EXPECT_OK(call) EXPECT_EQ(call, TENSORC_OK) << tensorc_rt_last_error()
#define ASSERT_OK(call) ASSERT_EQ(call, TENSORC_OK) << tensorc_rt_last_error()

/// The model's state is the reference's.
inline void expectState(OpenModel &model, const Reference &reference) {
  Values values;
  EXPECT_OK(model.read(values));
  EXPECT_EQ(values, reference.values);
}

#endif // TENSORC_TESTS_RUNTIME_CUDA_CUDATEST_H
