//===- GpuModelsTest.cpp - Models whose sizes each call says, on a GPU ----===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A model of ModelsTest.cpp on a fake driver and an emulator: MODEL, of KIND.
// One in each program, as the emulator's context knows one `B`.
//
//===----------------------------------------------------------------------===//

#include MODEL_HEADER

#include "tests/e2e/Gpu.h"
#include "tests/e2e/sizes/Learner.h"

#include <gtest/gtest.h>

#include <map>
#include <span>

using namespace tensorc::test;

namespace {

/// A model on a GPU whose tensors are in the host's memory between its calls.
template <typename Model> class OnGpu : public Model {
public:
  template <typename T> std::span<T> tensor(const std::string &name) {
    auto [held, isNew] = tensors.try_emplace(name);
    if (isNew)
      held->second = this->template read<T>(name);
    return held->second;
  }
  void train_step(auto &&...arguments) {
    upload();
    Model::train_step(arguments...);
  }
  void infer(auto &&...arguments) {
    upload();
    Model::infer(arguments...);
  }
  /// Only compared with another run's.
  const void *state() {
    all.assign(Model::state_bytes, 0);
    return all.data();
  }

private:
  void upload() {
    for (const auto &[name, values] : tensors)
      this->template write<float>(name, values);
    tensors.clear();
  }

  std::map<std::string, std::vector<float>> tensors;
  std::vector<char> all;
};

class GpuSizedModel : public testing::Test {
protected:
  void SetUp() override { use_gpu(MODEL_NAME); }
  void TearDown() override { leave_gpu(); }
};

TEST_F(GpuSizedModel, LearnsWhatPyTorchDoes) {
  nlohmann::json oracle = read_oracle("sizes.json")[KIND::name];
  auto learned = learn<KIND, OnGpu<MODEL::CudaModel>>(
      oracle, PLANNED_FOLDER "/" MODEL_NAME ".safetensors", 1);
  // Sums are in another order than the CPU's.
  EXPECT_LE(learned.lossesOff, 2 * lossesRoom());
  EXPECT_LE(learned.restOff, 2 * restRoom(oracle));
}

} // namespace
