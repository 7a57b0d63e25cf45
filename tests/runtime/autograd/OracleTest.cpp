//===- OracleTest.cpp - Ops against stored values of PyTorch --------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The cases of tests/oracle/ops in eager mode; tests/e2e/OracleTest.cpp has
// them compiled.
//
//===----------------------------------------------------------------------===//

#include "tests/oracle/OpCases.h"
#include "tests/runtime/autograd/ReferenceKernels.h"

#include <gtest/gtest.h>

using namespace tensorc;
using namespace tensorc::test;

namespace {

class OracleTest : public testing::TestWithParam<std::string> {
protected:
  void SetUp() override { use_reference_kernels(); }

  void check(DType floating) {
    for (const OpCase &item : op_cases(GetParam(), floating)) {
      TensorList values = item.compute(item.operands, item.seed);
      for (std::size_t i = 0; i < values.size(); ++i)
        EXPECT_EQ(item.difference(i, values[i]), "")
            << item.name << " " << item.expected[i].what;
    }
  }
};

TEST_P(OracleTest, Float64) { check(kFloat64); }
TEST_P(OracleTest, Float32) { check(kFloat32); }

INSTANTIATE_TEST_SUITE_P(Op, OracleTest, testing::ValuesIn(stored_ops()),
                         [](const auto &info) { return info.param; });

TEST(OracleCoverage, EveryOpHasStoredValues) {
  std::vector<std::string> stored = stored_ops();
  for (const OpInfo &info : all_ops()) {
    // A constant is its own value; a request is not computed.
    if (info.kind == OpKind::Request || info.name == "constant")
      continue;
    EXPECT_TRUE(std::binary_search(stored.begin(), stored.end(), info.name))
        << info.name;
  }
}

} // namespace
