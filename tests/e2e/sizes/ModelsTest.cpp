//===- ModelsTest.cpp - Models whose sizes each call says -----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each model is compiled twice: for any sizes, and with code of its own for
// some, which is that of the same model with numbers for its sizes.
//
//===----------------------------------------------------------------------===//

#include "lenet.h"
#include "lenet_any.h"
#include "lenet_some.h"
#include "mlp_any.h"
#include "mlp_some.h"
#include "transformer_any.h"
#include "transformer_some.h"
#include "unet_any.h"
#include "unet_some.h"

#include "tests/e2e/FirstLosses.h"
#include "tests/e2e/sizes/Learner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>

using namespace tensorc::test;

namespace {

/// A model in both objects.
template <typename KindT, typename AnyT, typename SomeT, typename ErrorT>
struct Pair {
  using Kind = KindT;
  using Any = AnyT;
  using Some = SomeT;
  using Error = ErrorT;
  static std::string path() {
    return std::string(MODELS) + "/" + Kind::name + "_any.safetensors";
  }
};
// And the sizes that the second has code for.
struct Lenets
    : Pair<Lenet, lenet_any::Model, lenet_some::Model, lenet_any::Error> {
  static constexpr std::int64_t some[][1] = {{1}, {64}, {100}};
};
struct Mlps : Pair<Mlp, mlp_any::Model, mlp_some::Model, mlp_any::Error> {
  static constexpr std::int64_t some[][1] = {{2}, {64}, {100}};
};
struct Transformers : Pair<Transformer, transformer_any::Model,
                           transformer_some::Model, transformer_any::Error> {
  static constexpr std::int64_t some[][2] = {{4, 32}, {1, 1}, {3, 7}};
};
struct Unets : Pair<Unet, unet_any::Model, unet_some::Model, unet_any::Error> {
  static constexpr std::int64_t some[][3] = {{2, 24, 32}, {1, 2, 2}};
};

template <typename Pair> class SizedModels : public testing::Test {
protected:
  void TearDown() override { tensorc_rt_set_num_threads(0); }

  nlohmann::json oracle = read_oracle("sizes.json")[Pair::Kind::name];
};
struct Names {
  template <typename Pair> static std::string GetName(int) {
    return Pair::Kind::name;
  }
};
using Pairs = testing::Types<Lenets, Mlps, Transformers, Unets>;
TYPED_TEST_SUITE(SizedModels, Pairs, Names);

TYPED_TEST(SizedModels, LearnWhatPyTorchDoesForAnyNumberOfThreads) {
  using Kind = typename TypeParam::Kind;
  using Any = typename TypeParam::Any;
  Learned learned = learn<Kind, Any>(this->oracle, TypeParam::path(), 1);
  EXPECT_LE(learned.lossesOff, lossesRoom());
  EXPECT_LE(learned.restOff, restRoom(this->oracle));
  EXPECT_EQ((learn<Kind, Any>(this->oracle, TypeParam::path(), 2)), learned);
}

/// The place of the first of `calls` that has these sizes.
std::size_t findCall(const nlohmann::json &calls,
                     const std::vector<std::int64_t> &sizes) {
  for (std::size_t i = 0; i < calls.size(); ++i)
    if (calls[i]["sizes"] == sizes)
      return i;
  ADD_FAILURE() << "no call of " << testing::PrintToString(sizes);
  return 0;
}

template <typename Values> double apartOf(const Values &a, const Values &b) {
  return apart({a.begin(), a.end()}, {b.begin(), b.end()});
}

/// How far apart a step, and the inference after it, of two models are.
template <typename Kind, typename A, typename B>
double apartAfterStep(const nlohmann::json &oracle, A &a, B &b,
                      const std::vector<std::int64_t> &sizes) {
  std::size_t place = findCall(oracle["steps"], sizes);
  SizedCall<Kind> mine(oracle, oracle["steps"][place], 100 + place);
  SizedCall<Kind> other = mine;
  mine.step(a);
  other.step(b);
  double most = std::max(apart({mine.loss}, {other.loss}),
                         apartOf(mine.logits, other.logits));
  for (const auto &[name, stored] : oracle["state"].items())
    most = std::max(most, apartOf(a.template tensor<float>(name),
                                  b.template tensor<float>(name)));
  mine.infer(a);
  other.infer(b);
  return std::max(most, apartOf(mine.logits, other.logits));
}

// The U-Net's at its hint are the same bits; sums of other sizes are made in
// another order. In a batch of two that is normalized, rounding counts most.
TYPED_TEST(SizedModels, GiveWhatCodeForNumbersDoes) {
  using Kind = typename TypeParam::Kind;
  for (const auto &some : TypeParam::some) {
    std::vector<std::int64_t> sizes(std::begin(some), std::end(some));
    typename TypeParam::Any any;
    typename TypeParam::Some numbers;
    fillSized(any, this->oracle, TypeParam::path());
    fillSized(numbers, this->oracle, TypeParam::path());
    double most = apartAfterStep<Kind>(this->oracle, any, numbers, sizes);
    EXPECT_LE(most, 1e-5) << testing::PrintToString(sizes);
  }
}

/// Memory for a model that holds nothing but 0x5a, and some more on both sides.
template <typename Model> struct OwnMemory {
  static constexpr std::size_t kEdge = 4096;
  std::vector<char> all = std::vector<char>(
      Model::state_bytes + Model::workspace_bytes + 3 * kEdge + 64, 0x5a);
  char *state = nullptr, *workspace = nullptr;

  OwnMemory() {
    void *start = all.data() + kEdge;
    std::size_t space = all.size() - kEdge;
    state = static_cast<char *>(std::align(64, 1, start, space));
    workspace = state + Model::state_bytes + kEdge;
  }
  /// Whether what is around state and workspace is as it was.
  bool isWholeAround() const {
    auto isWhole = [](const char *begin, const char *end) {
      return std::all_of(begin, end, [](char byte) { return byte == 0x5a; });
    };
    return isWhole(all.data(), state) &&
           isWhole(state + Model::state_bytes, workspace) &&
           isWhole(workspace + Model::workspace_bytes, all.data() + all.size());
  }
};

TYPED_TEST(SizedModels, WriteToTheirMemoryAlone) {
  using Kind = typename TypeParam::Kind;
  using Model = typename TypeParam::Any;
  OwnMemory<Model> memory;
  Model model(memory.state, memory.workspace);
  fillSized(model, this->oracle, TypeParam::path());
  for (const nlohmann::json &step : this->oracle["steps"]) {
    SizedCall<Kind> call(this->oracle, step, 1);
    std::size_t outputs = call.logits.size();
    std::vector<float> more(outputs + 1024, 7.0f);
    call.withSizes([&](auto... size) {
      if constexpr (std::is_same_v<typename Kind::First, float>)
        model.train_step(size..., call.first, call.labels, &call.loss,
                         more.data() + 512);
      else
        model.train_step(size..., call.first, &call.loss, more.data() + 512);
      EXPECT_TRUE(memory.isWholeAround()) << step["sizes"];
      model.infer(size..., call.first.data(), more.data() + 512);
    });
    EXPECT_TRUE(memory.isWholeAround()) << step["sizes"];
    for (std::size_t i = 0; i < 512; ++i)
      ASSERT_TRUE(more[i] == 7 && more[more.size() - 1 - i] == 7)
          << step["sizes"] << " at " << i;
  }
}

TYPED_TEST(SizedModels, RefuseOtherSizesAndWriteNothing) {
  using Kind = typename TypeParam::Kind;
  using Model = typename TypeParam::Any;
  OwnMemory<Model> memory;
  Model model(memory.state, memory.workspace);
  fillSized(model, this->oracle, TypeParam::path());
  SizedCall<Kind> call(this->oracle, this->oracle["steps"][0], 1);
  std::vector<std::int64_t> right = call.sizes;
  std::fill(call.logits.begin(), call.logits.end(), 7.0f);
  call.loss = 7;
  const std::vector<char> before = memory.all;

  auto refused = [&](const char *function, auto &&run) {
    for (std::size_t i = 0; i < right.size(); ++i) {
      const SizeRange &range = Kind::sizes[i];
      std::vector<std::int64_t> wrong = {0,         range.min - range.divisor,
                                         -1,        range.max + range.divisor,
                                         INT64_MIN, INT64_MAX};
      if (range.divisor > 1)
        wrong.push_back(range.min + 1);
      for (std::int64_t size : wrong) {
        call.sizes = right;
        call.sizes[i] = size;
        std::string expected = Kind::name;
        expected += std::string("_any::Model::") + function + ": `" +
                    range.name + "` is " + std::to_string(size) + ", expected ";
        if (range.divisor > 1)
          expected += "a multiple of " + std::to_string(range.divisor) + ", ";
        expected +=
            std::to_string(range.min) + " to " + std::to_string(range.max);
        try {
          run();
          ADD_FAILURE() << expected << ": was taken";
        } catch (const typename TypeParam::Error &error) {
          EXPECT_EQ(error.status(), TENSORC_ERROR_INVALID_ARGUMENT);
          EXPECT_EQ(error.what(), expected);
        }
      }
    }
  };
  refused("train_step", [&] { call.step(model); });
  refused("infer", [&] { call.infer(model); });
  EXPECT_TRUE(memory.all == before) << "state or workspace was written to";
  EXPECT_EQ(call.logits, std::vector<float>(call.logits.size(), 7.0f));
  EXPECT_EQ(call.loss, 7);
}

// Code for numbers is that of a model which has no symbols.
TEST(SizedLenet, OfOneSizeIsTheModelOfThatSize) {
  nlohmann::json oracle = read_lenet_losses();
  lenet::Model plain;
  lenet_some::Model some;
  fillWeights(plain);
  some.load(Lenets::path());
  fillWeights(some);
  std::memcpy(plain.tensor<float>("sgd.lr").data(),
              some.tensor<float>("sgd.lr").data(), sizeof(float));
  for (std::uint32_t step = 0; step < 3; ++step) {
    LeNetBatch batch(step, 64);
    std::vector<float> a(640), b(640);
    float loss, other;
    plain.train_step(batch.images, batch.labels, &loss, a);
    some.train_step(64, batch.images, batch.labels, &other, b);
    EXPECT_EQ(loss, other);
    EXPECT_EQ(a, b);
  }
  EXPECT_EQ(stateOf(plain), stateOf(some));
}

} // namespace
