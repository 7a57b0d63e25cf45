//===- CudaAnyBatchTest.cpp - LeNet's GPU code for batches of any size ----===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One object whose batch each call says, on a fake driver and an emulator.
//
//===----------------------------------------------------------------------===//

#include "cuda_any_lenet.h"
#include "tests/e2e/CudaLenet.h"
#include "tests/e2e/Gpu.h"

#include <gtest/gtest.h>

#include <optional>

using namespace tensorc::test;

namespace {

class CudaAnyBatchTest : public testing::Test {
protected:
  void SetUp() override {
    use_gpu("cuda_any_lenet");
    if (IsSkipped())
      return;
    model.emplace();
    fill(*model, oracle["lr"]);
  }
  void TearDown() override {
    model.reset();
    leave_gpu();
  }
  /// The logits of the first `count` images of the first batch.
  std::vector<float> infer(std::int64_t count) {
    LeNetBatch batch(0, oracle["batch"].get<std::int64_t>());
    std::vector<float> logits(std::size_t(count) * 10);
    model->infer(count, batch.images.data(), logits);
    return logits;
  }

  nlohmann::json oracle = read_lenet_losses();
  std::optional<cuda_any_lenet::CudaModel> model;
};

TEST_F(CudaAnyBatchTest, LossesAreThoseOfPyTorch) {
  auto size = oracle["batch"].get<std::int64_t>();
  for (std::uint32_t step = 0; step < 4; ++step) {
    LeNetBatch batch(step % oracle["batches"].get<std::uint32_t>(), size);
    float loss = 0;
    model->train_step(size, batch.images, batch.labels, &loss);
    double wanted = oracle["float64"][step];
    EXPECT_NEAR(loss, wanted, 1e-4 * wanted) << "step " << step;
  }
}

TEST_F(CudaAnyBatchTest, AnImageIsTheSameInEachBatch) {
  std::vector<float> all = infer(64);
  for (std::int64_t count : {1, 5, 32, 63, 5}) {
    std::vector<float> some = infer(count);
    for (std::size_t i = 0; i < some.size(); ++i)
      ASSERT_NEAR(some[i], all[i], 1e-5) << count << " images, logit " << i;
  }
}

// Means of losses are over the batch: one that has the same images several
// times trains as one that has each once.
TEST_F(CudaAnyBatchTest, SeveralOfTheSameTrainAsOne) {
  auto train = [&](std::int64_t count, std::int64_t times) {
    model.emplace();
    fill(*model, 0.1f);
    LeNetBatch once(0, count), batch(0, 0);
    for (std::int64_t i = 0; i < times; ++i) {
      batch.images.insert(batch.images.end(), once.images.begin(),
                          once.images.end());
      batch.labels.insert(batch.labels.end(), once.labels.begin(),
                          once.labels.end());
    }
    model->train_step(count * times, batch.images, batch.labels);
    std::vector<float> state;
    for (const char *name : {"conv1.weight", "fc1.weight", "fc3.bias"})
      for (float value : model->read<float>(name))
        state.push_back(value);
    return state;
  };
  for (auto [count, times] :
       {std::pair<std::int64_t, std::int64_t>{32, 2}, {7, 2}, {1, 33}}) {
    std::vector<float> one = train(count, 1), several = train(count, times);
    for (std::size_t i = 0; i < one.size(); ++i)
      ASSERT_NEAR(several[i], one[i], 1e-6) << count << " images, " << i;
  }
}

} // namespace
