//===- TurnedTest.cpp - Elementwise on transposed operands ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Eager mode turns these by bands of rows, and those in squares: sizes around
// their edges, types of all widths, shares of several threads. The numbers are
// small and whole, so that each type holds them and their sums.
//
//===----------------------------------------------------------------------===//

#include "tensorc/tensorc.h"
#include "tests/runtime/autograd/Device.h"

#include <gtest/gtest.h>

using namespace tensorc;

namespace {

using Sizes = std::vector<std::int64_t>;

/// `size` is [rows, columns], or [outer, rows, columns].
struct Turned {
  Turned(const Sizes &size)
      : outer(size.size() == 3 ? size[0] : 1), rows(size[size.size() - 2]),
        columns(size.back()) {}

  static double plain(std::int64_t o, std::int64_t r, std::int64_t c) {
    return double((5 * o + 7 * r + c) % 50);
  }
  static double turned(std::int64_t o, std::int64_t r, std::int64_t c) {
    return double((o + r + 3 * c) % 40);
  }
  template <typename F> std::vector<double> each(F &&number) const {
    std::vector<double> all;
    for (std::int64_t o = 0; o < outer; ++o)
      for (std::int64_t r = 0; r < rows; ++r)
        for (std::int64_t c = 0; c < columns; ++c)
          all.push_back(number(o, r, c));
    return all;
  }
  /// Contiguous.
  Tensor left(DType dtype) const {
    return from_vector(each(plain), {outer, rows, columns}).to(dtype);
  }
  /// With columns that are dense.
  Tensor right(DType dtype) const {
    std::vector<double> all;
    for (std::int64_t o = 0; o < outer; ++o)
      for (std::int64_t c = 0; c < columns; ++c)
        for (std::int64_t r = 0; r < rows; ++r)
          all.push_back(turned(o, r, c));
    return from_vector(all, {outer, columns, rows}).to(dtype).transpose(1, 2);
  }

  std::int64_t outer, rows, columns;
};

class TurnedTest : public testing::Test {
protected:
  void SetUp() override { test::use_device(); }
  ~TurnedTest() override { set_num_threads(threads); }
  int threads = get_num_threads();
};

} // namespace

TEST_F(TurnedTest, AddsTransposedOperands) {
  const Sizes sizes[] = {{32, 256},   {33, 257},    {63, 70},      {64, 300},
                         {70, 1025},  {300, 64},    {1000, 40},    {35, 2100},
                         {3, 33, 65}, {2, 70, 260}, {5, 40, 1030}, {31, 200}};
  for (const Sizes &size : sizes)
    for (DType dtype : {kFloat32, kFloat64, kInt8, kInt16, kInt64, kBFloat16})
      for (int count : {1, 3}) {
        SCOPED_TRACE(testing::Message()
                     << testing::PrintToString(size) << ' ' << name(dtype)
                     << ", " << count << " threads");
        set_num_threads(count);
        Turned of(size);
        auto sum = [](std::int64_t o, std::int64_t r, std::int64_t c) {
          return Turned::plain(o, r, c) + Turned::turned(o, r, c);
        };
        auto twice = [](std::int64_t o, std::int64_t r, std::int64_t c) {
          return 2 * Turned::turned(o, r, c);
        };
        Tensor left = of.left(dtype), right = of.right(dtype);
        EXPECT_EQ((left + right).to_vector(), of.each(sum));
        EXPECT_EQ((right + left).to_vector(), of.each(sum));
        EXPECT_EQ((right + right).to_vector(), of.each(twice));
        EXPECT_EQ((left + of.right(kFloat64)).to_vector(), of.each(sum));
      }
}

TEST_F(TurnedTest, AddsWithinOtherLayouts) {
  Turned of({70, 300});
  Tensor left = of.left(kFloat32)[0], right = of.right(kFloat32)[0];
  // Every second column, and backwards along the dense ones.
  Tensor some = left.slice(1, 0, 300, 2) + right.slice(1, 0, 300, 2);
  Tensor whole = (left + right).slice(1, 0, 300, 2);
  EXPECT_EQ(some.to_vector(), whole.to_vector());
  Tensor rows = left.slice(0, 0, 70, 2) + right.slice(0, 0, 70, 2);
  EXPECT_EQ(rows.to_vector(), (left + right).slice(0, 0, 70, 2).to_vector());
}
