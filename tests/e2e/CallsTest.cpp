//===- CallsTest.cpp - What compiled functions take, and what they refuse -===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "calls.h"
#include "tests/e2e/Thrown.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>

namespace {

using calls::Error;
using calls::Model;

template <typename F> std::string failure(F &&call, std::int32_t status) {
  return tensorc::test::thrown<Error>(call, status);
}
template <typename F> std::string refused(F &&call) {
  return tensorc::test::refused<Error>(call);
}

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

TEST(Calls, TakeAnythingContiguous) {
  Model model;
  float grid[2][3] = {{1, 2, 3}, {4, 5, 6}}, doubled[6], sum = 0;
  std::array<std::int64_t, 4> k{1, 2, 3, 4}, m{};
  const std::vector<float> expected{2, 4, 6, 8, 10, 12};
  auto check = [&] {
    EXPECT_EQ(std::vector<float>(doubled, doubled + 6), expected);
    EXPECT_EQ(m, (std::array<std::int64_t, 4>{2, 3, 4, 5}));
    EXPECT_EQ(sum, 21);
    std::fill(doubled, doubled + 6, 0.0f);
    m = {};
    sum = 0;
  };
  model.mix(grid, k, doubled, m, &sum);
  check();
  model.mix(&grid[0][0], k.data(), doubled, m.data(), &sum);
  check();
  const std::vector<float> a{1, 2, 3, 4, 5, 6};
  std::vector<std::int64_t> l(k.begin(), k.end());
  std::array<float, 1> one;
  model.mix(a, l, std::span(doubled), std::span<std::int64_t>(m), one);
  sum = one[0];
  check();
  model.mix(std::vector<float>(a), std::span<const std::int64_t>(l),
            std::span<float, 6>(doubled), m, std::span(&sum, 1));
  check();
}

TEST(Calls, TakeBoolsAndBytesForBool) {
  Model model;
  const bool grid[2][2] = {{true, false}, {false, true}};
  const std::array<bool, 4> array{true, false, false, true};
  const std::vector<std::uint8_t> bytes{1, 0, 0, 1}, u{0, 1, 2, 255};
  std::vector<std::uint8_t> sum(4);
  bool none[4] = {};
  std::array<bool, 4> chosen{};
  std::vector<std::uint8_t> chosenBytes(4);
  auto check = [&](auto &result) {
    EXPECT_EQ(std::vector<int>(std::begin(result), std::end(result)),
              (std::vector<int>{0, 1, 1, 0}));
    std::fill(std::begin(result), std::end(result), 0);
  };
  model.choose(grid, u, none, sum);
  check(none);
  model.choose(array, u, chosen, sum);
  check(chosen);
  model.choose(bytes, u, chosenBytes, sum);
  check(chosenBytes);
  model.choose(&grid[0][0], u, &none[0], sum);
  check(none);
  model.choose(bytes.data(), u, std::span(none), sum);
  check(none);
  EXPECT_EQ(sum, (std::vector<std::uint8_t>{1, 2, 3, 0}));
  // Bytes are more than bools.
  using Bools = tensorc::call::Input<bool, 4>;
  using Bytes = tensorc::call::Input<std::uint8_t, 4>;
  static_assert(!std::is_convertible_v<std::array<bool, 4> &, Bytes>);
  static_assert(!std::is_convertible_v<std::vector<bool> &, Bytes>);
  static_assert(!std::is_convertible_v<std::array<char, 4> &, Bools>);
  static_assert(
      !std::is_convertible_v<const bool *, tensorc::call::Output<bool, 4>>);
}

TEST(Calls, RefuseAnotherNumberOfElements) {
  Model model;
  std::vector<float> a(6), b(6), few(5), many(7), empty;
  std::vector<std::int64_t> k(4), m(4);
  float sum;
  EXPECT_EQ(refused([&] { model.mix(few, k, b, m, &sum); }),
            "calls::Model::mix: `a` f32[2, 3] has 6 elements, received 5");
  EXPECT_EQ(refused([&] { model.mix(many, k, b, m, &sum); }),
            "calls::Model::mix: `a` f32[2, 3] has 6 elements, received 7");
  EXPECT_EQ(refused([&] { model.mix(a, std::span(k).first(3), b, m, &sum); }),
            "calls::Model::mix: `k` i64[4] has 4 elements, received 3");
  EXPECT_EQ(refused([&] { model.mix(a, k, many, m, &sum); }),
            "calls::Model::mix: `b` f32[2, 3] has 6 elements, received 7");
  EXPECT_EQ(refused([&] { model.mix(a, k, b, m, empty); }),
            "calls::Model::mix: `sum` f32[] has 1 element, received 0 (only a "
            "null pointer leaves one out)");
}

TEST(Calls, RefuseNull) {
  Model model;
  std::vector<float> a(6), b(6);
  std::vector<std::int64_t> k(4), m(4);
  float sum;
  EXPECT_EQ(refused([&] { model.mix(nullptr, k, b, m, &sum); }),
            "calls::Model::mix: `a` f32[2, 3] is null");
  const std::int64_t *nothing = nullptr;
  EXPECT_EQ(refused([&] { model.mix(a, nothing, b, m, &sum); }),
            "calls::Model::mix: `k` i64[4] is null");
  EXPECT_EQ(refused([&] { model.mix(a, k, b, m, nullptr); }),
            "calls::Model::mix: `sum` f32[] is null");
  EXPECT_EQ(calls_mix(model.state(), nullptr, a.data(), nullptr, b.data(),
                      m.data(), &sum),
            TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_STREQ(tensorc_rt_last_error(), "calls_mix: `k` is null");
}

TEST(Calls, TakeNothingForNoElements) {
  Model model;
  std::vector<float> empty, one(1);
  std::array<float, 3> sum{7, 7, 7};
  model.none(empty, empty, sum);
  EXPECT_EQ(sum, (std::array<float, 3>{0, 0, 0}));
  model.none(nullptr, nullptr, sum);
  model.none(std::array<float, 0>(), empty, sum);
  EXPECT_EQ(refused([&] { model.none(one, empty, sum); }),
            "calls::Model::none: `a` f32[0, 3] has 0 elements, received 1");
}

/// Of a function, from the state on. What isn't used has no bytes.
struct Region {
  const char *name;
  std::size_t bytes;
  bool written;
};

/// Calls `function` with each two of its arguments in each way in which they
/// can lie to each other, and nothing else near them.
template <typename... Pointers>
void checkOverlaps(std::int32_t (*function)(Pointers...),
                   const std::string &name,
                   const std::vector<Region> &regions) {
  constexpr std::size_t kCount = sizeof...(Pointers);
  ASSERT_EQ(regions.size(), kCount);
  std::size_t room = 0;
  for (const Region &region : regions)
    room = std::max(room, (region.bytes + 63) / 64 * 64 + 64);
  alignas(64) static unsigned char memory[1 << 16];
  ASSERT_LE(room * (kCount + 2), sizeof(memory));
  std::vector<unsigned char> before(sizeof(memory));
  for (std::size_t i = 0; i < sizeof(memory); ++i)
    before[i] = i % 8 == 0; // small numbers of any type

  auto call = [&](const std::vector<unsigned char *> &places) {
    std::memcpy(memory, before.data(), sizeof(memory));
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return function(reinterpret_cast<Pointers>(places[I])...);
    }(std::make_index_sequence<kCount>());
  };
  for (std::size_t i = 0; i < kCount; ++i)
    for (std::size_t j = 0; j < kCount; ++j) {
      if (i == j)
        continue;
      auto size = std::ptrdiff_t(regions[i].bytes),
           other = std::ptrdiff_t(regions[j].bytes);
      for (std::ptrdiff_t shift : {std::ptrdiff_t(0), -size, 1 - size,
                                   other - 1, other, std::ptrdiff_t(64)}) {
        // State and workspace are aligned, and so is all else to its elements.
        std::ptrdiff_t step = i < 2 ? 64 : 8;
        shift = shift < 0 ? -(-shift / step * step) : shift / step * step;
        std::vector<unsigned char *> places;
        for (std::size_t k = 0; k < kCount; ++k)
          places.push_back(memory + room * (k + 1));
        bool overlap = size && other && shift > -size && shift < other;
        // Nothing but the two is at that place.
        places[j] += room * (kCount - j);
        places[i] = places[j] + shift;
        bool refused = overlap && (regions[i].written || regions[j].written);
        SCOPED_TRACE(name + ": " + regions[i].name + " at " +
                     std::to_string(shift) + " of " + regions[j].name);
        EXPECT_EQ(call(places),
                  refused ? TENSORC_ERROR_INVALID_ARGUMENT : TENSORC_OK);
        if (!refused)
          continue;
        // The one that is written, where both are the first in order.
        const Region &first = regions[std::min(i, j)],
                     &second = regions[std::max(i, j)];
        bool swap = !first.written;
        EXPECT_EQ(tensorc_rt_last_error(),
                  name + ": `" + (swap ? second : first).name + "` overlaps `" +
                      (swap ? first : second).name +
                      "`, expected memory of its own for what the function "
                      "writes to");
        EXPECT_EQ(std::memcmp(memory, before.data(), sizeof(memory)), 0);
      }
    }
}

TEST(Calls, RefuseArgumentsThatOverlapWhatIsWritten) {
  checkOverlaps(calls_mix, "calls_mix",
                {{"state", 0, false},
                 {"workspace", CALLS_MIX_WORKSPACE_BYTES, true},
                 {"a", 24, false},
                 {"k", 32, false},
                 {"b", 24, true},
                 {"m", 32, true},
                 {"sum", 4, true}});
  checkOverlaps(calls_fit, "calls_fit",
                {{"state", CALLS_STATE_BYTES, true},
                 {"workspace", CALLS_FIT_WORKSPACE_BYTES, true},
                 {"x", 32, false},
                 {"y", 16, false},
                 {"loss", 4, true}});
  // What is only read may be read twice, the state too.
  checkOverlaps(calls_predict, "calls_predict",
                {{"state", CALLS_STATE_BYTES, false},
                 {"workspace", CALLS_PREDICT_WORKSPACE_BYTES, true},
                 {"x", 32, false},
                 {"y", 16, true},
                 {"mean", 4, true}});
  checkOverlaps(calls_none, "calls_none",
                {{"state", 0, false},
                 {"workspace", CALLS_NONE_WORKSPACE_BYTES, true},
                 {"a", 0, false},
                 {"b", 0, true},
                 {"sum", 12, true}});
  Model model;
  std::vector<float> a(6);
  std::vector<std::int64_t> k(4), m(4);
  float sum;
  EXPECT_EQ(refused([&] { model.mix(a, k, a, m, &sum); }),
            "calls_mix: `b` overlaps `a`, expected memory of its own for what "
            "the function writes to");
}

/// A safetensors file.
void writeFile(const std::string &path, const std::string &header,
               const std::vector<float> &data) {
  std::uint64_t size = header.size();
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char *>(&size), sizeof(size));
  file << header;
  file.write(reinterpret_cast<const char *>(data.data()),
             std::streamsize(data.size() * sizeof(float)));
}

