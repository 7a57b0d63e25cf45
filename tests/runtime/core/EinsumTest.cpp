//===- EinsumTest.cpp - Sums of products over named dimensions ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/tensorc.h"
#include "tests/oracle/Stored.h"

#include <gtest/gtest.h>

using namespace tensorc;
using namespace tensorc::test;

namespace {

using Values = std::vector<double>;

Tensor filled(const Shape &shape, auto &&value) {
  Values values(std::size_t(zeros(shape).numel()));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = value(double(i));
  return from_vector(values, shape);
}

void expect_near(const Tensor &tensor, const Values &expected) {
  Values values = tensor.to_vector();
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_NEAR(values[i], expected[i], 1e-14) << i;
}

/// Operand k is cos(k), cos(k + 0.7), …; the gradient is of
/// Σ sin(i + 1) result[i].
TEST(Einsum, IsPyTorchs) {
  json stored = read_oracle("core.json")["einsum"];
  EXPECT_GT(stored.size(), 10u);
  for (const json &item : stored) {
    std::string equation = item["equation"];
    SCOPED_TRACE(equation);
    TensorList operands;
    for (const json &shape : item["operands"]) {
      double k = double(operands.size());
      operands.push_back(
          filled(shape.get<std::vector<std::int64_t>>(), [&](double i) {
            return std::cos(k + 0.7 * i);
          }).requires_grad_());
    }
    Tensor result = einsum(equation, operands);
    EXPECT_EQ(result.shape(), item["shape"].get<std::vector<std::int64_t>>());
    expect_near(result, item["data"]);
    Tensor weight =
        filled(result.shape(), [](double i) { return std::sin(i + 1); });
    (result * weight).sum().backward();
    for (std::size_t k = 0; k < operands.size(); ++k)
      expect_near(operands[k].grad(), item["gradients"][k]);
  }
}

/// Letters of one operand alone are summed as `sum` does it.
TEST(Einsum, HasPyTorchsTypes) {
  int refused = 0;
  json stored = read_oracle("core.json")["einsum_types"];
  for (const json &item : stored) {
    std::string equation = item["equation"];
    DType dtype = dtype_named(item["dtype"]);
    SCOPED_TRACE(equation + " of " + std::string(name(dtype)));
    TensorList operands;
    for (const json &operand : item["operands"])
      operands.push_back(
          from_vector(operand["data"].get<Values>(),
                      operand["shape"].get<std::vector<std::int64_t>>())
              .to(dtype));
    if (item["result"].is_null()) {
      ++refused;
      try {
        (void)einsum(equation, operands);
        ADD_FAILURE();
      } catch (const Error &error) {
        EXPECT_EQ(error.message(),
                  "[einsum] expected operands of numbers, received bool");
      }
      continue;
    }
    Tensor result = einsum(equation, operands);
    EXPECT_EQ(result.dtype(), dtype_named(item["result"]["dtype"]));
    EXPECT_EQ(result.to(kFloat64).to_vector(),
              item["result"]["data"].get<Values>());
  }
  EXPECT_EQ(refused, 3); // products of bools that are summed
}

TEST(Einsum, Errors) {
  auto message = [](const std::string &equation, const TensorList &operands) {
    try {
      (void)einsum(equation, operands);
    } catch (const Error &error) {
      return error.message();
    }
    return std::string("no error");
  };
  Tensor x = ones({2, 3});
  EXPECT_EQ(message("ij", {}), "[einsum] expected tensors, received none");
  EXPECT_EQ(message("ij", {x, x}),
            "[einsum] expected a word for each of 2 operands, received `ij`");
  EXPECT_EQ(message("ij,jk->ik", {x}),
            "[einsum] expected a word for each of 1 operands, received "
            "`ij,jk->ik`");
  EXPECT_EQ(message("ijk", {x}),
            "[einsum] expected a letter for each dimension of float32[2, 3], "
            "received `ijk`");
  for (std::string equation : {"ii->i", "i...", "i1", "ij->ii", "ij->i,j"})
    EXPECT_EQ(message(equation, {x}), "[einsum] expected words of letters that "
                                      "differ, received `" +
                                          equation + "`");
  EXPECT_EQ(message("ij->ik", {x}),
            "[einsum] expected `k` of the result among the operands, received "
            "`ij->ik`");
  EXPECT_EQ(message("ij,ji->", {x, x}),
            "[einsum] expected one size for `j` (3 and 2), received `ij,ji->`");
  EXPECT_EQ(message("ij,ij->", {x, ones({2, 3}, kInt64)}),
            "[einsum] expected operands of one element type, received "
            "float32[2, 3] and int64[2, 3]");
  EXPECT_EQ(message("ij,k->", {ones({2, 3}, kInt32), ones({2}, kInt64)}),
            "[einsum] expected operands of one element type, received "
            "int32[2, 3] and int64[2]");
}

} // namespace
