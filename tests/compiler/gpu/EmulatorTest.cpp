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
void tensorc_emulate_copy(uint64_t to, uint64_t from, int64_t bytes,
                          int64_t taken);
void tensorc_emulate_commit();
void tensorc_emulate_wait(int32_t pending);
void tensorc_emulate_show_copies();
void tensorc_emulate_warpgroup_multiply(float *sums, uint64_t rows,
                                        uint64_t columns, int32_t count,
                                        int32_t type, int32_t turnedRows,
                                        int32_t turnedColumns);
void tensorc_emulate_commit_products();
void tensorc_emulate_wait_products(int32_t pending);
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

namespace {
/// What a kernel that multiplies may forget.
enum class Forgets { Nothing, Fence, Wait, ToWaitBeforeWriting };
} // namespace

/// 64 rows, 8 columns and a depth of 16, all ones, copied to shared memory.
template <Forgets forgets>
static int32_t multiplies(void *const *buffers, const int64_t *, int64_t,
                          int64_t) {
  auto *output = static_cast<float *>(buffers[0]);
  auto *shared = static_cast<uint16_t *>(buffers[1]);
  static const uint16_t ones[8] = {0x3f80, 0x3f80, 0x3f80, 0x3f80,
                                   0x3f80, 0x3f80, 0x3f80, 0x3f80};
  int64_t thread = tensorc_emulate_thread();
  // 64 rows and 8 columns of 128 bytes.
  for (int64_t pack = thread; pack < 72 * 8; pack += 128)
    tensorc_emulate_copy(reinterpret_cast<uint64_t>(shared + 8 * pack),
                         reinterpret_cast<uint64_t>(ones), 16, 16);
  tensorc_emulate_commit();
  tensorc_emulate_wait(0);
  if (forgets != Forgets::Fence)
    tensorc_emulate_show_copies();
  tensorc_emulate_barrier();
  float sums[4] = {};
  auto describe = [](uint16_t *start) {
    return uint64_t(1) << 62 | uint64_t(64) << 32 |
           (reinterpret_cast<uint64_t>(start) & 0x3ffff) >> 4;
  };
  tensorc_emulate_warpgroup_multiply(sums, describe(shared),
                                     describe(shared + 64 * 64), 8, 0, 0, 0);
  tensorc_emulate_commit_products();
  if (forgets == Forgets::ToWaitBeforeWriting)
    shared[thread] = 0;
  if (forgets != Forgets::Wait)
    tensorc_emulate_wait_products(0);
  output[thread] = sums[0] + sums[3];
  return 0;
}

static std::string runProducts(tensorc_kernel_fn kernel,
                               std::vector<float> &output) {
  EmulatedLaunch launch;
  launch.threads = 128;
  launch.sharedBytes = {72 * 128};
  output.assign(128, 0);
  return emulate(kernel, {output.data()}, nullptr, launch);
}

TEST(Emulator, MultipliesInWarpgroups) {
  std::vector<float> output;
  EXPECT_EQ(runProducts(multiplies<Forgets::Nothing>, output), "");
  EXPECT_EQ(output, std::vector<float>(128, 32));
  EXPECT_EQ(runProducts(multiplies<Forgets::Fence>, output),
            "wgmma may not see copies that have arrived");
  EXPECT_EQ(runProducts(multiplies<Forgets::Wait>, output),
            "a thread ends before its products");
  EXPECT_EQ(runProducts(multiplies<Forgets::ToWaitBeforeWriting>, output),
            "shared memory changes while it is multiplied");
}
