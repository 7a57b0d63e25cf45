//===- LenetTest.cpp - The compiled LeNet, as a user's program sees it ----===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lenet.h"
#include "lenet_o0.h"
#include "small.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <random>
#include <vector>

//===----------------------------------------------------------------------===//
// Counting allocations
//===----------------------------------------------------------------------===//

static std::atomic<std::int64_t> allocations{0};

extern "C" void *__libc_malloc(std::size_t size);
extern "C" void *__libc_calloc(std::size_t count, std::size_t size);
extern "C" void *__libc_memalign(std::size_t alignment, std::size_t size);
extern "C" void *malloc(std::size_t size) {
  ++allocations;
  return __libc_malloc(size);
}
extern "C" void *calloc(std::size_t count, std::size_t size) {
  ++allocations;
  return __libc_calloc(count, size);
}
extern "C" void *aligned_alloc(std::size_t alignment, std::size_t size) {
  ++allocations;
  return __libc_memalign(alignment, size);
}

namespace {

constexpr int kBatch = 64;

struct Batch {
  std::vector<float> images = std::vector<float>(kBatch * 32 * 32);
  std::vector<std::int64_t> labels = std::vector<std::int64_t>(kBatch);

  explicit Batch(unsigned seed) {
    std::mt19937 generator(seed);
    for (float &pixel : images)
      pixel = float(generator() % 2048) / 1024.0f - 1.0f;
    for (int i = 0; i < kBatch; ++i) {
      labels[i] = generator() % 10;
      // Three bright rows say which label it is.
      for (int pixel = 0; pixel < 3 * 32; ++pixel)
        images[(i * 32 + 3 * labels[i]) * 32 + pixel] += 1;
    }
  }
};

std::string weights(const std::string &name) {
  return std::string(MODELS) + "/" + name + ".safetensors";
}

template <typename Model> std::vector<float> train(Model &model, int steps) {
  std::vector<float> losses(steps), logits(kBatch * 10);
  for (int step = 0; step < steps; ++step) {
    Batch batch(step % 4);
    model.train_step(batch.images.data(), batch.labels.data(), &losses[step],
                     logits.data());
  }
  return losses;
}

std::vector<char> bytes(const void *data, std::size_t size) {
  auto *begin = static_cast<const char *>(data);
  return {begin, begin + size};
}

class LenetTest : public testing::Test {
protected:
  void SetUp() override { model.load(weights("lenet")); }
  void TearDown() override { tensorc_rt_set_num_threads(0); }