//===----------------------------------------------------------------------===//
// The object
//===----------------------------------------------------------------------===//

TEST(Calls, AMovedFromModelSaysSo) {
  static_assert(std::is_nothrow_move_constructible_v<Model> &&
                std::is_nothrow_move_assignable_v<Model> &&
                !std::is_copy_constructible_v<Model>);
  std::string path = testing::TempDir() + "moved.safetensors";
  std::vector<float> x(8, 1), y(4, 2);
  float loss;
  Model first;
  void *state = first.state();
  Model model = std::move(first);
  EXPECT_EQ(model.state(), state);
  EXPECT_EQ(first.state(), nullptr);
  model.fit(x, y, &loss);
  EXPECT_EQ(loss, 4);
  EXPECT_EQ(refused([&] { first.fit(x, y, &loss); }),
            "calls::Model::fit: the model was moved from");
  EXPECT_EQ(refused([&] { first.save(path); }),
            "calls::Model::save: the model was moved from");
  EXPECT_EQ(refused([&] { first.load(path); }),
            "calls::Model::load: the model was moved from");
  EXPECT_EQ(refused([&] { first.tensor<float>("sgd.lr"); }),
            "calls::Model::tensor: the model was moved from");
  // Functions without state, too.
  EXPECT_EQ(refused([&] { first.none(nullptr, nullptr, nullptr); }),
            "calls::Model::none: the model was moved from");
  first = std::move(model);
  EXPECT_EQ(first.state(), state);
  EXPECT_EQ(refused([&] { model.fit(x, y, &loss); }),
            "calls::Model::fit: the model was moved from");
  first.fit(x, y, &loss);
}

