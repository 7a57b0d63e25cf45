//===- FormsTest.cpp - Methods and forms do what their functions do -------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every type, and every type of what is written to: PyTorch's rule is that the
// result's kind (bool, whole, floating) is not above the target's. What PyTorch
// makes of the forms, gradients included, is in tests/oracle/memory.py.
//
//===----------------------------------------------------------------------===//

#include "tensorc/tensorc.h"
#include "tests/runtime/autograd/Device.h"

#include <functional>
#include <gtest/gtest.h>
#include <optional>

using namespace tensorc;

namespace {

/// A function of operands of one type, and its forms; empty: there is none.
struct Function {
  std::string name;
  std::size_t operands;
  std::function<Tensor(const TensorList &)> call, method;
  std::function<void(Tensor &, const TensorList &)> in_place, out;
};

#define TENSORC_UNARY(f)                                                       \
  {#f,                                                                         \
   1,                                                                          \
   [](const TensorList &x) { return f(x[0]); },                                \
   [](const TensorList &x) { return x[0].f(); },                               \
   [](Tensor &y, const TensorList &) { y.f##_(); },                            \
   [](Tensor &y, const TensorList &x) { f##_out(y, x[0]); }},
#define TENSORC_ACTIVATION(f)                                                  \
  {#f,                                                                         \
   1,                                                                          \
   [](const TensorList &x) { return f(x[0]); },                                \
   {},                                                                         \
   [](Tensor &y, const TensorList &) { f##_(y); },                             \
   [](Tensor &y, const TensorList &x) { f##_out(y, x[0]); }},
#define TENSORC_BINARY(f)                                                      \
  {#f,                                                                         \
   2,                                                                          \
   [](const TensorList &x) { return f(x[0], x[1]); },                          \
   [](const TensorList &x) { return x[0].f(x[1]); },                           \
   [](Tensor &y, const TensorList &x) { y.f##_(x[1]); },                       \
   [](Tensor &y, const TensorList &x) { f##_out(y, x[0], x[1]); }},

const std::vector<Function> &functions() {
  static const std::vector<Function> list = {
      // clang-format off
      TENSORC_UNARY(neg) TENSORC_UNARY(abs) TENSORC_UNARY(sign)
      TENSORC_UNARY(exp) TENSORC_UNARY(exp2) TENSORC_UNARY(expm1)
      TENSORC_UNARY(log) TENSORC_UNARY(log1p) TENSORC_UNARY(log2)
      TENSORC_UNARY(sqrt) TENSORC_UNARY(rsqrt) TENSORC_UNARY(reciprocal)
      TENSORC_UNARY(square) TENSORC_UNARY(sin) TENSORC_UNARY(cos)
      TENSORC_UNARY(tan) TENSORC_UNARY(tanh) TENSORC_UNARY(sigmoid)
      TENSORC_UNARY(erf) TENSORC_UNARY(floor) TENSORC_UNARY(ceil)
      TENSORC_UNARY(round) TENSORC_UNARY(trunc) TENSORC_UNARY(relu)
      TENSORC_UNARY(logical_not)
      TENSORC_ACTIVATION(silu) TENSORC_ACTIVATION(gelu)
      TENSORC_ACTIVATION(leaky_relu)
      TENSORC_BINARY(add) TENSORC_BINARY(sub) TENSORC_BINARY(mul)
      TENSORC_BINARY(div) TENSORC_BINARY(pow) TENSORC_BINARY(atan2)
      TENSORC_BINARY(remainder) TENSORC_BINARY(eq) TENSORC_BINARY(ne)
      TENSORC_BINARY(lt) TENSORC_BINARY(le) TENSORC_BINARY(gt)
      TENSORC_BINARY(ge) TENSORC_BINARY(logical_and)
      TENSORC_BINARY(logical_or) TENSORC_BINARY(logical_xor)
      // clang-format on
      {"clamp", 1, [](const TensorList &x) { return clamp(x[0], 0, 1.5); },
       [](const TensorList &x) { return x[0].clamp(0, 1.5); },
       [](Tensor &y, const TensorList &) { y.clamp_(0, 1.5); },
       [](Tensor &y, const TensorList &x) { clamp_out(y, x[0], 0, 1.5); }},
      {"softplus",
       1,
       [](const TensorList &x) { return softplus(x[0]); },
       {},
       {},
       [](Tensor &y, const TensorList &x) { softplus_out(y, x[0]); }},
      {"isnan",
       1,
       [](const TensorList &x) { return isnan(x[0]); },
       [](const TensorList &x) { return x[0].isnan(); },
       {},
       [](Tensor &y, const TensorList &x) { isnan_out(y, x[0]); }},
      {"maximum",
       2,
       [](const TensorList &x) { return maximum(x[0], x[1]); },
       [](const TensorList &x) { return x[0].maximum(x[1]); },
       {},
       [](Tensor &y, const TensorList &x) { maximum_out(y, x[0], x[1]); }},
      {"where",
       2,
       [](const TensorList &x) { return where(x[0] > 1, x[0], x[1]); },
       {},
       {},
       [](Tensor &y, const TensorList &x) {
         where_out(y, x[0] > 1, x[0], x[1]);
       }},
      {"sum",
       1,
       [](const TensorList &x) { return sum(x[0], 0, true); },
       [](const TensorList &x) { return x[0].sum(0, true); },
       {},
       [](Tensor &y, const TensorList &x) { sum_out(y, x[0], 0, true); }},
      {"prod",
       1,
       [](const TensorList &x) { return prod(x[0], 1); },
       [](const TensorList &x) { return x[0].prod(1); },
       {},
       [](Tensor &y, const TensorList &x) { prod_out(y, x[0], 1); }},
      {"mean",
       1,
       [](const TensorList &x) { return mean(x[0]); },
       [](const TensorList &x) { return x[0].mean(); },
       {},
       [](Tensor &y, const TensorList &x) { mean_out(y, x[0]); }},
      {"amax",
       1,
       [](const TensorList &x) { return amax(x[0], {0, 1}); },
       [](const TensorList &x) { return x[0].amax({0, 1}); },
       {},
       [](Tensor &y, const TensorList &x) { amax_out(y, x[0], {0, 1}); }},
      {"any",
       1,
       [](const TensorList &x) { return any(x[0], 0); },
       [](const TensorList &x) { return x[0].any(0); },
       {},
       [](Tensor &y, const TensorList &x) { any_out(y, x[0], 0); }},
      {"argmax",
       1,
       [](const TensorList &x) { return argmax(x[0], 1); },
       [](const TensorList &x) { return x[0].argmax(1); },
       {},
       [](Tensor &y, const TensorList &x) { argmax_out(y, x[0], 1); }},
      {"logsumexp",
       1,
       [](const TensorList &x) { return logsumexp(x[0], 1); },
       [](const TensorList &x) { return x[0].logsumexp(1); },
       {},
       [](Tensor &y, const TensorList &x) { logsumexp_out(y, x[0], 1); }},
      {"softmax",
       1,
       [](const TensorList &x) { return softmax(x[0], 1); },
       [](const TensorList &x) { return x[0].softmax(1); },
       {},
       [](Tensor &y, const TensorList &x) { softmax_out(y, x[0], 1); }},
      {"flip",
       1,
       [](const TensorList &x) { return flip(x[0], 0); },
       [](const TensorList &x) { return x[0].flip(0); },
       {},
       [](Tensor &y, const TensorList &x) { flip_out(y, x[0], 0); }},
      {"cat",
       2,
       [](const TensorList &x) { return cat(x, 1); },
       {},
       {},
       [](Tensor &y, const TensorList &x) { cat_out(y, x, 1); }},
      {"stack",
       2,
       [](const TensorList &x) { return stack(x); },
       {},
       {},
       [](Tensor &y, const TensorList &x) { stack_out(y, x); }},
      {"matmul",
       2,
       [](const TensorList &x) { return matmul(x[0], x[1].t()); },
       [](const TensorList &x) { return x[0].matmul(x[1].t()); },
       {},
       [](Tensor &y, const TensorList &x) { matmul_out(y, x[0], x[1].t()); }},
  };
  return list;
}

constexpr DType types[] = {kBool,  kUInt8,   kInt8,     kInt16,   kInt32,
                           kInt64, kFloat16, kBFloat16, kFloat32, kFloat64};

TensorList operands_of(DType dtype) {
  return {tensor({{0.5, 1., 2.}, {3., 0., 1.5}}).to(dtype),
          tensor({{2., 3., 1.}, {0.5, 1., 3.}}).to(dtype)};
}

/// What `call` gives, or nothing where it throws.
std::optional<Tensor> result_of(const Function &function,
                                const TensorList &operands) {
  try {
    return function.call(operands);
  } catch (const Error &) {
    return {};
  }
}

bool throws(auto &&action) {
  try {
    action();
    return false;
  } catch (const Error &) {
    return true;
  }
}

bool same(const Tensor &a, const Tensor &b) {
  if (a.type() != b.type())
    return false;
  std::vector<double> x = a.to_vector(), y = b.to_vector();
  for (std::size_t i = 0; i < x.size(); ++i)
    if (x[i] != y[i] && (x[i] == x[i] || y[i] == y[i]))
      return false;
  return true;
}

bool fits(const Tensor &value, const Tensor &target) {
  return info_of(value.dtype()).kind <= info_of(target.dtype()).kind &&
         value.shape() == target.shape();
}

class Forms : public testing::TestWithParam<DType> {
protected:
  void SetUp() override { test::use_device(); }
};

TEST_P(Forms, MethodsAndInPlace) {
  TensorList operands = operands_of(GetParam());
  for (const Function &function : functions()) {
    SCOPED_TRACE(function.name);
    std::optional<Tensor> result = result_of(function, operands);
    if (function.method) {
      EXPECT_EQ(throws([&] { (void)function.method(operands); }), !result);
      if (result)
        EXPECT_TRUE(same(function.method(operands), *result));
    }
    if (!function.in_place)
      continue;
    Tensor written = operands[0].clone(), view = written[1];
    bool refused = throws([&] { function.in_place(written, operands); });
    EXPECT_EQ(refused, !result || !fits(*result, written));
    EXPECT_TRUE(
        same(written, refused ? operands[0] : result->to(written.dtype())));
    EXPECT_TRUE(same(view, written[1])) << "left its storage";
  }
}

TEST_P(Forms, Out) {
  TensorList operands = operands_of(GetParam());
  for (const Function &function : functions()) {
    std::optional<Tensor> result = result_of(function, operands);
    for (DType type : types) {
      SCOPED_TRACE(function.name + " to " + std::string(name(type)));
      Shape shape = result ? result->shape() : Shape{2, 3};
      Tensor out = full(shape, 1, type), before = out.clone();
      bool refused = throws([&] { function.out(out, operands); });
      EXPECT_EQ(refused, !result || !fits(*result, out));
      EXPECT_TRUE(same(out, refused ? before : result->to(type)));
    }
    if (!result)
      continue;
    // Nothing is resized.
    Tensor other = zeros({7}, result->dtype());
    EXPECT_TRUE(throws([&] { function.out(other, operands); }))
        << function.name;
    EXPECT_EQ(other.shape(), Shape{7});
  }
}

INSTANTIATE_TEST_SUITE_P(Type, Forms, testing::ValuesIn(types),
                         [](const auto &info) {
                           return std::string(name(info.param));
                         });

class OutTest : public testing::Test {
protected:
  void SetUp() override { test::use_device(); }
};

TEST_F(OutTest, TakesAnOperandButNoPartOfOne) {
  Tensor x = arange(6, kFloat32);
  Tensor head = x.slice(0, 0, 4), tail = x.slice(0, 2, 6), same = x.slice(0, 2);
  exp_out(x, x);
  add_out(tail, tail, same);
  try {
    mul_out(head, tail, 2);
    FAIL() << "wrote over a part of its operand";
  } catch (const Error &error) {
    EXPECT_EQ(error.message(),
              "[mul_out] expected `out` apart from the operands, or one of "
              "them, received one that overlaps float32[4] in part");
  }
  Tensor whole = zeros({6});
  EXPECT_TRUE(throws([&] { cat_out(x, {x.slice(0, 0, 3), x.slice(0, 3)}); }));
  cat_out(whole, {x.slice(0, 0, 3), x.slice(0, 3)});
  EXPECT_EQ(whole.to_vector(), x.to_vector());
  Tensor square = ones({3, 3});
  EXPECT_TRUE(throws([&] { neg_out(square, square.t()); }));
  // Tensors with gaps aren't looked at, and what is written is right.
  Tensor wide = arange(9, kFloat32).reshape({3, 3});
  Tensor left = wide.slice(1, 0, 2), right = wide.slice(1, 1, 3);
  add_out(right, left, 10);
  EXPECT_EQ(wide.to_vector(),
            (std::vector<double>{0, 10, 11, 3, 13, 14, 6, 16, 17}));
}

TEST_F(OutTest, RecordsNothing) {
  Tensor x = ones({2}).requires_grad_(), out = zeros({2});
  try {
    exp_out(out, x);
    FAIL() << "took a tensor that requires grad";
  } catch (const Error &error) {
    EXPECT_EQ(error.message(), "[exp_out] expected tensors that don't require "
                               "grad, or a `NoGradGuard`, received one that "
                               "does");
  }
  // What has no gradient needs no such care.
  Tensor truth = zeros({2}, kBool);
  eq_out(truth, x, 1);
  EXPECT_EQ(truth.to_vector(), (std::vector<double>{1, 1}));
  NoGradGuard no_grad;
  EXPECT_EQ(&exp_out(out, x), &out);
  EXPECT_FALSE(out.requires_grad());
}

} // namespace
