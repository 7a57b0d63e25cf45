//===- CudaChecksTest.cpp - What checks in GPU programs say ---------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The models of ChecksTest.cpp. A GPU tells which check failed, not the value.
//
//===----------------------------------------------------------------------===//

#include "cuda_checks.h"
#include "cuda_failing.h"
#include "tests/e2e/Gpu.h"
#include "tests/e2e/Thrown.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numeric>
#include <optional>

using namespace tensorc::test;

namespace {

class CudaChecks : public testing::Test {
protected:
  void SetUp() override {
    use_gpu("cuda_checks");
    if (!IsSkipped())
      model.emplace();
  }
  void TearDown() override {
    model.reset();
    leave_gpu();
  }
  /// `function` says this of `call`, which fails; the next call is a new one.
  void expect(const std::string &words, std::function<void()> call) {
    EXPECT_EQ(outOfRange<cuda_checks::Error>(call), "`cuda_checks_" + words);
  }

  std::optional<cuda_checks::CudaModel> model;
};

TEST_F(CudaChecks, FindAnyElement) {
  std::vector<std::int64_t> labels(100), y(100);
  std::iota(labels.begin(), labels.end(), 0);
  for (std::int64_t &label : labels)
    label %= 10;
  model->vector(labels, y);
  EXPECT_EQ(y, labels);
  for (std::size_t place = 0; place < labels.size(); ++place) {
    std::int64_t good = labels[place];
    labels[place] = place % 2 ? 10 : -1;
    expect("vector`: [check_index] expected indices in [0, 10), received "
           "others at `labels` (checks.cpp:10)",
           [&] { model->vector(labels, y); });
    labels[place] = good;
    model->vector(labels, y);
    EXPECT_EQ(y, labels);
  }
}

TEST_F(CudaChecks, NameWhatTheyLookAt) {
  std::vector<std::int32_t> tokens(15), y(15);
  tokens[2 * 5 + 3] = -7;
  expect("tokens`: [check_index] expected indices in [0, 10), received others "
         "at `tokens` (checks.cpp:14)",
         [&] { model->tokens(tokens, y); });
  std::vector<std::int64_t> wide(15), other(15), hot(3 * 2 * 7);
  wide[1 * 5 + 3] = INT64_MAX;
  expect("turned`: [check_index] expected indices in [0, 10), received others "
         "at `tokens` (checks.cpp:18)",
         [&] { model->turned(wide, other); });
  expect("part`: [one_hot] expected indices in [0, 7), received others at "
         "`tokens` (checks.cpp:22)",
         [&] { model->part(wide, hot); });
  wide[1 * 5 + 3] = 0;
  wide[1 * 5 + 4] = 7; // outside of the part
  model->part(wide, hot);
  std::vector<std::int64_t> labels{0, 1, 5, 3, 2, 1}, doubled(6);
  expect("derived`: [check_index] expected indices in [0, 10), received others "
         "(checks.cpp:26)",
         [&] { model->derived(labels, doubled); });
}

TEST_F(CudaChecks, KnowLossesAndIgnoredLabels) {
  std::vector<float> logits(40);
  std::vector<std::int64_t> labels{0, -100, 1, 2, 3, 4, 0, 5};
  float loss;
  expect("loss`: [cross_entropy] expected indices in [0, 5) or -100, received "
         "others at `labels` (checks.cpp:31)",
         [&] { model->loss(logits, labels, &loss); });
  labels[7] = -100;
  model->loss(logits, labels, &loss);
  EXPECT_FLOAT_EQ(loss, std::log(5.0f));
}

TEST_F(CudaChecks, TellTheirInputsApart) {
  std::vector<std::int64_t> p{0, 1, 2, 0}, q{3, 4, 0, 3}, y(4);
  model->both(p, q, y);
  q[1] = 5;
  expect("both`: [check_index] expected indices in [0, 5), received others at "
         "`q` (checks.cpp:36)",
         [&] { model->both(p, q, y); });
  q[1] = 4;
  p[3] = 4;
  expect("both`: [check_index] expected indices in [0, 3), received others at "
         "`p` (checks.cpp:36)",
         [&] { model->both(p, q, y); });
}

TEST_F(CudaChecks, SeeDivisorsOfZero) {
  std::vector<std::int32_t> n(15, -7), d{2, -2, -1, 7, 3}, y(15);
  n[2] = INT32_MIN; // which has no quotient by -1
  model->rest(n, d, y);
  EXPECT_EQ(std::vector<std::int32_t>(y.begin(), y.begin() + 5),
            (std::vector<std::int32_t>{1, -1, 0, 0, 2}));
  d[3] = 0;
  expect("rest`: [remainder] expected divisors other than 0, received others "
         "at `d` (checks.cpp:45)",
         [&] { model->rest(n, d, y); });
  std::vector<std::uint8_t> a(70, 250), b(70, 200), c(70);
  model->bytes(a, b, c);
  EXPECT_EQ(c, std::vector<std::uint8_t>(70, 51));
  for (std::size_t place = 0; place < b.size(); ++place) {
    b[place] = 0;
    expect("bytes`: [remainder] expected divisors other than 0, received "
           "others at `d` (checks.cpp:50)",
           [&] { model->bytes(a, b, c); });
    b[place] = 1;
  }
}

TEST_F(CudaChecks, OfManyBlocksOneIsEnough) {
  std::vector<std::int64_t> labels(1000000), y(1000000);
  for (std::size_t place : {std::size_t(0), labels.size() - 1}) {
    labels[place] = 77;
    expect("large`: [check_index] expected indices in [0, 10), received others "
           "at `labels` (checks.cpp:40)",
           [&] { model->large(labels, y); });
    labels[place] = 1;
  }
  model->large(labels, y);
  EXPECT_EQ(y.front(), 3);
  EXPECT_EQ(y.back(), 3);
}

class CudaFailing : public testing::Test {
protected:
  void SetUp() override {
    use_gpu("cuda_failing");
    if (!IsSkipped())
      model.emplace();
  }
  void TearDown() override {
    model.reset();
    leave_gpu();
  }
  /// The state, byte by byte.
  std::string contents() {
    std::string bytes;
    for (std::uint64_t i = 0; i < cuda_failing_model.state_count; ++i) {
      const tensorc_tensor_desc &tensor = cuda_failing_model.state[i];
      auto add = [&](const auto &values) {
        bytes.append(reinterpret_cast<const char *>(values.data()),
                     values.size() * sizeof(values[0]));
      };
      if (tensor.dtype == TENSORC_I64)
        add(model->read<std::int64_t>(tensor.name));
      else
        add(model->read<float>(tensor.name));
    }
    return bytes;
  }

