//===- Learner.h - Trains with batches of changing sizes --------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_E2E_SIZES_LEARNER_H
#define TENSORC_TESTS_E2E_SIZES_LEARNER_H

#include "tests/oracle/LeNetNumbers.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace tensorc::test {

/// A size of a model's calls.
struct SizeRange {
  const char *name;
  std::int64_t min, max, divisor = 1;
};

// What differs between the models of sizes.json: their sizes, and the elements
// of their first input. A transformer has no labels: they are its tokens.
struct Lenet {
  static constexpr const char *name = "lenet";
  static constexpr SizeRange sizes[] = {{"B", 1, 256}};
  using First = float;
};
struct Mlp {
  static constexpr const char *name = "mlp";
  static constexpr SizeRange sizes[] = {{"B", 2, 256}};
  using First = float;
};
struct Transformer {
  static constexpr const char *name = "transformer";
  static constexpr SizeRange sizes[] = {{"B", 1, 8}, {"S", 1, 48}};
  using First = std::int64_t;
};
struct Unet {
  static constexpr const char *name = "unet";
  static constexpr SizeRange sizes[] = {
      {"B", 1, 4}, {"H", 2, 40, 2}, {"W", 2, 64, 2}};
  using First = float;
};

/// What the inputs of a call are, and where its outputs go.
template <typename Kind> struct SizedCall {
  std::vector<std::int64_t> sizes;
  std::vector<typename Kind::First> first;
  std::vector<std::int64_t> labels;
  std::vector<float> logits;
  float loss = 0;

  /// Inputs of a stream, see sizes.py.
  SizedCall(const nlohmann::json &model, const nlohmann::json &call,
            std::uint32_t seed)
      : sizes(call["sizes"]), first(call["first"].get<std::size_t>()),
        labels(call.value("labels", std::size_t(0))),
        logits(call["outputs"].get<std::size_t>()) {
    LeNetStream stream{seed};
    for (auto &value : first)
      if constexpr (std::is_same_v<typename Kind::First, float>)
        value = float(2 * stream.uniform() - 1);
      else
        value = (stream.next() >> 16) % model["below"].get<std::uint32_t>();
    for (std::int64_t &label : labels)
      label = (stream.next() >> 16) % model["kinds"].get<std::uint32_t>();
  }

  /// Of a transformer's step, the last tokens are left out.
  template <typename Model> void infer(Model &model) {
    withSizes([&](auto... size) {
      if constexpr (std::is_same_v<typename Kind::First, float>)
        model.infer(size..., first, logits);
      else
        model.infer(size..., std::span(first).first((size * ...)), logits);
    });
  }
  template <typename Model> void step(Model &model) {
    withSizes([&](auto... size) {
      if constexpr (std::is_same_v<typename Kind::First, float>)
        model.train_step(size..., first, labels, &loss, logits);
      else
        model.train_step(size..., first, &loss, logits);
    });
  }

  /// Calls `function` with as many sizes as the model has.
  template <typename F> void withSizes(F &&function) const {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      function(sizes[I]...);
    }(std::make_index_sequence<std::size(Kind::sizes)>());
  }
};

/// The initial weights: `folder` has what the compiler wrote, over which go
/// those of sizes.py.
template <typename Model>
void fillSized(Model &model, const nlohmann::json &oracle,
               const std::string &path) {
  model.load(path);
  LeNetStream stream{1};
  for (const nlohmann::json &parameter : oracle["parameters"]) {
    double offset = parameter["offset"], scale = parameter["scale"];
    for (float &value :
         model.template tensor<float>(parameter["name"].get<std::string>()))
      value = float(offset + scale * (2 * stream.uniform() - 1));
  }
}

template <typename Model> std::vector<char> stateOf(Model &model) {
  auto *bytes = static_cast<const char *>(model.state());
  return {bytes, bytes + Model::state_bytes};
}

/// The elements that are stored of `count`.
template <typename Values>
std::vector<double> someOf(const Values &values, std::size_t most) {
  std::size_t n = std::min(most, values.size());
  std::vector<double> some;
  for (std::size_t i = 0; i < n; ++i)
    some.push_back(values[i * values.size() / n]);
  return some;
}

/// How far apart two lists are, as a share of the greatest in the first.
inline double apart(const std::vector<double> &wanted,
                    const std::vector<double> &received) {
  double greatest = 1e-3, most = 0;
  for (double value : wanted)
    greatest = std::max(greatest, std::fabs(value));
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    double distance = std::fabs(wanted[i] - received[i]);
    most = std::max(most, std::isnan(distance) ? INFINITY : distance);
  }
  return most / greatest;
}

/// What a model learns of the batches of sizes.json, and how far that is from
/// what PyTorch does.
struct Learned {
  std::vector<float> losses;
  std::vector<std::vector<float>> inferred;
  std::vector<char> state;
  double lossesOff = 0, restOff = 0;

  bool operator==(const Learned &other) const {
    return losses == other.losses && inferred == other.inferred &&
           state == other.state;
  }
};

template <typename Kind, typename Model>
Learned learn(const nlohmann::json &oracle, const std::string &path,
              int threads) {
  tensorc_rt_set_num_threads(threads);
  Model model;
  fillSized(model, oracle, path);
  Learned learned;
  auto see = [](double &most, double distance) {
    most = std::max(most, distance);
  };
  for (const nlohmann::json &step : oracle["steps"]) {
    SizedCall<Kind> call(oracle, step, 100 + learned.losses.size());
    call.step(model);
    see(learned.lossesOff, apart({step["loss"]}, {call.loss}));
    learned.losses.push_back(call.loss);
  }
  for (const nlohmann::json &infer : oracle["infers"]) {
    SizedCall<Kind> call(oracle, infer, 200 + learned.inferred.size());
    call.infer(model);
    std::vector<double> wanted = infer["some"];
    see(learned.restOff, apart(wanted, someOf(call.logits, wanted.size())));
    learned.inferred.push_back(call.logits);
  }
  for (const auto &[name, stored] : oracle["state"].items()) {
    std::vector<double> wanted = stored;
    see(learned.restOff,
        apart(wanted,
              someOf(model.template tensor<float>(name), wanted.size())));
  }
  learned.state = stateOf(model);
  tensorc_rt_set_num_threads(0);
  return learned;
}

/// What PyTorch's numbers leave room for: losses to 1e-5, the rest to 1e-5 or
/// four times what its own float32 is off.
inline double lossesRoom() { return 1e-5; }
inline double restRoom(const nlohmann::json &oracle) {
  return std::max(1e-5, 4 * oracle["float32_off"]["rest"].get<double>());
}

} // namespace tensorc::test

#endif // TENSORC_TESTS_E2E_SIZES_LEARNER_H
