//===- OpModel.cpp - The cases of tests/oracle/ops as a model -------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/e2e/StoredModel.h"
#include "tests/oracle/OpCases.h"

#include <gtest/gtest.h>

namespace tensorc::test {

using Cases = std::map<std::string, std::vector<OpCase>>;

/// All cases of an op as a function.
static void add_function(ModelExport &model, const std::string &name,
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
  model.function(name, inputs, [&cases](const TensorList &arguments) {
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
static double tolerance_of_half(const OpCase &item) {
  return item.info.kind == OpKind::Contraction
             ? std::ldexp(1, 1 - info_of(item.floating).digits)
             : 0;
}

static void check_case(const OpCase &item, std::span<const Tensor> received) {
  TensorList eager;
  if (is_half(item.floating))
    eager = item.compute(item.operands, item.seed);
  for (std::size_t i = 0; i < item.expected.size(); ++i) {
    std::string wrong = is_half(item.floating)
                            ? difference(received[i], eager[i],
                                         tolerance_of_half(item), item.signs(i))
                            : item.difference(i, received[i]);
    if (!wrong.empty())
      ADD_FAILURE() << item.name << " " << item.expected[i].what << ": "
                    << wrong;
  }
}

static void check(const Cases &cases, const Results &results,
                  const std::string &mode) {
  for (const auto &[function, items] : cases) {
    auto found = results.find(function);
    std::span<const Tensor> received;
    if (found != results.end())
      received = found->second;
    for (const OpCase &item : items) {
      ASSERT_GE(received.size(), item.expected.size()) << function;
      check_case(item, received);
      received = received.subspan(item.expected.size());
      item.record(mode);
    }
    EXPECT_TRUE(received.empty()) << function;
  }
}

std::unique_ptr<StoredModel> op_model(DType floating) {
  auto cases = std::make_shared<Cases>();
  auto result = std::make_unique<StoredModel>();
  for (const std::string &op : stored_ops()) {
    std::string name = "f_" + op;
    std::vector<OpCase> &items = (*cases)[name] = op_cases(op, floating);
    add_function(result->model, name, items);
    for (const OpCase &item : items)
      for (const OpCase::Expected &expected : item.expected)
        result->outputs[name].push_back(expected.value.type());
  }
  result->check = [cases](const Results &results, const std::string &mode) {
    check(*cases, results, mode);
  };
  return result;
}

std::unique_ptr<StoredModel> stored_model(const std::string &name) {
  return name == "dtypes"   ? dtype_model()
         : name == "chains" ? chain_model()
                            : op_model(dtype_named(name));
}

} // namespace tensorc::test
