//===- Corpus.h - Kernels with what they are to compute ---------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The kernel tests of tests/compiler as a file, for machines without LLVM: PTX,
// launches, and the bytes of every argument before and after. Written by
// `gpu_kernel_test --corpus=FILE`, run by `gpu-kernels`. Both are of one build:
// the format has a magic word and no versions.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_GPU_CORPUS_H
#define TENSORC_TESTS_GPU_CORPUS_H

#include <cstdint>
#include <string>
#include <vector>

namespace tensorc::test {

/// The memory of one argument.
struct CorpusBuffer {
  int32_t dtype = 0; ///< a `tensorc_dtype`
  std::vector<uint8_t> before;
  std::vector<uint8_t> after; ///< as the interpreter has it
};

/// One way to lower a case.
struct CorpusVariant {
  uint32_t module = 0; ///< index into the batch's modules
  std::string kernel;
  uint32_t multiprocessors = 0; ///< that the schedule counts on
  uint32_t threads = 0;         ///< of a block
  uint32_t blocks = 0;          ///< 0: any number is right
  uint32_t sharedBytes = 0;     ///< dynamic shared memory
};

/// A kernel on some data.
struct CorpusCase {
  std::string name;               ///< of its test, with a number
  std::vector<uint32_t> pointers; ///< for each address it takes, a buffer
  std::vector<int64_t> sizes;     ///< the dynamic ones, passed after these
  bool canFail = false; ///< takes the status, the last buffer, after the sizes
  double tolerance = 0; ///< relative to the expected value where that is > 1
  std::vector<CorpusBuffer> buffers;
  std::vector<CorpusVariant> variants;
};

/// PTX for a chip.
struct CorpusModule {
  int32_t sm = 0;
  int32_t suffix = 0; ///< 0 or 'a', as in `tensorc_cuda_code`
  std::string ptx;

  std::string chip() const;
};

/// Cases whose kernels are loaded together: one by one takes a driver long.
struct CorpusBatch {
  std::vector<CorpusModule> modules;
  std::vector<CorpusCase> cases;
};

/// Writes a corpus, compressed. Throws `std::runtime_error` with the file's
/// name, as `readCorpus` does.
void writeCorpus(const std::string &path,
                 const std::vector<CorpusBatch> &batches);
std::vector<CorpusBatch> readCorpus(const std::string &path);

} // namespace tensorc::test

#endif // TENSORC_TESTS_GPU_CORPUS_H
