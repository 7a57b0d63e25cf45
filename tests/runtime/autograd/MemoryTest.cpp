//===- MemoryTest.cpp - Views and in-place ops against PyTorch ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// tests/tools/tensorc/memory.cpp has the same programs traced and compiled.
//
//===----------------------------------------------------------------------===//

#include "tests/oracle/Oracle.h"
#include "tests/oracle/Programs.h"
#include "tests/runtime/autograd/Device.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace tensorc;
using namespace tensorc::test;
using nlohmann::json;

namespace {

Tensor input(const std::string &name) {
  if (name == "x")
    return tensor({{0.5, -1., 2.}, {3., -0.25, 1.5}}, kFloat64);
  if (name == "w")
    return tensor({{2., 3., -1.}, {0.5, -2., 4.}}, kFloat64);
  return tensor({1., -2., 3.}, kFloat64);
}

std::vector<double> numbers(const json &stored) {
  std::vector<double> result;
  for (const json &value : stored)
    result.push_back(value.is_boolean() ? value.get<bool>()
                                        : value.get<double>());
  return result;
}

void expect_values(const Tensor &tensor, const std::vector<double> &expected,
                   const std::string &what) {
  std::vector<double> values = tensor.to_vector();
  ASSERT_EQ(values.size(), expected.size()) << what;
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_NEAR(values[i], expected[i],
                1e-12 * std::max(1.0, std::fabs(expected[i])))
        << what << " [" << i << "]";
}

void check(const json &stored) {
  std::string program = stored["do"];
  ProgramResult result =
      run_program(program, input("x"), input("w"), input("r"));
  if (stored.contains("error")) {
    ASSERT_TRUE(result.error)
        << program << ": PyTorch refuses step " << stored["error"];
    EXPECT_EQ(*result.error, stored["error"].get<std::size_t>())
        << program << ": " << result.message;
    return;
  }
  ASSERT_FALSE(result.error)
      << program << ": step " << *result.error << ": " << result.message;
  for (const auto &[name, tensor] : result.names) {
    std::string what = program + ": " + name;
    const json &values = stored["values"];
    expect_values(tensor,
                  values.contains(name) ? numbers(values[name])
                                        : input(name).to_vector(),
                  what);
    std::string flags = stored["flags"].value(name, std::string());
    if (flags != "?") {
      EXPECT_EQ(tensor.requires_grad(), !flags.empty()) << what;
      EXPECT_EQ(tensor.requires_grad() && tensor.is_leaf(), flags == "gl")
          << what;
    }
    if (!tensor.is_leaf())
      continue;
    const json &grads = stored["grads"];
    ASSERT_EQ(tensor.grad().defined(), grads.contains(name))
        << what << "'s gradient";
    if (tensor.grad().defined()) {
      expect_values(tensor.grad(), numbers(grads[name]), what + "'s gradient");
      EXPECT_TRUE(tensor.grad().is_contiguous()) << what;
    }
  }
}

class MemoryTest : public testing::TestWithParam<std::string> {};

TEST_P(MemoryTest, IsAsInPyTorch) {
  use_device();
  json programs = read_oracle("memory.json")[GetParam()];
  ASSERT_GT(programs.size(), 100u);
  for (const json &program : programs)
    check(program);
}

INSTANTIATE_TEST_SUITE_P(Group, MemoryTest,
                         testing::Values("chosen", "writes", "aliasing",
                                         "forms", "flags", "frozen"),
                         [](const auto &info) { return info.param; });

} // namespace
