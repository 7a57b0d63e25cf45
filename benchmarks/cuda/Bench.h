//===- Bench.h - Measures cases and prints the table ------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_BENCHMARKS_CUDA_BENCH_H
#define TENSORC_BENCHMARKS_CUDA_BENCH_H

#include "benchmarks/cuda/Cases.h"
#include "tensorc/abi_cuda.h"

namespace tensorc::benchmark {

struct Options {
  std::string filter, rows;
  std::vector<std::string> cublas; ///< folders to look in first
  int turns = 9;
};

/// A line of the table. Times are in seconds; 0 where there is none.
struct Row {
  std::string name, peer;
  double ours = 0, theirs = 0;
  /// Bytes or operations a second.
  double rate = 0, peerRate = 0;
  bool isProduct = false;
  std::string type;  ///< products of one type have one limit
  double limit = 0;  ///< the rate that the machine showed in this run
  double needed = 0; ///< the ratio that is promised, or 0
  std::string note;  ///< what isn't there
  std::string wrong; ///< why it has failed

  double ratio() const { return ours && theirs ? theirs / ours : 0; }
  /// Whether what there is to say about it can't be said here.
  bool missing() const { return !ours || (needed && !ratio()); }
  bool failed() const {
    return !wrong.empty() || (needed && ratio() && ratio() < needed);
  }
};

/// Measures the cases that are asked for, with the functions of `programs`. A
/// case that fails is a row that says why; without a device this throws.
std::vector<Row>
measureAll(const std::vector<const tensorc_cuda_program *> &programs,
           const Options &options);

/// Prints the table and writes the file of rows; 1 where a row has failed.
int report(const std::vector<Row> &rows, const Options &options);

} // namespace tensorc::benchmark

#endif // TENSORC_BENCHMARKS_CUDA_BENCH_H