TEST(Calls, MemoryMustBeThereAndAligned) {
  alignas(64) static char state[Model::state_bytes + 64],
      workspace[Model::workspace_bytes + 64];
  Model model(state, workspace);
  EXPECT_EQ(refused([&] { Model(state + 8, workspace); }),
            "calls::Model: the state is not aligned to TENSORC_ALIGNMENT "
            "bytes");
  EXPECT_EQ(refused([&] { Model(state, workspace + 32); }),
            "calls::Model: the workspace is not aligned to TENSORC_ALIGNMENT "
            "bytes");
  EXPECT_EQ(refused([&] { Model(nullptr, workspace); }),
            "calls::Model: the state is null");
  EXPECT_EQ(refused([&] { Model(state, nullptr); }),
            "calls::Model: the workspace is null");
}

TEST(Calls, LoadSaysWhatItLeavesAlone) {
  std::string all = testing::TempDir() + "all.safetensors",
              parameters = testing::TempDir() + "parameters.safetensors";
  writeFile(
      parameters,
      R"({"linear.bias":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
      R"("extra":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},)"
      R"("linear.weight":{"dtype":"F32","shape":[1,2],)"
      R"("data_offsets":[8,16]}})",
      {0.5f, 9, 0.25f, -0.5f});
  Model model;
  std::vector<float> x(8, 1), y(4, 2);
  float loss;
  model.load(std::string(MODELS) + "/calls.safetensors");
  model.fit(x, y, &loss);
  std::vector<float> lr{model.tensor<float>("sgd.lr")[0]};
  auto weight = model.tensor<float>("linear.weight");
  std::vector<float> trained(weight.begin(), weight.end());
  model.save(all);

  // The weights of a model without optimizer, into one that trains.
  EXPECT_EQ(failure([&] { model.load(parameters); }, TENSORC_ERROR_FORMAT)
                .find(parameters + ": tensor `sgd."),
            0u);
  EXPECT_EQ(std::vector<float>(weight.begin(), weight.end()), trained);
  calls::LoadReport report = model.load(parameters, /*strict=*/false);
  EXPECT_EQ(report.missing, (std::vector<std::string>{
                                "sgd.lr", "sgd.momentum_buffer.linear.weight",
                                "sgd.momentum_buffer.linear.bias"}));
  EXPECT_EQ(report.unexpected, (std::vector<std::string>{"extra"}));
  EXPECT_EQ(weight[0], 0.25f);
  EXPECT_EQ(weight[1], -0.5f);
  EXPECT_EQ(model.tensor<float>("sgd.lr")[0], lr[0]);

  // All that it has.
  report = model.load(all);
  EXPECT_TRUE(report.missing.empty());
  EXPECT_TRUE(report.unexpected.empty());
  EXPECT_EQ(std::vector<float>(weight.begin(), weight.end()), trained);
  std::filesystem::remove(all);
  std::filesystem::remove(parameters);

  // What isn't strict is still right or refused.
  EXPECT_EQ(
      failure([&] { model.load("/nonexistent", false); }, TENSORC_ERROR_IO)
          .find("/nonexistent: can't open"),
      0u);
}

} // namespace
