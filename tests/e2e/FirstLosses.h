//===- FirstLosses.h - A compiled LeNet's first steps -----------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_E2E_FIRSTLOSSES_H
#define TENSORC_TESTS_E2E_FIRSTLOSSES_H

#include "tests/oracle/LeNetNumbers.h"

namespace tensorc::test {

template <typename Model> void fillWeights(Model &model) {
  constexpr std::pair<const char *, int> layers[] = {
      {"conv1", 9}, {"conv2", 54}, {"fc1", 576}, {"fc2", 120}, {"fc3", 84}};
  LeNetWeights weights;
  for (auto [layer, fanIn] : layers)
    for (const char *parameter : {".weight", ".bias"})
      weights.fill(model.template tensor<float>(std::string(layer) + parameter),
                   fanIn);
}

/// The losses of the first 20 steps, and the state afterwards.
template <typename Model>
std::vector<float> firstLosses(const nlohmann::json &oracle, int threads,
                               std::vector<char> &state) {
  tensorc_rt_set_num_threads(threads);
  Model model;
  fillWeights(model);
  model.template tensor<float>("sgd.lr")[0] = oracle["lr"];
  std::vector<LeNetBatch> batches;
  for (std::uint32_t b = 0; b < oracle["batches"]; ++b)
    batches.emplace_back(b, oracle["batch"].get<std::int64_t>());
  std::vector<float> losses(oracle["float32"].size()), logits(64 * 10);
  for (std::size_t step = 0; step < losses.size(); ++step) {
    const LeNetBatch &batch = batches[step % batches.size()];
    model.train_step(batch.images.data(), batch.labels.data(), &losses[step],
                     logits.data());
  }
  auto *bytes = static_cast<const char *>(model.state());
  state.assign(bytes, bytes + Model::state_bytes);
  tensorc_rt_set_num_threads(0);
  return losses;
}

} // namespace tensorc::test

#endif // TENSORC_TESTS_E2E_FIRSTLOSSES_H
