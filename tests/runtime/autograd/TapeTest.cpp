//===- TapeTest.cpp - The eager tape --------------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/executor.h"
#include "tensorc/tensorc.h"
#include "tests/runtime/autograd/Device.h"

#include <gtest/gtest.h>

using namespace tensorc;

namespace {

using Values = std::vector<double>;

class TapeTest : public testing::Test {
protected:
  void SetUp() override { test::use_device(); }
};

Tensor leaf(std::initializer_list<NestedList> values) {
  return tensor(values, kFloat64).requires_grad_();
}

std::string message(auto &&action) {
  try {
    action();
  } catch (const Error &error) {
    EXPECT_TRUE(error.location());
    return error.message();
  }
  return "no error";
}

TEST_F(TapeTest, GradientsAccumulate) {
  Tensor x = leaf({1, 2, 3});
  sum(x * x).backward();
  EXPECT_EQ(x.grad().to_vector(), (Values{2, 4, 6}));
  sum(x).backward();
  EXPECT_EQ(x.grad().to_vector(), (Values{3, 5, 7}));
  EXPECT_FALSE(x.grad().requires_grad());
  x.set_grad({});
  (x * 2).backward(tensor({1.0, 0.0, 10.0}, kFloat64));
  EXPECT_EQ(x.grad().to_vector(), (Values{2, 0, 20}));
}

TEST_F(TapeTest, EveryUseContributes) {
  Tensor x = leaf({3});
  Tensor y = x * x;
  Tensor z = y * x + y + x;
  z.backward();
  EXPECT_EQ(x.grad().item(), 27 + 6 + 1);
}

TEST_F(TapeTest, BroadcastOperandsGetSums) {
  Tensor x = leaf({{1}, {2}}), y = leaf({1, 10, 100});
  sum(x * y).backward();
  EXPECT_EQ(x.grad().to_vector(), (Values{111, 111}));
  EXPECT_EQ(x.grad().shape(), (Shape{2, 1}));
  EXPECT_EQ(y.grad().to_vector(), (Values{3, 3, 3}));
}

TEST_F(TapeTest, WhatRequiresGrad) {
  Tensor x = leaf({1}), y = tensor({1.0}, kFloat64);
  EXPECT_TRUE((x + y).requires_grad());
  EXPECT_FALSE((y + y).requires_grad());
  EXPECT_FALSE(x.detach().requires_grad());
  EXPECT_FALSE((x > 0).requires_grad());
  EXPECT_FALSE(x.to(kInt64).requires_grad());
  EXPECT_TRUE(x.is_leaf());
  EXPECT_FALSE((x + y).is_leaf());
  {
    NoGradGuard no_grad;
    EXPECT_FALSE((x + y).requires_grad());
  }
  EXPECT_FALSE(no_grad([&] { return x + y; }).requires_grad());
  EXPECT_TRUE((x + y).requires_grad());
}

TEST_F(TapeTest, DetachSharesStorageAndStopsGradients) {
  Tensor x = leaf({2});
  (x * x.detach()).backward();
  EXPECT_EQ(x.grad().item(), 2);
  x.detach().fill_(5);
  EXPECT_EQ(x.item(), 5);
}

TEST_F(TapeTest, TheGraphIsFreedUnlessRetained) {
  Tensor x = leaf({2});
  Tensor y = x * x;
  y.backward({}, true);
  y.backward();
  EXPECT_EQ(x.grad().item(), 8);
  EXPECT_EQ(message([&] { y.backward(); }),
            "[backward] the graph through `MulBackward0` was freed by an "
            "earlier backward pass (pass `retain_graph` to keep it)");
}

TEST_F(TapeTest, GradientsOfGradients) {
  Tensor x = leaf({2});
  (x * x * x).backward({}, false, true);
  Tensor first = x.grad();
  EXPECT_EQ(first.item(), 12);
  x.set_grad({});
  first.backward({}, false, true);
  Tensor second = x.grad();
  EXPECT_EQ(second.item(), 12);
  x.set_grad({});
  second.backward();
  EXPECT_EQ(x.grad().item(), 6);
}

TEST_F(TapeTest, InPlaceOnResultsIsDifferentiated) {
  Tensor x = leaf({3});
  Tensor y = x * 2;
  y.mul_(x);
  y += 1;
  y.backward();
  EXPECT_EQ(x.grad().item(), 12);
}

TEST_F(TapeTest, OverwrittenOperandsAreNoticedWhereNeeded) {
  Tensor x = leaf({3}), y = tensor({2.0}, kFloat64);
  Tensor product = x * y, total = x + y;
  y.fill_(7);
  total.backward(); // needs no value of y
  EXPECT_EQ(x.grad().item(), 1);
  EXPECT_EQ(message([&] { product.backward(); }),
            "[mul] a tensor that this gradient needs was changed in place "
            "after it was used");
  Tensor e = sqrt(x);
  e.add_(1);
  EXPECT_NE(message([&] { e.backward(); }), "no error");
}

TEST_F(TapeTest, InPlaceErrors) {
  Tensor x = leaf({3, 4});
  EXPECT_EQ(message([&] { x.add_(1); }),
            "[add_] a leaf that requires grad can't be changed in place where "
            "gradients are recorded (use a `NoGradGuard`)");
  EXPECT_EQ(message([&] { x[0] = 1; }),
            "[copy_] a view of a leaf that requires grad can't be changed in "
            "place where gradients are recorded (use a `NoGradGuard`)");
  Tensor y = x * 2;
  Tensor untracked = no_grad([&] { return y[0]; });
  EXPECT_EQ(message([&] { untracked.mul_(2); }),
            "[mul_] a view that was made under `NoGradGuard` can't be changed "
            "in place where gradients are recorded (use a `NoGradGuard`)");
  y.mul_(2);
  EXPECT_EQ(message([&] { untracked * 2; }),
            "[mul] a view that was made under `NoGradGuard` can't be used "
            "where gradients are recorded, once what it is a view of was "
            "changed in place where they are");
  EXPECT_EQ(message([&] { y.expand({3, 2}).add_(1); }),
            "[add_] expected a tensor with a place of its own for each "
            "element, received an expanded one, float64[3, 2] (`clone()` it)");
  // Windows whose elements overlap, and of those that don't.
  Tensor z = ones({4}, kFloat64);
  for (bool turned : {false, true})
    EXPECT_EQ(message([&] {
                Tensor windows = z.unfold(0, 2, 1);
                (turned ? windows.t() : windows).mul_(3);
              }),
              std::string("[mul_] expected a tensor with a place of its own "
                          "for each element, received one of overlapping "
                          "windows, float64") +
                  (turned ? "[2, 3]" : "[3, 2]") + " (`clone()` it)");
  z.unfold(0, 2, 2).mul_(3);
  z.unfold(0, 2, 1)[1].mul_(2);
  EXPECT_EQ(z.to_vector(), (Values{3, 6, 6, 3}));
  std::string device = x.device().str();
  EXPECT_EQ(message([&] { x.set_grad(ones({3}, kFloat64)); }),
            "[set_grad] expected a gradient of type float64[2] on " + device +
                ", received float64[3] on " + device);
  EXPECT_EQ(message([&] {
              Tensor out = zeros({2}, kInt64);
              add_out(out, y.detach(), 1);
            }),
            "[add_out] expected a result that int64 holds, received "
            "float64[2]");
  NoGradGuard no_grad;
  x.add_(1);
  EXPECT_EQ(x.to_vector(), (Values{4, 5}));
}

// A view's base owns the steps that wrote to it: no circle may keep them.
TEST_F(TapeTest, WritesToViewsFreeWhatTheyHeld) {
  std::weak_ptr<TensorImpl> base;
  std::weak_ptr<Storage> memory;
  {
    Tensor x = leaf({1, 2, 3});
    Tensor y = x * 2, row = y[0];
    row.mul_(x[0]);
    y[1] += row;
    sum(y * row).backward();
    base = y.impl();
    memory = y.impl()->storage;
  }
  EXPECT_TRUE(base.expired());
  EXPECT_TRUE(memory.expired());
}

TEST_F(TapeTest, GradientsHaveMemoryOfTheirOwn) {
  Tensor a = leaf({1, 2}), b = leaf({3, 4});
  Tensor seed = tensor({1., 1.}, kFloat64);
  (a + b).backward(seed);
  a.grad().mul_(tensor({10., 20.}, kFloat64));
  EXPECT_EQ(a.grad().to_vector(), (Values{10, 20}));
  EXPECT_EQ(b.grad().to_vector(), (Values{1, 1}));
  EXPECT_EQ(seed.to_vector(), (Values{1, 1}));
  // Where nobody else holds it, the first gradient is taken as it is.
  Tensor held = a.grad();
  sum(a * b).backward();
  EXPECT_TRUE(held.is(a.grad()));
  EXPECT_EQ(held.to_vector(), (Values{13, 24}));
}

TEST_F(TapeTest, BackwardErrors) {
  Tensor x = leaf({1, 2});
  EXPECT_EQ(message([&] { x.detach().backward(); }),
            "[backward] expected a tensor that requires grad, received one "
            "that was made from no such tensor");
  EXPECT_EQ(message([&] { (x * 2).backward(); }),
            "[backward] expected a gradient for a tensor of more than one "
            "element, float64[2], received none");
  EXPECT_EQ(message([&] { (x * 2).backward(ones({2})); }),
            "[backward] expected a gradient of type float64[2], received "
            "float32[2]");
  EXPECT_EQ(message([&] { ones({1}, kInt64).requires_grad_(); }),
            "[requires_grad_] expected a floating-point tensor, received "
            "int64[1]");
  EXPECT_EQ(message([&] { (x * 2).requires_grad_(false); }),
            "[requires_grad_] expected a leaf to clear the flag of, received a "
            "tensor made by an op, which requires grad as its operands do (use "
            "`detach()`)");
}

TEST_F(TapeTest, GradientErrorsNameTheForwardLine) {
  Tensor x = leaf({3}), y = tensor({2.0}, kFloat64);
  unsigned line = __LINE__ + 1;
  Tensor product = x * y;
  y.fill_(7);
  try {
    product.backward();
    ADD_FAILURE();
  } catch (const Error &error) {
    EXPECT_EQ(error.location()->line(), line);
  }
}

TEST_F(TapeTest, LongChainsDontOverflowTheStack) {
  DeviceGuard device(kCPU); // the tape is the same everywhere
  Tensor x = leaf({1});
  Tensor y = x;
  for (int i = 0; i < 200000; ++i)
    y = y + 1;
  y.backward();
  EXPECT_EQ(x.grad().item(), 1);
  y = Tensor();
}

TEST_F(TapeTest, ViewsHaveGradients) {
  Tensor x = leaf({{1, 2}, {3, 4}});
  Tensor y = x.t()[1].view({2, 1}).expand({2, 3});
  sum(y * y).backward();
  EXPECT_EQ(x.grad().to_vector(), (Values{0, 12, 0, 24}));
  x.set_grad({});
  sum(x.clone().reshape({4})).backward();
  EXPECT_EQ(x.grad().to_vector(), (Values{1, 1, 1, 1}));
}

TEST_F(TapeTest, TypesHaveGradients) {
  Tensor x = ones({2}).requires_grad_();
  sum(x.to(kFloat64) * 3).backward();
  EXPECT_EQ(x.grad().dtype(), kFloat32);
  EXPECT_EQ(x.grad().to_vector(), (Values{3, 3}));
}

/// Tensors know no executor but by its interface.
struct OtherExecutor : Executor {
  std::vector<Tensor> execute(const OpCall &) override { return {}; }
  void assign(Tensor &, const Tensor &, SourceLocation) override {}
  void backward(const Tensor &, const Tensor &seed,
                const BackwardOptions &options, SourceLocation) override {
    asked += options.retain_graph ? 'r' : '-';
    asked += options.create_graph ? 'c' : '-';
    asked += seed.defined() ? 's' : '-';
  }
  Tensor to_device(const Tensor &tensor, Device device,
                   SourceLocation) override {
    asked += device.str();
    return tensor;
  }
  const void *data(const Tensor &, SourceLocation) override { return nullptr; }
  std::string asked;
};

TEST_F(TapeTest, AnyExecutorIsAsked) {
  Tensor x = leaf({1, 2}), v = x[0];
  OtherExecutor other;
  {
    ExecutorScope scope(other);
    x.backward();
    x.backward(x, true);
    x.backward({}, false, true);
    EXPECT_TRUE(x.to("cuda:7").is(x));
    // Who has made a tensor knows its history.
    EXPECT_TRUE(v.requires_grad());
  }
  EXPECT_EQ(other.asked, "---r-s-c-cuda:7");
}

} // namespace