  std::optional<cuda_failing::CudaModel> model;
};

/// Steps that fail change no bit of the state, nor do those after them that
/// nobody waits for; the same steps on good labels do.
TEST_F(CudaFailing, LeavesStateAsItWas) {
  model->write<float>("linear.weight", std::vector<float>(20, 0.25f));
  model->write<float>("sgd.lr", std::array{0.5f});
  std::vector<float> x(40), y(32);
  std::iota(x.begin(), x.end(), -7.0f);
  float loss;
  auto expectToStay = [&](const std::string &words, std::function<void()> works,
                          std::function<void()> fails) {
    works();
    std::string before = contents();
    EXPECT_EQ(outOfRange<cuda_failing::Error>(fails), "`cuda_failing_" + words);
    EXPECT_EQ(contents(), before);
    works();
    EXPECT_NE(contents(), before);
  };
  const std::vector<std::int64_t> good{0, 1, 2, 3, 0, 1, 2, 3};
  for (std::size_t place = 0; place < good.size(); ++place) {
    std::vector<std::int64_t> bad = good;
    bad[place] = place % 2 ? 4 : -1;
    const std::string classes = "`: [cross_entropy] expected indices in [0, 4) "
                                "or -100, received others";
    expectToStay(
        "given" + classes + " at `labels` (failing.cpp:37)",
        [&] { model->given(x, good, &loss); },
        [&] { model->given(x, bad, &loss); });
    expectToStay(
        "given" + classes + " at `labels` (failing.cpp:37)",
        [&] { model->given(x, good, &loss); },
        [&] {
          model->given(x, bad, nullptr);
          model->given(x, good, nullptr);
          model->synchronize();
        });
    expectToStay(
        "found" + classes + " (failing.cpp:44)",
        [&] { model->found(x, good, &loss); },
        [&] { model->found(x, bad, &loss); });
  }
  std::int64_t one = 1, many = 9;
  expectToStay(
      "counted`: [check_index] expected indices in [0, 9), received others "
      "(failing.cpp:50)",
      [&] { model->counted(x, &one, y); },
      [&] { model->counted(x, &many, y); });
}

} // namespace
