//===- PrintTest.cpp - Printing, promotion, modules against PyTorch -------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Operands.h"
#include "tests/oracle/Stored.h"
#include "tests/runtime/autograd/Device.h"

#include <gtest/gtest.h>
#include <sstream>

using namespace tensorc;
using namespace tensorc::test;

namespace {

template <typename T> std::string text(const T &value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

TEST(Print, IsAsInPyTorch) {
  json oracle = read_oracle("core.json");
  ASSERT_FALSE(oracle["printing"].empty());
  for (const json &stored : oracle["printing"]) {
    Tensor tensor = tensor_of(stored);
    if (stored["requires_grad"].get<bool>())
      tensor.requires_grad_();
    EXPECT_EQ(text(tensor), stored["text"].get<std::string>());
  }
}

TEST(Print, ShowsWhatMadeIt) {
  use_device();
  Tensor x = ones({2}).requires_grad_();
  EXPECT_EQ(text(x + 1), "tensor([2., 2.], grad_fn=<AddBackward0>)");
  EXPECT_EQ(text(log_softmax(tensor({0.0}).requires_grad_(), 0)),
            "tensor([0.], grad_fn=<LogSoftmaxBackward0>)");
  EXPECT_EQ((x + 1).grad_fn_name(), "AddBackward0");
  EXPECT_EQ(x.grad_fn_name(), "");
  EXPECT_EQ(text(Tensor()), "tensor(undefined)");
}

TEST(Print, ViewsShowTheirOwnElements) {
  EXPECT_EQ(text(arange(6).view({2, 3}).t()[1]), "tensor([1, 4])");
}

TEST(Print, ShapesAndTypes) {
  EXPECT_EQ(to_string(Shape{2, kDynamic}), "[2, ?]");
  EXPECT_EQ(to_string(TensorType{kBFloat16, {}}), "bfloat16[]");
}

TEST(Types, ArePromotedAsInPyTorch) {
  json oracle = read_oracle("core.json");
  for (const auto &[a, row] : oracle["promotion"].items())
    for (const auto &[b, wanted] : row.items())
      EXPECT_EQ(name(promote_types(dtype_named(a), dtype_named(b))),
                wanted.get<std::string>())
          << a << " and " << b;
}

TEST(Types, DependOnDimensionsAsInPyTorch) {
  auto operand = [](const json &kind, const json &what) -> TensorArg {
    if (kind == "scalar")
      return number(what);
    return ones(kind == "zero" ? Shape{} : Shape{2}, dtype_named(what));
  };
  json oracle = read_oracle("core.json");
  ASSERT_FALSE(oracle["result"].empty());
  for (const json &item : oracle["result"]) {
    const json &of = item[0];
    TensorArg a = operand(of[0], of[1]), b = operand(of[2], of[3]);
    const TensorArg *operands[] = {&a, &b};
    EXPECT_EQ(name(result_type(operands)), item[1].get<std::string>()) << of;
  }
}

} // namespace
