//===- KernelRunner.h - Runs a corpus of kernels on a device ----*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_GPU_KERNELRUNNER_H
#define TENSORC_TESTS_GPU_KERNELRUNNER_H

#include "tensorc/abi_cuda.h"
#include "tests/gpu/Corpus.h"

#include <functional>

namespace tensorc::test {

/// What became of the variants of a corpus.
struct KernelCounts {
  unsigned passed = 0, failed = 0;
  unsigned skipped = 0; ///< for other chips
};

/// Runs kernels through the device runtime, as functions of programs that it
/// makes up. All buffers of a case are in the state, between guards.
class KernelRunner {
public:
  /// `report` gets a line for each variant that fails.
  KernelRunner(const tensorc_cuda_device_info &info,
               std::function<void(const std::string &)> report);
  KernelRunner(const KernelRunner &) = delete;
  KernelRunner &operator=(const KernelRunner &) = delete;
  ~KernelRunner();

  /// Each variant with each grid that is right for it, several times: values
  /// within the tolerance, the same bits each time, nothing else written.
  void run(const CorpusBatch &batch);

  KernelCounts counts;

private:
  bool runsHere(const CorpusModule &module) const;

  tensorc_cuda_device_info info;
  std::function<void(const std::string &)> report;
  /// Kept open between programs: a context takes long to make.
  tensorc_cuda_device *device = nullptr;
};

/// Empty where the elements of `got` are those of `expected`, within the
/// tolerance; else the first difference. NaN equals NaN.
std::string firstDifference(int32_t dtype, const uint8_t *got,
                            const std::vector<uint8_t> &expected,
                            double tolerance);

} // namespace tensorc::test

#endif // TENSORC_TESTS_GPU_KERNELRUNNER_H
