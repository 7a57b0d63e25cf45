//===- SizesCases.h - Calls of functions of many sizes ----------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What Inputs/sizes.cpp, compiled, is called with, and compared with eager
// mode.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_E2E_SIZESCASES_H
#define TENSORC_TESTS_E2E_SIZESCASES_H

#include "tests/e2e/Inputs/sizes.h"

#include <cmath>
#include <gtest/gtest.h>

namespace sizes {

/// Numbers of either sign, with equal ones among them.
inline std::vector<float> numbers(std::int64_t count, double step) {
  std::vector<float> values;
  for (std::int64_t i = 0; i < count; ++i)
    values.push_back(float(std::sin(step * double(i % 97)) * 2));
  return values;
}

inline std::vector<std::int64_t> labels(std::int64_t count) {
  std::vector<std::int64_t> values;
  for (std::int64_t i = 0; i < count; ++i)
    values.push_back(i % 3);
  return values;
}

/// Equal within `tolerance`, relative where values are above 1.
inline void expect_near(const std::vector<float> &received,
                        const Tensor &expected, const std::string &what,
                        double tolerance = 2e-6) {
  std::vector<double> values = expected.to_vector();
  ASSERT_EQ(received.size(), values.size()) << what;
  for (std::size_t i = 0; i < values.size(); ++i)
    ASSERT_NEAR(received[i], values[i],
                tolerance * std::max(1.0, std::fabs(values[i])))
        << what << " at " << i;
}

/// A place for each output, of the size that eager mode gave it.
inline std::vector<std::vector<float>> places(const Outputs &outputs) {
  std::vector<std::vector<float>> memory;
  for (const auto &[name, tensor] : outputs)
    memory.emplace_back(std::size_t(tensor.numel()));
  return memory;
}

inline void expect_near(const std::vector<std::vector<float>> &received,
                        const Outputs &expected, const std::string &what,
                        double tolerance = 2e-6) {
  for (std::size_t i = 0; i < expected.size(); ++i)
    expect_near(received[i], expected[i].second,
                what + " `" + expected[i].first + "`", tolerance);
}

template <typename Model>
void check_rows(Model &model, std::int64_t B, double tolerance = 2e-6) {
  std::vector<float> x = numbers(B * 6, 0.7);
  Outputs expected = rows(from_vector(x, {B, 6}));
  auto r = places(expected);
  model.rows(B, x, r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8], r[9],
             r[10]);
  expect_near(r, expected, "rows of " + std::to_string(B), tolerance);
}

template <typename Model>
void check_sequences(Model &model, std::int64_t B, std::int64_t S,
                     double tolerance = 2e-6) {
  std::vector<float> x = numbers(B * S * 4, 0.3), bias = numbers(S, 0.9);
  Outputs expected =
      sequences(from_vector(x, {B, S, 4}), from_vector(bias, {S}));
  auto r = places(expected);
  model.sequences(B, S, x, bias, r[0], r[1], r[2], r[3], r[4]);
  expect_near(r, expected,
              "sequences of " + std::to_string(B) + ", " + std::to_string(S),
              tolerance);
}

/// N may be 0.
template <typename Model> void check_none(Model &model, std::int64_t N) {
  std::vector<float> n = numbers(N * 2, 0.7), sum(2), y(std::size_t(N) * 2);
  model.none(N, n.data(), sum, y.data());
  expect_near(sum, from_vector(n, {N, 2}).sum({0}), "the sum");
  expect_near(y, from_vector(n, {N, 2}) + 1, "y");
}

} // namespace sizes

#endif // TENSORC_TESTS_E2E_SIZESCASES_H
