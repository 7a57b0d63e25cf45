//===- LeNetTest.cpp - LeNet's first steps in eager mode ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/oracle/LeNetNumbers.h"
#include "tests/oracle/Stored.h"
#include "tests/runtime/autograd/Device.h"

#include <gtest/gtest.h>

using namespace tensorc;
using namespace tensorc::test;

namespace {

struct LeNet : nn::Module {
  nn::Conv2d conv1 = register_module("conv1", nn::Conv2d(1, 6, 3));
  nn::Conv2d conv2 = register_module("conv2", nn::Conv2d(6, 16, 3));
  nn::Linear fc1 = register_module("fc1", nn::Linear(16 * 6 * 6, 120));
  nn::Linear fc2 = register_module("fc2", nn::Linear(120, 84));
  nn::Linear fc3 = register_module("fc3", nn::Linear(84, 10));

  Tensor forward(const Tensor &images) {
    Tensor x = F::max_pool2d(F::relu(conv1(images)), {2, 2});
    x = F::max_pool2d(F::relu(conv2(x)), 2);
    x = x.view({-1, 16 * 6 * 6});
    return fc3(F::relu(fc2(F::relu(fc1(x)))));
  }

  void fill() {
    NoGradGuard no_grad;
    LeNetWeights weights;
    std::int64_t fan_in = 0;
    for (Tensor &parameter : parameters()) {
      if (parameter.dim() > 1)
        fan_in = parameter.numel() / parameter.size(0);
      std::vector<float> values(std::size_t(parameter.numel()));
      weights.fill(values, fan_in);
      parameter.copy_(from_vector(values, parameter.shape()));
    }
  }
};

struct Batch {
  explicit Batch(const LeNetBatch &numbers)
      : labels(from_vector(numbers.labels,
                           {std::int64_t(numbers.labels.size())})) {
    images = from_vector(numbers.images, {labels.numel(), 1, 32, 32});
  }
  Tensor images, labels;
};

std::vector<double> first_losses(const json &oracle, DType dtype,
                                 std::size_t steps) {
  LeNet net;
  net.fill();
  net.to(dtype);
  optim::SGD sgd(net.parameters(),
                 {.lr = oracle["lr"], .momentum = oracle["momentum"]});
  nn::CrossEntropyLoss criterion;
  std::vector<Batch> batches;
  for (std::uint32_t b = 0; b < oracle["batches"]; ++b)
    batches.emplace_back(LeNetBatch(b, oracle["batch"].get<std::int64_t>()));
  std::vector<double> losses;
  for (std::size_t step = 0; step < steps; ++step) {
    const Batch &batch = batches[step % batches.size()];
    sgd.zero_grad();
    Tensor loss = criterion(net.forward(batch.images.to(dtype)), batch.labels);
    loss.backward();
    sgd.step();
    losses.push_back(loss.item());
  }
  return losses;
}

class LeNetTest : public testing::Test {
protected:
  void SetUp() override { use_device(); }
};

void check_losses(DType dtype, double tolerance) {
  json oracle = read_lenet_losses();
  const json &expected = oracle[std::string(name(dtype))];
  set_num_threads(1);
  std::vector<double> losses = first_losses(oracle, dtype, expected.size());
  for (std::size_t step = 0; step < losses.size(); ++step) {
    double wanted = expected[step];
    EXPECT_NEAR(losses[step], wanted, tolerance * wanted) << "step " << step;
  }
  set_num_threads(2);
  EXPECT_EQ(first_losses(oracle, dtype, 3),
            std::vector<double>(losses.begin(), losses.begin() + 3));
  set_num_threads(0);
}

// The learning rate is a float32, so the runs in float64 part slowly.
TEST_F(LeNetTest, LossesAreThoseOfPyTorchInFloat64) {
  check_losses(kFloat64, 1e-9);
}
TEST_F(LeNetTest, LossesAreThoseOfPyTorchInFloat32) {
  // Other sums are other roundings, which 20 steps enlarge.
  check_losses(kFloat32, default_device().is_cuda() ? 1e-4 : 2e-6);
}

} // namespace
