//===- SumsTest.cpp - Long sums on any number of threads ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiled and eager: the same bits for any number of threads, and close to
// what the host gets with 80 bits.
//
//===----------------------------------------------------------------------===//

#include "tests/e2e/Inputs/sums.h"
#include "sums_model.h"

#include <cmath>
#include <cstring>
#include <functional>
#include <gtest/gtest.h>

using namespace tensorc;

namespace {

using Floats = std::vector<float>;

std::int64_t count(const Shape &shape) {
  std::int64_t product = 1;
  for (std::int64_t size : shape)
    product *= size;
  return product;
}

/// Numbers in [-1/4, 1) without a pattern.
std::vector<Floats> operands(const sums::Case &each) {
  std::vector<Floats> all;
  std::uint32_t state = 1;
  for (const Shape &shape : each.shapes) {
    Floats &values = all.emplace_back(count(shape));
    for (float &value : values) {
      state = state * 1664525 + 1013904223;
      value = float(state >> 8) / float(1 << 24) * 1.25f - 0.25f;
    }
  }
  return all;
}

Floats run_eagerly(const sums::Case &each, std::vector<Floats> &in) {
  TensorList tensors;
  for (std::size_t i = 0; i < in.size(); ++i)
    tensors.push_back(from_blob(in[i].data(), each.shapes[i]));
  return each.run(tensors).to_vector<float>();
}

/// The compiled function of that name.
void run_compiled(const std::string &name, const std::vector<Floats> &in,
                  float *out) {
  static ::sums_model::Model model;
  const float *x = in[0].data(), *y = in.back().data();
  if (name == "weight")
    model.weight(x, y, out);
  else if (name == "total")
    model.total(x, out);
  else if (name == "columns")
    model.columns(x, out);
  else if (name == "rows")
    model.rows(x, out);
  else if (name == "slabs")
    model.slabs(x, out);
  else if (name == "deep")
    model.deep(x, y, out);
  else if (name == "odd")
    model.odd(x, y, out);
  else
    FAIL() << "no function `" << name << "`";
}

/// A sum and that of its terms' absolute values.
struct Exact {
  long double sum = 0, size = 0;
  void add(long double term) {
    sum += term;
    size += std::fabs(term);
  }
};

std::vector<Exact> weight_gradient(const Floats &x, const Floats &y) {
  std::vector<Exact> result(16 * 5 * 3 * 3);
  for (int n = 0; n < 32; ++n)
    for (int o = 0; o < 16; ++o)
      for (int c = 0; c < 5; ++c)
        for (int i = 0; i < 9; ++i)
          for (int p = 0; p < 28 * 28; ++p) {
            int row = p / 28 + i / 3, column = p % 28 + i % 3;
            result[(o * 5 + c) * 9 + i].add(
                (long double)y[(n * 16 + o) * 784 + p] *
                x[((n * 5 + c) * 30 + row) * 30 + column]);
          }
  return result;
}

std::vector<Exact> product(const Floats &x, const Floats &y, std::int64_t m,
                           std::int64_t k, std::int64_t n) {
  std::vector<Exact> result(m * n);
  for (std::int64_t i = 0; i < m; ++i)
    for (std::int64_t l = 0; l < k; ++l)
      for (std::int64_t j = 0; j < n; ++j)
        result[i * n + j].add((long double)x[i * k + l] * y[l * n + j]);
  return result;
}

std::vector<Exact> exact(const sums::Case &each,
                         const std::vector<Floats> &in) {
  if (each.name == "weight")
    return weight_gradient(in[0], in[1]);
  if (in.size() == 2)
    return product(in[0], in[1], each.shapes[0][0], each.shapes[0][1],
                   each.shapes[1][1]);
  Shape shape = each.shapes[0]; // as [slabs, length, columns]
  if (each.name == "total" || each.name == "columns")
    shape.insert(shape.begin(), 1);
  if (shape.size() == 2)
    shape.push_back(1);
  std::vector<Exact> result(shape[0] * shape[2]);
  for (std::int64_t i = 0; i < count(shape); ++i)
    result[i / (shape[1] * shape[2]) * shape[2] + i % shape[2]].add(in[0][i]);
  return result;
}

class SumsTest : public testing::TestWithParam<sums::Case> {
protected:
  void TearDown() override { tensorc_rt_set_num_threads(0); }
};

TEST_P(SumsTest, AreTheSameForAnyNumberOfThreadsAndClose) {
  const sums::Case &each = GetParam();
  std::vector<Floats> in = operands(each);
  std::vector<Exact> wanted = exact(each, in);
  std::function<Floats()> modes[] = {[&] { return run_eagerly(each, in); },
                                     [&] {
                                       Floats out(wanted.size());
                                       run_compiled(each.name, in, out.data());
                                       return out;
                                     }};
  for (bool compiled : {false, true}) {
    SCOPED_TRACE(compiled ? "compiled" : "eager");
    Floats first;
    for (int threads : {1, 2, 3, 7, 16, 64}) {
      tensorc_rt_set_num_threads(threads);
      Floats out = modes[compiled]();
      ASSERT_EQ(out.size(), wanted.size());
      if (first.empty())
        first = out;
      ASSERT_EQ(std::memcmp(out.data(), first.data(), out.size() * 4), 0)
          << threads << " threads";
    }
    double worst = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i)
      worst = std::max(
          worst, double(std::fabs(first[i] - wanted[i].sum) / wanted[i].size));
    EXPECT_LT(worst, each.error);
  }
}

INSTANTIATE_TEST_SUITE_P(All, SumsTest, testing::ValuesIn(sums::all),
                         [](const auto &info) { return info.param.name; });

} // namespace
