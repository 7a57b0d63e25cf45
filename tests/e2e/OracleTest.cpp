//===- OracleTest.cpp - Compiled ops against values of PyTorch ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The cases of tests/oracle/ops as tests/runtime/autograd/OracleTest.cpp has
// them in eager mode, compiled for each CPU that the machine can run: each op's
// results, gradients, and these ones' gradients.
//
//===----------------------------------------------------------------------===//

#include "tests/e2e/CompiledModel.h"
#include "tests/oracle/OpCases.h"

#include <gtest/gtest.h>

using namespace tensorc;
using namespace tensorc::test;

namespace {

/// All cases of an op as a function.
void add_function(ModelExport &model, const std::string &name,
                  const std::vector<OpCase> &cases) {
  NamedTensors inputs;
  auto add_input = [&](const Tensor &example) {
    inputs.emplace_back("i" + std::to_string(inputs.size()), example);
  };
  for (const OpCase &item : cases) {
    for (const Tensor &operand : item.operands)
      add_input(operand);
    if (item.seed.defined())
      add_input(item.seed);
  }
  model.function(name, inputs, [&](const TensorList &arguments) {
    Outputs outputs;
    auto next = arguments.begin();
    for (const OpCase &item : cases) {
      TensorList operands(next, next + std::ptrdiff_t(item.operands.size()));
      next += std::ptrdiff_t(operands.size());
      Tensor seed = item.seed.defined() ? *next++ : Tensor();
      for (const Tensor &value : item.compute(operands, seed))
        outputs.emplace_back("o" + std::to_string(outputs.size()), value);
    }
    return outputs;
  });
}

/// In halves, as compiled code gives what eager mode does: the same numbers;
/// but a sum of products in another order may be rounded to the next one.
double tolerance_of_half(const OpCase &item) {
  return item.info.kind == OpKind::Contraction
             ? std::ldexp(1, 1 - info_of(item.floating).digits)
             : 0;
}

void check(const compiler::Options &options, DType floating) {
  std::map<std::string, std::vector<OpCase>> cases;
  ModelExport model;
  for (const std::string &op : stored_ops()) {
    std::vector<OpCase> &of = cases["f_" + op] = op_cases(op, floating);
    add_function(model, "f_" + op, of);
  }
  std::map<std::string, TensorList> results = run_compiled(model, options);
  for (const auto &[function, items] : cases) {
    auto received = results[function].begin();
    for (const OpCase &item : items) {
      TensorList eager;
      if (is_half(floating))
        eager = item.compute(item.operands, item.seed);
      for (std::size_t i = 0; i < item.expected.size(); ++i) {
        ASSERT_NE(received, results[function].end()) << function;
        EXPECT_EQ(is_half(floating)
                      ? difference(*received, eager[i], tolerance_of_half(item),
                                   item.signs(i))
                      : item.difference(i, *received),
                  "")
            << item.name << " " << item.expected[i].what;
        ++received;
      }
      item.record("compiled");
    }
    EXPECT_EQ(received, results[function].end()) << function;
  }
}

class OracleTest : public testing::TestWithParam<Machine> {
protected:
  void check(DType floating) {
    auto options = GetParam().options();
    if (!options)
      GTEST_SKIP() << "the machine is no " << GetParam().cpu->name.str();
    ::check(*options, floating);
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
