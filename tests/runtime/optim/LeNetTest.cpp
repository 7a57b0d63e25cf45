//===- LeNetTest.cpp - LeNet's first steps in eager mode
//--------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/autograd/ReferenceKernels.h"
#include "tests/runtime/autograd/Stored.h"

#include <gtest/gtest.h>

using namespace tensorc;
using namespace tensorc::test;

namespace {

/// The numbers of tests/oracle/lenet.py.
struct Stream {
  std::uint32_t next() { return x = x * 1664525u + 1013904223u; }
  double uniform() { return (next() >> 8) * 0x1p-24; }

  std::uint32_t x;
};

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
    Stream stream{1};
    std::int64_t fan_in = 0;
    for (Tensor &parameter : parameters()) {
      if (parameter.dim() > 1)
        fan_in = parameter.numel() / parameter.size(0);
      float *values = parameter.data_ptr<float>();
      for (std::int64_t i = 0; i < parameter.numel(); ++i)
        values[i] =
            float((2 * stream.uniform() - 1) / std::sqrt(double(fan_in)));
    }
  }
};

struct Batch {
  Batch(std::uint32_t number, std::int64_t size)
      : images(zeros({size, 1, 32, 32})), labels(zeros({size}, kInt64)) {
    Stream stream{100 + number};
    for (std::int64_t i = 0; i < images.numel(); ++i)
      images.data_ptr<float>()[i] = float(2 * stream.uniform() - 1);
    for (std::int64_t i = 0; i < size; ++i)
      labels.data_ptr<std::int64_t>()[i] = (stream.next() >> 16) % 10;
  }
  Tensor images, labels;
};

void check_losses(DType dtype, std::size_t steps, double tolerance) {
  use_reference_kernels();
  json oracle = read_oracle("lenet_losses.json");
  LeNet net;
  net.fill();
  net.to(dtype);
  optim::SGD sgd(net.parameters(),
                 {.lr = oracle["lr"], .momentum = oracle["momentum"]});
  nn::CrossEntropyLoss criterion;
  std::vector<Batch> batches;
  for (std::uint32_t b = 0; b < oracle["batches"]; ++b)
    batches.emplace_back(b, oracle["batch"].get<std::int64_t>());
  const json &expected = oracle[std::string(name(dtype))];
  ASSERT_LE(steps, expected.size());
  for (std::size_t step = 0; step < steps; ++step) {
    const Batch &batch = batches[step % batches.size()];
    sgd.zero_grad();
    Tensor loss = criterion(net.forward(batch.images.to(dtype)), batch.labels);
    loss.backward();
    sgd.step();
    double wanted = expected[step];
    EXPECT_NEAR(loss.item(), wanted, tolerance * wanted) << "step " << step;
  }
}

// The learning rate is a float32, so the runs in float64 part slowly.
TEST(LeNet, LossesAreThoseOfPyTorchInFloat64) {
  check_losses(kFloat64, 20, 1e-9);
}
TEST(LeNet, LossesAreThoseOfPyTorchInFloat32) {
  check_losses(kFloat32, 20, 2e-6);
}

} // namespace
