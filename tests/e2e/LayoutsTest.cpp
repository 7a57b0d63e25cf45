//===- LayoutsTest.cpp - Eager ops on operands of every layout ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Random shapes, strides, types and threads: whatever the layout, an op gives
// what it gives on dense copies, and these what plain loops give.
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Dense.h"
#include "runtime/core/HostMemory.h"
#include "runtime/eager/Kernels.h"
#include "tensorc/tensorc.h"

#include <gtest/gtest.h>
#include <random>
#include <thread>

using namespace tensorc;

namespace {

using Random = std::mt19937;

std::int64_t below(Random &random, std::int64_t end) {
  return std::int64_t(random() % std::uint64_t(end));
}

/// Short and long rows, few and many dimensions, sizes of 1.
Shape random_shape(Random &random) {
  static constexpr std::int64_t sizes[] = {1, 1, 2, 3, 5, 17};
  Shape shape(std::size_t(below(random, 6)));
  for (SymInt &size : shape)
    size = sizes[below(random, std::size(sizes))];
  if (!shape.empty() && below(random, 4) == 0)
    shape[std::size_t(below(random, std::int64_t(shape.size())))] =
        200 + below(random, 2000);
  return shape;
}

/// Small whole numbers, which every type holds.
Tensor random_dense(Random &random, const Shape &shape, DType dtype) {
  Tensor result = make_dense({dtype, shape});
  char *element = address(*result.impl());
  for (std::int64_t i = 0; i < result.numel(); ++i) {
    write_element(element, dtype, below(random, dtype == kBool ? 2 : 7));
    element += size_of(dtype);
  }
  return result;
}

/// Of `shape`, and laid out in one of many ways.
Tensor random_tensor(Random &random, const Shape &shape, DType dtype) {
  Shape larger = shape;
  Dims order;
  for (std::size_t d = 0; d < shape.size(); ++d)
    order.push_back(std::int64_t(d));
  if (below(random, 2))
    std::shuffle(order.begin(), order.end(), random);
  // From a larger one: every second element, or one for a whole dimension.
  std::vector<int> how;
  for (SymInt &size : larger) {
    how.push_back(int(below(random, 4)));
    size = how.back() == 0 ? SymInt(1) : how.back() == 1 ? 2 * size : size;
  }
  Shape laid(shape.size());
  for (std::size_t d = 0; d < shape.size(); ++d)
    laid[d] = larger[std::size_t(order[d])];
  Tensor result = random_dense(random, laid, dtype);
  Shape back(shape.size());
  for (std::size_t d = 0; d < shape.size(); ++d)
    back[std::size_t(order[d])] = std::int64_t(d);
  result = result.permute(back);
  for (std::size_t d = 0; d < shape.size(); ++d)
    if (how[d] == 1)
      result = result.slice(std::int64_t(d), below(random, 2), {}, 2);
  return result.expand(shape);
}

DType random_type(Random &random) {
  return DType(below(random, std::int64_t(kDTypeCount)));
}

std::vector<double> plain(const Tensor &a, const Tensor &b, DType dtype) {
  std::vector<double> x = a.to_vector(), y = b.to_vector();
  char element[8];
  for (std::size_t i = 0; i < x.size(); ++i) {
    write_element(element, dtype, x[i] + y[i]);
    x[i] = dtype == kBool ? (x[i] + y[i] != 0) : read_double(element, dtype);
  }
  return x;
}

class Layouts : public testing::TestWithParam<int> {
protected:
  void SetUp() override { set_num_threads(GetParam()); }
  void TearDown() override { set_num_threads(0); }
};

TEST_P(Layouts, Elementwise) {
  Random random(1);
  for (int round = 0; round < 150; ++round) {
    Shape shape = random_shape(random);
    DType dtype = random_type(random), other = random_type(random);
    Tensor a = random_tensor(random, shape, dtype);
    Tensor b = random_tensor(random, shape, other);
    Tensor condition = random_tensor(random, shape, kBool);
    std::string what = to_string(a.type()) + " and " + to_string(b.type());
    Tensor sum = a + b;
    EXPECT_EQ(sum.dtype(), promote_types(dtype, other));
    ASSERT_EQ(sum.to_vector(), plain(a, b, sum.dtype())) << what;
    ASSERT_TRUE(sum.is_contiguous());
    ASSERT_EQ(a.to(other).to_vector(), a.clone().to(other).to_vector()) << what;
    Tensor chosen = where(condition, a, b);
    std::vector<double> x = a.to_vector(), y = b.to_vector(),
                        c = condition.to_vector();
    for (std::size_t i = 0; i < x.size(); ++i)
      x[i] = c[i] != 0 ? x[i] : y[i];
    ASSERT_EQ(chosen.to_vector(), x) << what;
    ASSERT_EQ((a < 3).to_vector(), (a.clone() < 3).to_vector()) << what;
  }
}

TEST_P(Layouts, Copies) {
  Random random(2);
  for (int round = 0; round < 150; ++round) {
    Shape shape = random_shape(random);
    Tensor from = random_tensor(random, shape, random_type(random));
    std::vector<double> values = from.to_vector();
    ASSERT_EQ(from.clone().to_vector(), values) << to_string(from.type());
    // Into every second element along a dimension that is moved.
    Shape target = shape;
    if (!target.empty()) {
      std::int64_t dim = below(random, std::int64_t(shape.size()));
      target[std::size_t(dim)] *= 2;
      Tensor all = full(target, 1, from.dtype());
      Tensor half = all.slice(dim, 0, {}, 2);
      half.copy_(from);
      ASSERT_EQ(half.to_vector(), values);
      EXPECT_EQ(all.slice(dim, 1, {}, 2).to_vector(),
                std::vector<double>(values.size(), 1));
    }
  }
}

TEST_P(Layouts, Reductions) {
  Random random(3);
  for (int round = 0; round < 150; ++round) {
    Shape shape = random_shape(random);
    DType dtype = random_type(random);
    Tensor x = random_tensor(random, shape, dtype);
    Dims dims;
    for (std::size_t d = 0; d < shape.size(); ++d)
      if (below(random, 2))
        dims.push_back(std::int64_t(d));
    if (dims.empty() && !shape.empty())
      dims.push_back(0);
    std::vector<bool> reduced(shape.size());
    for (std::int64_t d : dims)
      reduced[std::size_t(d)] = true;
    // The place of each element's sum.
    Shape kept = shape;
    std::vector<std::int64_t> strides(shape.size(), 0);
    std::int64_t step = 1;
    for (std::size_t d = shape.size(); d-- > 0;)
      if (!reduced[d]) {
        strides[d] = step;
        step *= shape[d];
      }
    std::vector<double> values = x.to_vector(), sums(std::size_t(step), 0),
                        largest(std::size_t(step), 0);
    std::size_t next = 0;
    for_each_offset(shape, strides, [&](std::int64_t at) {
      double value = values[next++];
      sums[std::size_t(at)] += value;
      largest[std::size_t(at)] = std::max(largest[std::size_t(at)], value);
    });
    std::string what = to_string(x.type()) + " along " + to_string(dims);
    if (shape.empty())
      continue;
    Tensor sum = x.to(is_half(dtype) ? kFloat32 : dtype).sum(dims);
    ASSERT_EQ(sum.to_vector(), sums) << what;
    ASSERT_EQ(x.amax(dims).to_vector(), largest) << what;
    ASSERT_EQ(x.amax(dims).dtype(), dtype) << what;
  }
}

/// Squares of every size, and what is left over at their edges.
TEST(Copies, Turned) {
  Random random(4);
  for (std::int64_t rows : {1, 3, 4, 15, 16, 17, 64, 100})
    for (std::int64_t columns : {1, 4, 16, 31, 32, 65})
      for (DType dtype : {kUInt8, kInt16, kFloat32, kFloat64}) {
        Tensor x = random_dense(random, {columns, rows, 2}, dtype).select(2, 1);
        Tensor dense = random_dense(random, {columns, rows}, dtype);
        for (const Tensor &each : {x, dense}) {
          std::vector<double> values = each.to_vector(), turned;
          for (std::int64_t r = 0; r < rows; ++r)
            for (std::int64_t c = 0; c < columns; ++c)
              turned.push_back(values[std::size_t(c * rows + r)]);
          ASSERT_EQ(each.t().clone().to_vector(), turned)
              << to_string(each.type());
        }
      }
}

INSTANTIATE_TEST_SUITE_P(Threads, Layouts, testing::Values(1, 2));

TEST(Kernels, MissingOnesAreNamed) {
  static const eager::KernelSet set("nothing");
  EXPECT_EQ(set.find(kFloat32), nullptr);
  try {
    set.get(kFloat32, Location::current());
    ADD_FAILURE() << "expected an error";
  } catch (const Error &error) {
    EXPECT_EQ(error.message(),
              "eager mode has no kernel `nothing.f32` for CPUs");
  }
}

TEST(HostMemory, BlocksComeBackAligned) {
  release_kept();
  for (std::size_t bytes = 0; bytes < 100'000; bytes += 1 + bytes / 7) {
    std::size_t block = 0;
    void *memory = allocate_host(bytes, block);
    ASSERT_GE(block, bytes);
    ASSERT_LE(block, bytes + bytes / 4 + 64);
    ASSERT_EQ(reinterpret_cast<std::uintptr_t>(memory) % 64, 0u);
    free_host(memory, block);
  }
}

TEST(HostMemory, KeepsUpToALimit) {
  release_kept();
  constexpr std::size_t each = kKeptBytes / 4 + 1;
  std::vector<Tensor> tensors;
  for (int i = 0; i < 6; ++i)
    tensors.push_back(make_unset({kUInt8, {std::int64_t(each)}}, kCPU));
  tensors.clear();
  EXPECT_LE(release_kept(), kKeptBytes);
  EXPECT_EQ(release_kept(), 0u);
}

/// A thread's own blocks go with it, also those of tensors that outlive it.
TEST(HostMemory, OutlivesThreads) {
  static thread_local Tensor last;
  Tensor kept;
  std::thread([&] {
    Tensor gone = zeros({1000});
    last = zeros({1000}); // freed when the thread ends
    kept = zeros({1000});
  }).join();
  EXPECT_EQ(kept.sum().item(), 0);
}

} // namespace