  lenet::Model model;
};

TEST_F(LenetTest, LearnsTheBatchesThatItSees) {
  std::vector<float> losses = train(model, 200);
  EXPECT_NEAR(losses.front(), std::log(10.0), 0.2);
  EXPECT_LT(losses.back(), 0.7 * losses.front());
}

TEST_F(LenetTest, GivesTheSameBitsForAnyNumberOfThreads) {
  std::vector<char> initial = bytes(model.state(), lenet::Model::state_bytes);
  std::vector<char> expected;
  for (int threads : {1, 2, 3, 7, 16, 64}) {
    std::memcpy(model.state(), initial.data(), initial.size());
    tensorc_rt_set_num_threads(threads);
    train(model, 5);
    std::vector<char> state = bytes(model.state(), lenet::Model::state_bytes);
    if (expected.empty())
      expected = state;
    EXPECT_EQ(state, expected) << threads << " threads";
  }
}

TEST_F(LenetTest, UnoptimizedCodeComputesTheSame) {
  lenet_o0::Model plain;
  plain.load(weights("lenet"));
  std::vector<float> fast = train(model, 10), slow = train(plain, 10);
  for (int step = 0; step < 10; ++step)
    EXPECT_NEAR(fast[step], slow[step], 1e-5 * fast[step]) << step;
}

TEST_F(LenetTest, AStepAllocatesNothing) {
  Batch batch(1);
  float loss;
  std::vector<float> logits(kBatch * 10);
  // The first launch may start the threads.
  model.train_step(batch.images.data(), batch.labels.data(), &loss,
                   logits.data());
  std::int64_t before = allocations;
  for (int step = 0; step < 10; ++step)
    model.train_step(batch.images.data(), batch.labels.data(), &loss,
                     logits.data());
  EXPECT_EQ(allocations, before);
}

TEST_F(LenetTest, ALabelOutOfRangeIsAnErrorAndChangesNothing) {
  std::vector<char> before = bytes(model.state(), lenet::Model::state_bytes);
  float loss;
  std::vector<float> logits(kBatch * 10);
  for (std::int64_t label : {std::int64_t(10), std::int64_t(-1), INT64_MAX}) {
    Batch batch(1);
    batch.labels[kBatch - 1] = label;
    try {
      model.train_step(batch.images.data(), batch.labels.data(), &loss,
                       logits.data());
      ADD_FAILURE() << "label " << label << " was taken";
    } catch (const lenet::Error &error) {
      EXPECT_EQ(error.status(), TENSORC_ERROR_INDEX_OUT_OF_RANGE);
      EXPECT_EQ(error.what(),
                "`train_step`: [cross_entropy] expected indices in [0, 10) or "
                "-100, received " +
                    std::to_string(label) + " at `labels[63]` (lenet.cpp:68)");
    }
    EXPECT_EQ(bytes(model.state(), lenet::Model::state_bytes), before);
  }
}

TEST_F(LenetTest, NullAndMisalignedBuffersAreErrors) {
  Batch batch(1);
  float loss, logits[kBatch * 10];
  alignas(64) static char workspace[LENET_TRAIN_STEP_WORKSPACE_BYTES + 64];
  EXPECT_EQ(lenet_train_step(model.state(), workspace, nullptr,
                             batch.labels.data(), &loss, logits),
            TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_STREQ(tensorc_rt_last_error(), "lenet_train_step: `images` is null");
  EXPECT_EQ(lenet_train_step(nullptr, workspace, batch.images.data(),
                             batch.labels.data(), &loss, logits),
            TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_STREQ(tensorc_rt_last_error(), "lenet_train_step: `state` is null");
  EXPECT_EQ(lenet_train_step(model.state(), workspace + 4, batch.images.data(),
                             batch.labels.data(), &loss, logits),
            TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_STREQ(tensorc_rt_last_error(),
               "lenet_train_step: `workspace` is not aligned to 64 bytes");
}

TEST_F(LenetTest, SavedWeightsServeAnInferenceOnlyModel) {
  train(model, 3);
  std::string path = testing::TempDir() + "lenet-e2e.safetensors";
  model.save(path);
  small::Model inference;
  inference.load(path);
  std::filesystem::remove(path);
  constexpr auto shape = lenet::Model::infer_images_shape;
  std::vector<float> images(shape[0] * shape[1] * shape[2] * shape[3]);
  for (std::size_t i = 0; i < images.size(); ++i)
    images[i] = std::sin(0.01f * float(i));
  std::vector<float> logits(shape[0] * 10), expected(shape[0] * 10);
  model.infer(images.data(), expected.data());
  inference.infer(images.data(), logits.data());
  EXPECT_EQ(logits, expected);
  EXPECT_LT(small::Model::state_bytes, lenet::Model::state_bytes);
}

TEST_F(LenetTest, RunsInTheCallersMemory) {
  std::vector<char> memory(lenet::Model::state_bytes +
                           lenet::Model::workspace_bytes + 64);
  void *state = memory.data();
  std::size_t space = memory.size();
  ASSERT_TRUE(std::align(64, space - 64, state, space));
  lenet::Model mine(state,
                    static_cast<char *>(state) + lenet::Model::state_bytes);
  mine.load(weights("lenet"));
  EXPECT_EQ(train(mine, 3), train(model, 3));
  EXPECT_EQ(mine.state(), state);
}

TEST_F(LenetTest, StateTensorsHaveNames) {
  EXPECT_EQ(model.tensor<float>("conv1.weight").size(), 54u);
  EXPECT_EQ(model.tensor<float>("sgd.lr").size(), 1u);
  EXPECT_THROW(model.tensor<float>("conv9.weight"), lenet::Error);
  EXPECT_THROW(model.tensor<double>("conv1.weight"), lenet::Error);
  // The learning rate is an input: zero means that nothing is learned.
  model.tensor<float>("sgd.lr")[0] = 0;
  std::vector<float> before(model.tensor<float>("fc3.weight").begin(),
                            model.tensor<float>("fc3.weight").end());
  train(model, 2);
  std::vector<float> after(model.tensor<float>("fc3.weight").begin(),
                           model.tensor<float>("fc3.weight").end());
  EXPECT_EQ(before, after);
}

TEST_F(LenetTest, AMissingFileIsAnErrorThatNamesIt) {
  try {
    model.load("/nonexistent/weights.safetensors");
    ADD_FAILURE() << "loaded a file that isn't there";
  } catch (const lenet::Error &error) {
    EXPECT_EQ(error.status(), TENSORC_ERROR_IO);
    EXPECT_NE(std::string(error.what()).find("/nonexistent/weights"),
              std::string::npos);
  }
}

} // namespace
