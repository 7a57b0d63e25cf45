//===- CorpusWriter.h - Kernel tests for machines without LLVM --*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_COMPILER_GPU_CORPUSWRITER_H
#define TENSORC_TESTS_COMPILER_GPU_CORPUSWRITER_H

#include "mlir/IR/BuiltinOps.h"
#include "tests/compiler/lowering/KernelTest.h"
#include "tests/gpu/Corpus.h"
#include <map>

namespace tensorc::test {

/// Collects kernels with their data, in batches: the variants of some cases
/// share a module, whose kernels have names of their own.
class CorpusWriter {
public:
  /// The case of `func` with the arguments as `options` say before, and as
  /// `expected` after; it is named after the running test. A failure is a test
  /// failure.
  void add(kernel::FuncOp func, const CheckOptions &options,
           Arguments &expected, int32_t expectedStatus, double tolerance);
  /// The batches so far; then there are none.
  std::vector<CorpusBatch> take();

  /// The one that `checkKernel` adds to instead of running kernels, if any.
  static CorpusWriter *active;

private:
  void addVariant(kernel::FuncOp func, CorpusCase &test,
                  int64_t multiprocessors, bool tf32, llvm::StringRef chip);

  void finishBatch();

  std::vector<CorpusBatch> batches;
  CorpusBatch batch;
  std::map<std::string, std::vector<std::string>> texts; // by chip
  std::map<std::string, unsigned> casesOf;               // by test
  unsigned kernels = 0;
};

} // namespace tensorc::test

#endif // TENSORC_TESTS_COMPILER_GPU_CORPUSWRITER_H
