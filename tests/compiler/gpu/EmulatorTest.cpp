//===- EmulatorTest.cpp - The emulator finds what is wrong ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/gpu/Emulator.h"
#include <gtest/gtest.h>
#include <set>

using namespace tensorc::test;

extern "C" {
int64_t tensorc_emulate_thread();
void tensorc_emulate_barrier();
uint64_t tensorc_emulate_shuffle(uint64_t value, int32_t distance);
}

/// Each thread reads its neighbour's element of shared memory.
template <bool waits>
static int32_t rotate(void *const *buffers, const int64_t *, int64_t, int64_t) {
  auto *output = static_cast<int64_t *>(buffers[0]);
  auto *shared = static_cast<int64_t *>(buffers[1]);
  int64_t thread = tensorc_emulate_thread();
  shared[thread] = thread;
  if (waits)
    tensorc_emulate_barrier();
  output[thread] = shared[(thread + 1) % 64];
  return 0;
}

static int32_t parts(void *const *, const int64_t *, int64_t, int64_t) {
  if (tensorc_emulate_thread() < 40)
    tensorc_emulate_barrier();
  return 0;
}

static int32_t shufflesApart(void *const *, const int64_t *, int64_t, int64_t) {
  if (tensorc_emulate_thread() % 2)
    tensorc_emulate_shuffle(1, 1);
  return 0;
}

static int32_t butterfly(void *const *buffers, const int64_t *, int64_t,
                         int64_t) {
  int64_t thread = tensorc_emulate_thread();
  uint64_t sum = uint64_t(thread);
  for (int32_t distance = 16; distance > 0; distance /= 2)
    sum += tensorc_emulate_shuffle(sum, distance);
  static_cast<int64_t *>(buffers[0])[thread] = int64_t(sum);
  return 0;
}

static std::string run(tensorc_kernel_fn kernel, std::vector<int64_t> &output,
                       ThreadOrder order) {
  EmulatedLaunch launch;
  launch.threads = 64;
  launch.sharedBytes = {64 * 8};
  launch.order = order;
  output.assign(64, 0);
  return emulate(kernel, {output.data()}, nullptr, launch);
}

TEST(Emulator, HonoursBarriers) {
  for (ThreadOrder order :
       {ThreadOrder::Forward, ThreadOrder::Backward, ThreadOrder::Shuffled}) {
    std::vector<int64_t> output;
    EXPECT_EQ(run(rotate<true>, output, order), "");
    for (int64_t i = 0; i < 64; ++i)
      EXPECT_EQ(output[i], (i + 1) % 64);
  }
}

TEST(Emulator, ShowsThatABarrierIsMissing) {
  std::set<std::vector<int64_t>> results;
  for (ThreadOrder order :
       {ThreadOrder::Forward, ThreadOrder::Backward, ThreadOrder::Shuffled}) {
    std::vector<int64_t> output;
    EXPECT_EQ(run(rotate<false>, output, order), "");
    results.insert(output);
  }
  EXPECT_GT(results.size(), 1u);
}

TEST(Emulator, ExchangesRegisters) {
  std::vector<int64_t> output;
  EXPECT_EQ(run(butterfly, output, ThreadOrder::Shuffled), "");
  EXPECT_EQ(output[5], 31 * 32 / 2);
  EXPECT_EQ(output[40], 31 * 32 / 2 + 32 * 32);
}

TEST(Emulator, ReportsThreadsThatPart) {
  std::vector<int64_t> output;
  EXPECT_EQ(run(parts, output, ThreadOrder::Forward),
            "the threads of a warp part at a barrier or shuffle");
  EXPECT_EQ(run(shufflesApart, output, ThreadOrder::Forward),
            "the threads of a warp part at a barrier or shuffle");
}
