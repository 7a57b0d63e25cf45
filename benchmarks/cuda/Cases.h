//===- Cases.h - What the GPU benchmark measures ----------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_BENCHMARKS_CUDA_CASES_H
#define TENSORC_BENCHMARKS_CUDA_CASES_H

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tensorc::benchmark {

/// An input or output on the host, and how to read it.
struct HostTensor {
  int32_t dtype = 0; ///< a `tensorc_dtype`
  std::vector<uint8_t> bytes = {};

  int64_t count() const;
  double operator[](int64_t index) const;
  /// Random contents: reals in [-1, 1), labels in [0, 4096).
  void randomize(uint64_t seed);
};

/// What a case computed from what.
struct HostData {
  std::vector<HostTensor> inputs, outputs;
};

/// The product [m, k] · [k, n], in f32 sums.
struct Product {
  int64_t m = 0, n = 0, k = 0;
  bool tf32 = false; ///< may round f32 factors to TF32

  double flop() const { return 2.0 * double(m) * double(n) * double(k); }
};

/// A function of kernels.cpp.
struct Case {
  std::string name;
  std::vector<int32_t> inputs, outputs; ///< their types
  Product product; ///< for cuBLAS; of size 0 where the peer is a copy
  double needed;   ///< the ratio to the peer that is promised, or 0
  /// What is wrong with the outputs, or nothing.
  std::function<std::string(const HostData &)> check;

  bool isProduct() const { return product.m != 0; }
};

std::vector<Case> allCases();

} // namespace tensorc::benchmark

#endif // TENSORC_BENCHMARKS_CUDA_CASES_H
