//===- Cases.h - Contractions to measure ------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_BENCHMARKS_CONTRACT_CASES_H
#define TENSORC_BENCHMARKS_CONTRACT_CASES_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tensorc::benchmark {

/// The same work as one call of sgemm: C[m, n] = op(A) * op(B), row-major.
struct Gemm {
  int64_t m, n, k;
  bool transposeA, transposeB;
};

struct Case {
  std::string name;
  /// A module with one `kernel.func @k`.
  std::string kernel;
  /// Elements of each argument, the output's last.
  std::vector<int64_t> elements;
  double flops;
  std::optional<Gemm> gemm = {};
};

/// The contractions of the tutorial's LeNet at a batch size, and square
/// matmuls.
std::vector<Case> lenetCases(int64_t batch);
std::vector<Case> matmulCases();

} // namespace tensorc::benchmark

#endif // TENSORC_BENCHMARKS_CONTRACT_CASES_H
