//===- CudaLenet.h - LeNet on a device, as PyTorch began --------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_E2E_CUDALENET_H
#define TENSORC_TESTS_E2E_CUDALENET_H

#include "cuda_lenet.h"

#include "tests/oracle/LeNetNumbers.h"

namespace tensorc::test {

/// The weights that PyTorch began with.
template <typename Model> void fill(Model &model, float rate) {
  constexpr std::pair<const char *, int> layers[] = {
      {"conv1", 9}, {"conv2", 54}, {"fc1", 576}, {"fc2", 120}, {"fc3", 84}};
  LeNetWeights weights;
  for (auto [layer, fanIn] : layers)
    for (const char *parameter : {".weight", ".bias"}) {
      std::string name = std::string(layer) + parameter;
      std::vector<float> values = model.template read<float>(name);
      weights.fill(values, fanIn);
      model.template write<float>(name, values);
    }
  model.template write<float>("sgd.lr", std::array{rate});
}

/// The losses of the first steps, on a new model.
inline std::vector<float> firstLosses(const nlohmann::json &oracle,
                                      std::size_t steps) {
  cuda_lenet::CudaModel model;
  fill(model, oracle["lr"]);
  std::vector<LeNetBatch> batches;
  for (std::uint32_t b = 0; b < oracle["batches"]; ++b)
    batches.emplace_back(b, oracle["batch"].get<std::int64_t>());
  std::vector<float> losses(steps);
  for (std::size_t step = 0; step < steps; ++step) {
    const LeNetBatch &batch = batches[step % batches.size()];
    model.train_step(batch.images.data(), batch.labels.data(), &losses[step]);
  }
  return losses;
}

} // namespace tensorc::test

#endif // TENSORC_TESTS_E2E_CUDALENET_H
