//===- BenchmarkTest.cpp - The GPU benchmark on the fake driver -----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything but the times is real: the program, its memory, the checks, the
// table. Whatever the fake driver does takes a millisecond.
//
//===----------------------------------------------------------------------===//

#include "benchmarks/cuda/Bench.h"
#include "kernels.h"
#include "tests/runtime/cuda/FakeDriver.h"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace tensorc::benchmark;

namespace {

FakeDriver &fakeDriver() {
  static FakeDriver &fake = loadFakeDriver(FAKE_DRIVER);
  return fake;
}

/// The 3×3 convolution `conv1` of one channel to 6, from and to host memory.
void convolve(const float *x, const float *w, float *y) {
  for (int n = 0; n < 64; ++n)
    for (int o = 0; o < 6; ++o)
      for (int i = 0; i < 30; ++i)
        for (int j = 0; j < 30; ++j) {
          float sum = 0;
          for (int di = 0; di < 3; ++di)
            for (int dj = 0; dj < 3; ++dj)
              sum +=
                  x[(n * 32 + i + di) * 32 + j + dj] * w[o * 9 + di * 3 + dj];
          y[((n * 6 + o) * 30 + i) * 30 + j] = sum;
        }
}

class BenchmarkTest : public testing::Test {
protected:
  void SetUp() override {
    fake = FakeDriver();
    options.turns = 3;
  }
  void TearDown() override {
    EXPECT_EQ(fake.violations, std::vector<std::string>());
    EXPECT_TRUE(fake.nothingLive());
  }

  using Body = std::function<void(const float *, const float *, float *)>;

  /// Has the only kernel of a function do that with its inputs and output.
  void implement(const std::string &name, Body body) {
    const tensorc_cuda_code &code = kernels_cuda.codes[1]; // sm_90a
    for (uint64_t i = 0; i < code.function_count; ++i) {
      const tensorc_cuda_function &function = code.functions[i];
      if (function.name != name)
        continue;
      ASSERT_EQ(function.launch_count, 1u);
      const tensorc_cuda_launch &launch = function.launches[0];
      fake.kernels[code.kernels[launch.kernel].name] = [&launch,
                                                        body](const FakeLaunch
                                                                  &launched) {
        float *buffers[3];
        for (uint64_t a = 0; a < launch.argument_count; ++a) {
          const tensorc_cuda_argument &argument = launch.arguments[a];
          buffers[argument.kind == TENSORC_CUDA_OUTPUT ? 2 : argument.index] =
              reinterpret_cast<float *>(launched.arguments[a]);
        }
        body(buffers[0], buffers[1], buffers[2]);
      };
    }
  }
  /// The only row of the cases that contain `filter`.
  Row measure(const std::string &filter) {
    options.filter = filter;
    std::vector<Row> rows = measureAll({&kernels_cuda}, options);
    EXPECT_EQ(rows.size(), 1u);
    return rows.at(0);
  }

