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
#include "tests/runtime/autograd/Device.h"

#include <gtest/gtest.h>

using namespace tensorc;
using namespace tensorc::test;

namespace {

class OracleTest : public testing::TestWithParam<std::string> {
protected:
  void SetUp() override { use_device(); }

  void check(DType floating) {
    for (const OpCase &item : op_cases(GetParam(), floating)) {
      TensorList values = item.compute(item.operands, item.seed);
      for (std::size_t i = 0; i < values.size(); ++i)
        EXPECT_EQ(item.difference(i, values[i]), "")
            << item.name << " " << item.expected[i].what;
      item.record("eager");
    }
  }

  /// In a half type: what f64 makes of the same numbers, within a few
  /// roundings.
  void check_half(DType half) {
    auto wide = [](const Tensor &x) {
      return x.defined() && is_half(x.dtype()) ? x.to(kFloat64) : x;
    };
    std::vector<OpCase> exact = op_cases(GetParam(), kFloat64),
                        cases = op_cases(GetParam(), half);
    for (std::size_t n = 0; n < cases.size(); ++n) {
      const OpCase &item = cases[n];
      TensorList operands;
      for (const Tensor &operand : item.operands)
        operands.push_back(wide(operand));
      TensorList values = item.compute(item.operands, item.seed),
                 expected = exact[n].compute(operands, wide(item.seed));
      double result = largest(expected[0]);
      for (std::size_t i = 0; i < values.size(); ++i) {
        // A gradient's rule may read the rounded result in an exponent.
        bool forward = item.expected[i].order == kForward;
        double roundings = 4 * (forward ? 1 : result) * largest(expected[i]);
        EXPECT_EQ(difference(values[i], expected[i].to(values[i].dtype()),
                             std::ldexp(roundings, -info_of(half).digits),
                             item.signs(i)),
                  "")
            << item.name << " " << item.expected[i].what;
      }
      item.record("eager");
    }
  }
};

TEST_P(OracleTest, Float64) { check(kFloat64); }
TEST_P(OracleTest, Float32) { check(kFloat32); }
TEST_P(OracleTest, Float16) { check_half(kFloat16); }
TEST_P(OracleTest, BFloat16) { check_half(kBFloat16); }

INSTANTIATE_TEST_SUITE_P(Op, OracleTest, testing::ValuesIn(stored_ops()),
                         [](const auto &info) { return info.param; });

} // namespace
