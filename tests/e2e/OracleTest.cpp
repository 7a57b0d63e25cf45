//===- OracleTest.cpp - Compiled ops against values of PyTorch ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The cases of tests/oracle/ops as tests/runtime/autograd/OracleTest.cpp has
// them in eager mode, compiled for each CPU that the machine can run: each op's
// results, gradients, and these ones' gradients. CudaStoredTest.cpp has them
// compiled for GPUs.
//
//===----------------------------------------------------------------------===//

#include "tests/e2e/CompiledModel.h"
#include "tests/e2e/StoredModel.h"

#include <gtest/gtest.h>

using namespace tensorc;
using namespace tensorc::test;

namespace {

class OracleTest : public testing::TestWithParam<Machine> {
protected:
  void check(DType floating) {
    auto options = GetParam().options();
    if (!options)
      GTEST_SKIP() << "the machine is no " << GetParam().cpu->name.str();
    std::unique_ptr<StoredModel> stored = op_model(floating);
    stored->check(run_compiled(stored->model, *options), "compiled");
  }
};

TEST_P(OracleTest, Float64) { check(kFloat64); }
TEST_P(OracleTest, Float32) { check(kFloat32); }
INSTANTIATE_TEST_SUITE_P(Compiled, OracleTest, testing::ValuesIn(machines()),
                         [](const auto &info) { return name(info.param); });

using HalvesOracleTest = OracleTest;
TEST_P(HalvesOracleTest, Float16) { check(kFloat16); }
TEST_P(HalvesOracleTest, BFloat16) { check(kBFloat16); }
INSTANTIATE_TEST_SUITE_P(Compiled, HalvesOracleTest,
                         testing::ValuesIn(machines({3})),
                         [](const auto &info) { return name(info.param); });

} // namespace
