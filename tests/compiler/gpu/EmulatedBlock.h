//===- EmulatedBlock.h - The state of emulated threads ----------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_COMPILER_GPU_EMULATEDBLOCK_H
#define TENSORC_TESTS_COMPILER_GPU_EMULATEDBLOCK_H

#include "tests/compiler/gpu/Emulator.h"
#include <array>

namespace tensorc::test {

constexpr int64_t warpThreads = 32;

enum class EmulatedWait {
  None,
  Barrier,
  Shuffle,
  Multiply,
  LoadMatrix,
  WarpgroupMultiply,
  Done
};

/// A product that a warpgroup has started: 64 rows, 16 deep, from matrices that
/// two descriptors describe; turned ones have a row for each of the depth.
struct EmulatedProduct {
  uint64_t descriptors[2] = {};
  bool turned[2] = {};
  int64_t columns = 0;
  MatrixType type = MatrixType::BF16;
  /// This thread's, in its own memory.
  float *sums = nullptr;
  /// Of what was multiplied.
  uint64_t checksum = 0;
};

/// An asynchronous copy: it is done no sooner than somebody waits for it.
struct EmulatedCopy {
  uint8_t *to;
  const uint8_t *from;
  int64_t bytes, taken;
};

struct EmulatedThread {
  int64_t number = 0;
  void *stack = nullptr;
  EmulatedWait wait = EmulatedWait::None;
  /// What this thread offers in a shuffle, and whom it reads.
  uint64_t offered = 0;
  int64_t partner = 0;
  /// Operands of an mma: 4 registers of rows, 2 of columns, 4 of sums; the
  /// result replaces the sums. The words of matrices that were loaded.
  std::array<uint32_t, 10> fragments{};
  MatrixType type = MatrixType::BF16;
  /// The row of a matrix that this thread points to, and how it is read.
  const uint8_t *row = nullptr;
  bool turned = false;
  /// Copies that may not have arrived yet, oldest first; the last group is
  /// still open.
  std::vector<std::vector<EmulatedCopy>> copies{1};
  /// Products, likewise.
  EmulatedProduct product;
  std::vector<std::vector<EmulatedProduct>> products{1};
  /// Copies have arrived that `wgmma` may not see yet.
  bool hidesCopies = false;
};

struct EmulatedBlock {
  const EmulatedLaunch *launch = nullptr;
  tensorc_kernel_fn kernel = nullptr;
  void *const *buffers = nullptr;
  const int64_t *sizes = nullptr;
  int64_t number = 0;
  std::vector<EmulatedThread> threads;
  /// Shared memory is a window of 18 bits of address, as descriptors see it.
  uint8_t *shared = nullptr;
  size_t sharedBytes = 0;
  std::string wrong;
  void *scheduler = nullptr;
  EmulatedThread *running = nullptr;
};

/// The block that runs now; tests run one at a time.
extern EmulatedBlock *currentBlock;

//--- EmulatedMatrices.cpp
/// mma.sync of a warp, ordered by lane.
void multiplyWarp(const std::vector<EmulatedThread *> &warp);
/// ldmatrix.x4, likewise. Returns what is wrong.
std::string loadMatrices(const std::vector<EmulatedThread *> &warp);
/// wgmma.m64nNk16 of the threads from `first` on. Returns what is wrong.
std::string multiplyWarpgroup(EmulatedBlock &block, int64_t first);
/// Of what a product multiplies, as it is in shared memory now.
uint64_t checksumOf(const EmulatedProduct &product);

} // namespace tensorc::test

#endif // TENSORC_TESTS_COMPILER_GPU_EMULATEDBLOCK_H
