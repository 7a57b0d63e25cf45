//===- SGDTest.cpp - SGD against PyTorch ----------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/oracle/Stored.h"
#include "tests/runtime/autograd/Device.h"

#include <gtest/gtest.h>

using namespace tensorc;
using namespace tensorc::test;

namespace {

class SGDTest : public testing::Test {
protected:
  void SetUp() override { use_device(); }
};

std::string message(auto &&action) {
  try {
    action();
  } catch (const Error &error) {
    return error.message();
  }
  return "no error";
}

TEST_F(SGDTest, StepsAreThoseOfPyTorch) {
  json oracle = read_oracle("core.json");
  ASSERT_FALSE(oracle["sgd"].empty());
  for (const json &run : oracle["sgd"]) {
    const json &given = run["options"];
    optim::SGDOptions options;
    options.lr = given["lr"];
    options.momentum = given.value("momentum", 0.0);
    options.dampening = given.value("dampening", 0.0);
    options.weight_decay = given.value("weight_decay", 0.0);
    options.nesterov = given.value("nesterov", false);
    Tensor p = tensor({1.0, -2.0, 3.0}, kFloat64).requires_grad_();
    Tensor c = tensor({0.5, 0.25, -1.0}, kFloat64);
    Tensor w = tensor({1.0, 0.5, 2.0}, kFloat64);
    optim::SGD sgd({p}, options);
    for (std::size_t step = 0; step < run["losses"].size(); ++step) {
      sgd.zero_grad();
      Tensor loss = sum(w * square(p - c));
      loss.backward();
      sgd.step();
      EXPECT_NEAR(loss.item(), run["losses"][step].get<double>(), 1e-12)
          << given << " step " << step;
      std::vector<double> expected = run["parameters"][step];
      for (std::size_t i = 0; i < 3; ++i)
        EXPECT_NEAR(p.to_vector()[i], expected[i], 1e-12)
            << given << " step " << step;
    }
  }
}

TEST_F(SGDTest, ParametersWithoutGradientStay) {
  Tensor p = ones({2}).requires_grad_(), q = ones({2}).requires_grad_();
  optim::SGD sgd({p, q}, {.lr = 1, .momentum = 0.9});
  sum(p).backward();
  sgd.step();
  EXPECT_EQ(p.to_vector(), (std::vector<double>{0, 0}));
  EXPECT_EQ(q.to_vector(), (std::vector<double>{1, 1}));
  sgd.zero_grad();
  EXPECT_FALSE(p.grad().defined());
}

TEST_F(SGDTest, TheLearningRateIsState) {
  Tensor p = ones({1}).requires_grad_();
  optim::SGD sgd({p}, {.lr = 1});
  sgd.set_lr(0.25);
  sum(p).backward();
  sgd.step();
  EXPECT_EQ(p.item(), 0.75);
  ASSERT_EQ(sgd.state().size(), 1u);
  EXPECT_TRUE(sgd.state()[0].value.is(sgd.lr()));
}

TEST_F(SGDTest, StateHasTheTypesOfTheParameters) {
  // As PyTorch: what was made before the module was converted, and after.
  for (bool stepped : {false, true}) {
    nn::Linear layer(2, 1);
    optim::SGD sgd(layer->parameters(), {.lr = 0.1, .momentum = 0.9});
    EXPECT_EQ(sgd.lr().dtype(), kFloat32);
    if (stepped) {
      sum(layer->weight).backward();
      sgd.step();
    }
    layer->to(kFloat64);
    for (const optim::Optimizer::State &state : sgd.state())
      EXPECT_EQ(state.value.dtype(), kFloat64) << state.name;
    EXPECT_EQ(sgd.lr().item(), 0.1);
    EXPECT_EQ(sgd.state()[1].value.to_vector(),
              std::vector<double>(2, stepped ? 1 : 0));
    sgd.zero_grad();
    sum(layer->weight * 2).backward();
    std::vector<double> before = layer->weight.to_vector();
    sgd.step();
    double step = 0.1 * (stepped ? 0.9 + 2 : 2);
    for (int i = 0; i < 2; ++i)
      EXPECT_NEAR(layer->weight.to_vector()[i], before[i] - step, 1e-15);
    layer->to(kFloat32);
    sgd.step();
    for (const optim::Optimizer::State &state : sgd.state())
      EXPECT_EQ(state.value.dtype(), kFloat32) << state.name;
  }
}

TEST_F(SGDTest, ASetLearningRateOutlivesAConversion) {
  Tensor p = ones({1}).requires_grad_();
  struct Holder : nn::Module {
    explicit Holder(Tensor p) { register_parameter("p", p); }
  } holder(p);
  optim::SGD sgd({p}, {.lr = 1});
  sgd.set_lr(0.3);
  EXPECT_EQ(sgd.options().lr, 0.3);
  holder.to(kFloat64);
  sgd.state();
  EXPECT_EQ(sgd.lr().item(), 0.3);
  // Written as a tensor, as a loaded one is.
  holder.to(kFloat32);
  sgd.state();
  Tensor lr = sgd.lr();
  lr.fill_(0.7);
  holder.to(kFloat64);
  sgd.state();
  EXPECT_EQ(sgd.lr().item(), double(0.7f));
}

TEST_F(SGDTest, BadOptionsAreErrors) {
  Tensor p = ones({1}).requires_grad_();
  EXPECT_EQ(message([&] { optim::SGD({}, {}); }),
            "[Optimizer] expected at least one parameter, received none");
  EXPECT_EQ(message([&] { optim::SGD({p, p}, {}); }),
            "[Optimizer] the same parameter is given twice, at 0 and 1");
  EXPECT_EQ(message([&] { optim::SGD({p * 2}, {}); }),
            "[Optimizer] expected parameters that are leaves, received a "
            "tensor made by an op");
  EXPECT_EQ(message([&] { optim::SGD({p}, {.lr = -1}); }),
            "[SGD] expected `lr` of at least 0, received -1.000000");
  EXPECT_EQ(message([&] { optim::SGD({p}, {.nesterov = true}); }),
            "[SGD] nesterov needs a momentum and no dampening, received "
            "momentum 0.000000 and dampening 0.000000");
}

} // namespace
