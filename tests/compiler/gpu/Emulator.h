//===- Emulator.h - GPU kernels, run on the CPU ----------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The threads of a block are fibers of one machine thread, which take turns at
// barriers and shuffles. The compiled code calls the `tensorc_emulate_*`
// functions where a GPU has registers and instructions.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_COMPILER_GPU_EMULATOR_H
#define TENSORC_TESTS_COMPILER_GPU_EMULATOR_H

#include "tensorc/abi.h"
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tensorc::test {

/// In which order the threads of a block run between barriers: a kernel whose
/// result depends on it lacks a barrier.
enum class ThreadOrder { Forward, Backward, Shuffled };

/// What tensor cores multiply.
enum class MatrixType { BF16, F16, TF32 };

struct EmulatedLaunch {
  int64_t blocks = 1, threads = 1;
  /// Bytes of each shared array.
  std::vector<int64_t> sharedBytes;
  ThreadOrder order = ThreadOrder::Forward;
};

/// Runs `kernel` (a `tensorc_kernel_fn` whose task isn't used) in each thread
/// of each block. It finds the shared arrays behind `buffers`. Returns what is
/// wrong with it, or nothing: a barrier or shuffle that not all threads reach.
std::string emulate(tensorc_kernel_fn kernel, std::vector<void *> buffers,
                    const int64_t *sizes, const EmulatedLaunch &launch);

/// The functions that emulated code calls, with their addresses.
std::vector<std::pair<std::string, void *>> emulatorFunctions();

} // namespace tensorc::test

#endif // TENSORC_TESTS_COMPILER_GPU_EMULATOR_H
