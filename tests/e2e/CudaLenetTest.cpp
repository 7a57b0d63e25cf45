//===- CudaLenetTest.cpp - LeNet's GPU code, without a GPU ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The object of LeNet for CUDA on a fake driver and an emulator.
//
//===----------------------------------------------------------------------===//

#include "tests/e2e/CudaLenet.h"
#include "tests/e2e/EmulatedProgram.h"

#include <gtest/gtest.h>

using namespace tensorc::test;

namespace {

FakeDriver &fakeDriver() {
  static FakeDriver &fake = loadFakeDriver(FAKE_DRIVER);
  return fake;
}

EmulatedProgram &emulatedLenet() {
  static EmulatedProgram lenet(PLANNED_FOLDER "/cuda_lenet-planned.mlir");
  return lenet;
}

class CudaLenetTest : public testing::Test {
protected:
  void SetUp() override {
    fake = FakeDriver();
    fake.sm = 80;
    lenet.order = ThreadOrder::Shuffled;
    lenet.installIn(fake);
  }
  void TearDown() override {
    for (const std::string &violation : fake.violations)
      ADD_FAILURE() << violation;
    for (const auto &[kind, count] : fake.live)
      EXPECT_EQ(count, 0) << kind << " was not given back";
  }

  FakeDriver &fake = fakeDriver();
  EmulatedProgram &lenet = emulatedLenet();
  nlohmann::json oracle = read_lenet_losses();
};

TEST_F(CudaLenetTest, LossesAreThoseOfPyTorch) {
  std::vector<float> losses = firstLosses(oracle, oracle["float64"].size());
  for (size_t step = 0; step < losses.size(); ++step) {
    double wanted = oracle["float64"][step];
    EXPECT_NEAR(losses[step], wanted, 1e-4 * wanted) << "step " << step;
  }
}

TEST_F(CudaLenetTest, TheOrderOfThreadsChangesNoBit) {
  std::vector<float> expected = firstLosses(oracle, 3);
  for (ThreadOrder order : {ThreadOrder::Forward, ThreadOrder::Backward}) {
    lenet.order = order;
    EXPECT_EQ(firstLosses(oracle, 3), expected) << int(order);
  }
}

TEST_F(CudaLenetTest, StateGoesThroughFiles) {
  std::string path = testing::TempDir() + "cuda-lenet.safetensors";
  cuda_lenet::CudaModel model;
  fill(model, 0.5f);
  model.save(path);
  cuda_lenet::CudaModel other;
  other.load(path);
  std::remove(path.c_str());
  EXPECT_EQ(other.read<float>("sgd.lr"), std::vector{0.5f});
  EXPECT_EQ(other.read<float>("fc1.weight"), model.read<float>("fc1.weight"));
  EXPECT_THROW(model.read<float>("fc9.weight"), cuda_lenet::Error);
  EXPECT_THROW(model.write<float>("sgd.lr", std::array{1.0f, 2.0f}),
               cuda_lenet::Error);
}

TEST_F(CudaLenetTest, ArgumentsAreChecked) {
  cuda_lenet::CudaModel model;
  fill(model, oracle["lr"]);
  LeNetBatch batch(0, 64);
  std::vector<float> logits(640), none;
  std::vector<std::int64_t> few(63);
  std::array<float, 1> loss;
  model.train_step(batch.images, batch.labels, loss, logits);
  model.train_step(batch.images, batch.labels, nullptr, logits);
  auto refused = [&](auto &&call) -> std::string {
    try {
      call();
    } catch (const cuda_lenet::Error &error) {
      EXPECT_EQ(error.status(), TENSORC_ERROR_INVALID_ARGUMENT);
      return error.what();
    }
    return "nothing was thrown";
  };
  EXPECT_EQ(refused([&] { model.train_step(batch.images, few, loss); }),
            "cuda_lenet::CudaModel::train_step: `labels` i64[64] has 64 "
            "elements, received 63");
  EXPECT_EQ(refused([&] { model.train_step(nullptr, batch.labels, loss); }),
            "cuda_lenet::CudaModel::train_step: `images` f32[64, 1, 32, 32] is "
            "null");
  // An output is left out by name, not by a container without elements.
  EXPECT_EQ(refused([&] {
              model.train_step(batch.images, batch.labels, loss, none);
            }),
            "cuda_lenet::CudaModel::train_step: `logits` f32[64, 10] has 640 "
            "elements, received 0 (only a null pointer leaves one out)");
  cuda_lenet::CudaModel other = std::move(model);
  EXPECT_EQ(refused([&] { model.train_step(batch.images, batch.labels); }),
            "cuda_lenet::CudaModel::train_step: the model was moved from");
  EXPECT_EQ(refused([&] { model.synchronize(); }),
            "cuda_lenet::CudaModel::synchronize: the model was moved from");
  EXPECT_EQ(refused([&] { model.save("never"); }),
            "cuda_lenet::CudaModel::save: the model was moved from");
  other.synchronize();
}

TEST_F(CudaLenetTest, LaunchesAreThePlannedOnes) {
  cuda_lenet::CudaModel model;
  fill(model, oracle["lr"]);
  LeNetBatch batch(0, 64);
  model.train_step(batch.images.data(), batch.labels.data());
  model.synchronize();
  const std::vector<std::string> &expected = lenet.programs.at("train_step");
  ASSERT_EQ(lenet.launched.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    const auto &[name, launch] = lenet.launched[i];
    EXPECT_EQ(name, expected[i]) << "launch " << i;
    const EmulatedProgram::Shape &shape = lenet.shapes.at(name);
    EXPECT_EQ(launch.grid[0], shape.grid) << name;
    EXPECT_EQ(launch.block[0], shape.block) << name;
    EXPECT_EQ(launch.arguments.size(), shape.arguments) << name;
    for (int dimension : {1, 2}) {
      EXPECT_EQ(launch.grid[dimension], 1u) << name;
      EXPECT_EQ(launch.block[dimension], 1u) << name;
    }
  }
}

TEST_F(CudaLenetTest, ALabelOutOfRangeIsAnError) {
  cuda_lenet::CudaModel model;
  fill(model, oracle["lr"]);
  LeNetBatch batch(0, 64);
  batch.labels[63] = 10;
  float loss;
  try {
    model.train_step(batch.images.data(), batch.labels.data(), &loss);
    ADD_FAILURE() << "label 10 was taken";
  } catch (const cuda_lenet::Error &error) {
    EXPECT_EQ(error.status(), TENSORC_ERROR_INDEX_OUT_OF_RANGE);
    EXPECT_STREQ(error.what(),
                 "`cuda_lenet_train_step`: [cross_entropy] expected indices in "
                 "[0, 10) or -100, received others at `labels` (lenet.cpp:68)");
  }
}

/// Neither a step that fails nor those after it change a bit of the state,
/// until somebody hears of it.
TEST_F(CudaLenetTest, AStepThatFailsLeavesStateAsItWas) {
  cuda_lenet::CudaModel model;
  fill(model, oracle["lr"]);
  LeNetBatch good(0, 64), bad(0, 64);
  bad.labels[63] = 10;
  auto step = [&](const LeNetBatch &batch) {
    model.train_step(batch.images.data(), batch.labels.data());
  };
  auto contents = [&] {
    std::vector<float> all;
    for (const char *layer : {"conv1", "conv2", "fc1", "fc2", "fc3"})
      for (const char *parameter : {".weight", ".bias"})
        for (std::string prefix : {"", "sgd.momentum_buffer."}) {
          auto values = model.read<float>(prefix + layer + parameter);
          all.insert(all.end(), values.begin(), values.end());
        }
    return all;
  };
  step(good);
  std::vector<float> before = contents();
  step(bad);
  step(good);
  EXPECT_THROW(model.synchronize(), cuda_lenet::Error);
  EXPECT_EQ(contents(), before);
  step(good);
  EXPECT_NE(contents(), before);
}

TEST_F(CudaLenetTest, OtherDevicesHaveNoCode) {
  fake.sm = 75;
  try {
    cuda_lenet::CudaModel model;
    ADD_FAILURE() << "opened on a device that the code isn't for";
  } catch (const cuda_lenet::Error &error) {
    EXPECT_EQ(error.status(), TENSORC_ERROR_NO_DEVICE) << error.what();
  }
}

} // namespace
