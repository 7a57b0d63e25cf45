//===- ChecksTest.cpp - What checks in compiled code say ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks.h"
#include "failing.h"
#include "failing_o0.h"
#include "tests/e2e/Thrown.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <numeric>

namespace {

using checks::Model;

template <typename Error = checks::Error, typename F>
std::string outOfRange(F &&call) {
  return tensorc::test::outOfRange<Error>(call);
}

class Checks : public testing::Test {
protected:
  void TearDown() override { tensorc_rt_set_num_threads(0); }
  Model model;
};

TEST_F(Checks, NameTheFirstElementThatFails) {
  std::vector<std::int64_t> labels(100), y(100);
  std::iota(labels.begin(), labels.end(), 0);
  for (std::int64_t &label : labels)
    label %= 10;
  model.vector(labels, y);
  EXPECT_EQ(y, labels);
  // Wherever vectors begin and end.
  for (int place = 99; place >= 0; --place) {
    labels[place] = place % 2 ? 10 + place : -place - 1;
    EXPECT_EQ(outOfRange([&] { model.vector(labels, y); }),
              "`vector`: [check_index] expected indices in [0, 10), received " +
                  std::to_string(labels[place]) + " at `labels[" +
                  std::to_string(place) + "]` (checks.cpp:10)");
  }
}

TEST_F(Checks, CountInTheInputsOwnShape) {
  std::vector<std::int32_t> tokens(15), y(15);
  tokens[2 * 5 + 3] = -7;
  EXPECT_EQ(outOfRange([&] { model.tokens(tokens, y); }),
            "`tokens`: [check_index] expected indices in [0, 10), received -7 "
            "at `tokens[2, 3]` (checks.cpp:14)");
  std::vector<std::int64_t> wide(15), other(15), hot(3 * 2 * 7);
  wide[1 * 5 + 3] = INT64_MAX;
  EXPECT_EQ(outOfRange([&] { model.turned(wide, other); }),
            "`turned`: [check_index] expected indices in [0, 10), received "
            "9223372036854775807 at `tokens[1, 3]` (checks.cpp:18)");
  EXPECT_EQ(outOfRange([&] { model.part(wide, hot); }),
            "`part`: [one_hot] expected indices in [0, 7), received "
            "9223372036854775807 at `tokens[1, 3]` (checks.cpp:22)");
  wide[1 * 5 + 3] = 0;
  wide[1 * 5 + 4] = 7; // outside of the part
  model.part(wide, hot);
}

TEST_F(Checks, SayWhatTheyKnowOfOtherValues) {
  std::vector<std::int64_t> labels{0, 1, 5, 3, 2, 1}, y(6);
  EXPECT_EQ(outOfRange([&] { model.derived(labels, y); }),
            "`derived`: [check_index] expected indices in [0, 10), received 10 "
            "(checks.cpp:26)");
}

TEST_F(Checks, KnowLossesAndIgnoredLabels) {
  std::vector<float> logits(40);
  std::vector<std::int64_t> labels{0, -100, 1, 2, 3, 4, 0, 5};
  float loss;
  EXPECT_EQ(outOfRange([&] { model.loss(logits, labels, &loss); }),
            "`loss`: [cross_entropy] expected indices in [0, 5) or -100, "
            "received 5 at `labels[7]` (checks.cpp:31)");
}

TEST_F(Checks, TellTheirInputsApart) {
  std::vector<std::int64_t> p{0, 1, 2, 0}, q{3, 4, 0, 3}, y(4);
  model.both(p, q, y);
  q[1] = 5;
  EXPECT_EQ(outOfRange([&] { model.both(p, q, y); }),
            "`both`: [check_index] expected indices in [0, 5), received 5 at "
            "`q[1]` (checks.cpp:36)");
  q[1] = 4;
  p[3] = 4;
  EXPECT_EQ(outOfRange([&] { model.both(p, q, y); }),
            "`both`: [check_index] expected indices in [0, 3), received 4 at "
            "`p[3]` (checks.cpp:36)");
}

TEST_F(Checks, SeeDivisorsOfZero) {
  std::vector<std::int32_t> n(15, -7), d{2, -2, -1, 7, 3}, y(15);
  n[2] = INT32_MIN; // which has no quotient by -1
  model.rest(n, d, y);
  EXPECT_EQ(std::vector<std::int32_t>(y.begin(), y.begin() + 5),
            (std::vector<std::int32_t>{1, -1, 0, 0, 2}));
  d[3] = 0;
  EXPECT_EQ(outOfRange([&] { model.rest(n, d, y); }),
            "`rest`: [remainder] expected divisors other than 0, received 0 at "
            "`d[3]` (checks.cpp:45)");
  std::vector<std::uint8_t> a(70, 250), b(70, 200), c(70);
  model.bytes(a, b, c);
  EXPECT_EQ(c, std::vector<std::uint8_t>(70, 51));
  for (std::size_t place = 0; place < b.size(); ++place) {
    b[place] = 0;
    EXPECT_EQ(outOfRange([&] { model.bytes(a, b, c); }),
              "`bytes`: [remainder] expected divisors other than 0, received 0 "
              "at `d[" +
                  std::to_string(place) + "]` (checks.cpp:50)");
    b[place] = 1;
  }
}

TEST_F(Checks, DoNotDependOnThreads) {
  std::vector<std::int64_t> labels(1000000), y(1000000);
  labels[123456] = 77;
  for (std::size_t i = 200000; i < labels.size(); i += 1000)
    labels[i] = 99;
  for (int threads : {1, 2, 3, 8}) {
    tensorc_rt_set_num_threads(threads);
    for (int run = 0; run < 5; ++run)
      EXPECT_EQ(outOfRange([&] { model.large(labels, y); }),
                "`large`: [check_index] expected indices in [0, 10), received "
                "77 at `labels[123456]` (checks.cpp:40)");
  }
}

/// Steps that fail change no bit of the state; the same steps on good labels
/// do.
template <typename Model, typename Error> void expectStateToStay() {
  alignas(64) static std::array<std::byte, Model::state_bytes> state;
  alignas(64) static std::array<std::byte, Model::workspace_bytes> workspace;
  Model model(state.data(), workspace.data());
  for (float &weight : model.template tensor<float>("linear.weight"))
    weight = 0.25f;
  model.template tensor<float>("sgd.lr")[0] = 0.5f;
  auto expectToStay = [&](auto &&works, auto &&fails) {
    works();
    auto before = state;
    EXPECT_NE(outOfRange<Error>(fails).find("expected indices in"),
              std::string::npos);
    EXPECT_EQ(std::memcmp(&state, &before, sizeof state), 0);
    works();
    EXPECT_NE(std::memcmp(&state, &before, sizeof state), 0);
  };
  std::vector<float> x(40), y(32);
  std::iota(x.begin(), x.end(), -7.0f);
  float loss;
  const std::vector<std::int64_t> good{0, 1, 2, 3, 0, 1, 2, 3};
  for (std::size_t place = 0; place < good.size(); ++place) {
    std::vector<std::int64_t> bad = good;
    bad[place] = place % 2 ? 4 : -1;
    expectToStay([&] { model.given(x, good, &loss); },
                 [&] { model.given(x, bad, &loss); });
    expectToStay([&] { model.found(x, good, &loss); },
                 [&] { model.found(x, bad, &loss); });
  }
  std::int64_t one = 1, many = 9;
  expectToStay([&] { model.counted(x, &one, y); },
               [&] { model.counted(x, &many, y); });
}

TEST_F(Checks, LeaveStateAsItWas) {
  expectStateToStay<failing::Model, failing::Error>();
  expectStateToStay<failing_o0::Model, failing_o0::Error>();
}

} // namespace
