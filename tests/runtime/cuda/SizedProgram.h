//===- SizedProgram.h - A GPU program of sizes that calls say -------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_RUNTIME_CUDA_SIZEDPROGRAM_H
#define TENSORC_TESTS_RUNTIME_CUDA_SIZEDPROGRAM_H

#include "tests/runtime/cuda/CudaTest.h"

/// `toy` whose train has a batch of N numbers, a bias of M, and gives min(N, M)
/// biased and N shifted ones; infer is the same.
struct SizedProgram : TestProgram {
  static constexpr std::int64_t kMaxN = 960, kMaxM = 500;
  /// Numbers of sizes.
  static constexpr std::uint32_t kN = 0, kBoth = 2, kBlocks = 10;

  SizedProgram();

  std::array<tensorc_cuda_symbol, 2> symbols = {
      {{"N", 8, kMaxN, 8}, {"M", 1, kMaxM, 1}}};
  std::array<tensorc_cuda_size, 11> steps = {{
      {TENSORC_CUDA_SIZE_SYMBOL, 0, 0},
      {TENSORC_CUDA_SIZE_SYMBOL, 1, 0},
      {TENSORC_CUDA_SIZE_MINIMUM, 0, 1},
      {TENSORC_CUDA_SIZE_NUMBER, 0, 4},
      {TENSORC_CUDA_SIZE_MULTIPLY, 0, 3}, // bytes of N, M and both
      {TENSORC_CUDA_SIZE_MULTIPLY, 3, 1},
      {TENSORC_CUDA_SIZE_MULTIPLY, 2, 3},
      {TENSORC_CUDA_SIZE_NUMBER, 0, 127},
      {TENSORC_CUDA_SIZE_ADD, 0, 7},
      {TENSORC_CUDA_SIZE_NUMBER, 0, 128},
      {TENSORC_CUDA_SIZE_DIVIDE, 8, 9},
  }};
  std::array<std::uint32_t, 4> buffers = {4, 5, 6, 4};
  std::array<tensorc_cuda_sizes, 2> sizes = {
      {{symbols.data(), steps.data(), buffers.data(), symbols.size(),
        steps.size()},
       {}}};
};

/// Numbers that end where a page does, behind which nobody may read or write.
class GuardedValues {
public:
  explicit GuardedValues(std::size_t count);
  explicit GuardedValues(const Values &values);
  GuardedValues(const GuardedValues &) = delete;
  ~GuardedValues();

  std::uint32_t *data() { return data_; }
  operator Values() const { return {data_, data_ + count_}; }

private:
  void *memory_;
  std::size_t bytes_, count_;
  std::uint32_t *data_;
};

/// Trains with the first numbers of `batch` and `bias`, and compares all that
/// comes back with the reference's, which it trains as well.
void trainSized(OpenModel &model, SizedProgram &toy, Reference &reference,
                std::int64_t n, std::int64_t m, std::uint32_t seed,
                bool wait = true);

#endif // TENSORC_TESTS_RUNTIME_CUDA_SIZEDPROGRAM_H