  FakeDriver &fake = fakeDriver();
  Options options;
};

/// What the launches of large products ask for, which a launch doesn't get
/// without asking; and no more than there is on each GPU that takes the code.
TEST(BenchmarkProgram, AsksForSharedMemory) {
  for (uint64_t i = 0; i < kernels_cuda.code_count; ++i) {
    const tensorc_cuda_code &code = kernels_cuda.codes[i];
    uint32_t most = code.suffix == 'a' ? 227 << 10 : 99 << 10, found = 0;
    for (uint64_t f = 0; f < code.function_count; ++f) {
      const tensorc_cuda_function &function = code.functions[f];
      for (uint64_t j = 0; j < function.launch_count; ++j)
        EXPECT_LE(function.launches[j].shared_bytes, most) << function.name;
      if (function.name == std::string("matmul_bf16_4096"))
        found = function.launches[0].shared_bytes;
    }
    EXPECT_GT(found, 48u << 10) << code.sm;
  }
}

TEST_F(BenchmarkTest, TimesWhatIsRight) {
  implement("conv1", convolve);
  Row row = measure("conv1");
  EXPECT_EQ(row.wrong, "");
  EXPECT_EQ(row.peer, "copy");
  // Four repetitions a turn, each of which takes a millisecond.
  EXPECT_NEAR(row.ours, 0.25e-3, 1e-8);
  EXPECT_NEAR(row.ratio(), 1, 1e-6);
  double bytes = 4.0 * (64 * 32 * 32 + 6 * 9 + 64 * 6 * 30 * 30);
  EXPECT_NEAR(row.rate, bytes / 0.25e-3, 1e-3 * row.rate);
  EXPECT_FALSE(row.failed());
  row.needed = 1.1;
  EXPECT_TRUE(row.failed());
}

TEST_F(BenchmarkTest, DoesNotTimeWhatIsWrong) {
  implement("conv1", [](const float *x, const float *w, float *y) {
    convolve(x, w, y);
    for (int i = 0; i < 64 * 6 * 30 * 30; ++i)
      y[i] += 0.01f;
  });
  Row row = measure("conv1");
  EXPECT_EQ(row.wrong.find("wrong result: ["), 0u) << row.wrong;
  EXPECT_EQ(row.ours, 0);
  EXPECT_TRUE(row.failed());
}

TEST_F(BenchmarkTest, SaysThatCublasIsMissing) {
  // The result, once; it is the same at each launch.
  std::vector<float> result;
  implement("matmul_f32_512", [&](const float *x, const float *y, float *z) {
    constexpr int size = 512;
    if (result.empty()) {
      result.resize(size * size);
      for (int i = 0; i < size; ++i)
        for (int k = 0; k < size; ++k)
          for (int j = 0; j < size; ++j)
            result[i * size + j] += x[i * size + k] * y[k * size + j];
    }
    std::copy(result.begin(), result.end(), z);
  });
  Row row = measure("matmul_f32_512");
  EXPECT_EQ(row.wrong, "");
  EXPECT_NE(row.note, "");
  EXPECT_GT(row.ours, 0);
  EXPECT_EQ(row.theirs, 0);
  EXPECT_NEAR(row.rate, 2.0 * 512 * 512 * 512 / 0.25e-3, 1e-3 * row.rate);
  EXPECT_FALSE(row.failed());
  EXPECT_FALSE(row.missing()); // the result is right
  row.needed = 0.5;
  EXPECT_FALSE(row.failed());
  EXPECT_TRUE(row.missing());
}

TEST_F(BenchmarkTest, ACaseWithoutMemoryIsARow) {
  Row row = measure("softmax");
  EXPECT_NE(row.wrong.find("can't allocate 268435456 bytes"), std::string::npos)
      << row.wrong;
}

TEST_F(BenchmarkTest, ReportsRows) {
  Row good, slow, alone;
  alone.name = "alone";
  alone.peer = "cuBLAS";
  alone.theirs = 1e-3;
  alone.note = "nobody has such a kernel";
  good.name = "good";
  good.peer = slow.peer = "copy";
  good.ours = good.theirs = slow.theirs = 1e-3;
  good.rate = good.limit = 2e12;
  good.needed = slow.needed = 0.5;
  slow.name = "slow";
  slow.ours = 3e-3;
  options.rows = testing::TempDir() + "rows-" + std::to_string(getpid());
  EXPECT_EQ(report({good, alone}, options), 0);
  EXPECT_EQ(report({good, slow, alone}, options), 1);
  std::ifstream file(options.rows);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(text, "good\t1000.00\tcopy\t1000.00\t1.00\t2000 GB/s\t1.00\t0.50\t"
                  "passed\tok\n"
                  "slow\t3000.00\tcopy\t1000.00\t0.33\t-\t-\t0.50\tfailed\t"
                  "too slow\n"
                  "alone\t-\tcuBLAS\t1000.00\t-\t-\t-\t-\tskipped\t"
                  "nobody has such a kernel\n");
  std::remove(options.rows.c_str());
}

} // namespace
