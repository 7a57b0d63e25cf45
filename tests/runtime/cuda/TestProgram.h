//===- TestProgram.h - A small GPU program for the tests ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_RUNTIME_CUDA_TESTPROGRAM_H
#define TENSORC_TESTS_RUNTIME_CUDA_TESTPROGRAM_H

#include "tensorc/abi_cuda.h"

#include <array>
#include <cstdint>
#include <vector>

/// Real PTX, so that the same tests run on a real device. Integers, and steps
/// that don't commute: a wrong order gives other bits.
extern const char *const kTestPtx;

constexpr std::uint32_t kCount = 1000;
using Values = std::vector<std::uint32_t>;

/// `toy`, with state `values` u32 [kCount] and the functions
///   train(batch, bias) -> (biased, shifted):
///     values = values * 3 + batch; biased = values + bias;
///     shifted = values + constants; a batch that starts with ~0 is an error
///   infer() -> (twice): twice = values + 2 * constants
struct TestProgram {
  static constexpr int kTrain = 0, kInfer = 1;
  static constexpr std::uint64_t kBytes = kCount * sizeof(std::uint32_t);
  /// Where train keeps its copy of the values; infer has a larger workspace.
  static constexpr std::uint64_t kTrainOffset = 64, kInferOffset = 8192;

  TestProgram();
  TestProgram(const TestProgram &) = delete;

  Values constants;
  std::int64_t shape[1] = {kCount};
  tensorc_tensor_desc state[1] = {
      {"values", shape, 0, kBytes, TENSORC_I32, 1, TENSORC_PARAMETER, 0}};
  tensorc_model model = {TENSORC_ABI_MAGIC,
                         TENSORC_ABI_MAJOR,
                         TENSORC_ABI_MINOR,
                         sizeof(tensorc_model),
                         "toy",
                         "0123",
                         state,
                         1,
                         kBytes,
                         1,
                         0};
  std::array<tensorc_cuda_kernel, 3> kernels = {
      {{"step", 0, 0}, {"add", 0, 0}, {"check", 0, 0}}};
  std::array<tensorc_cuda_argument, 2> checkArguments;
  std::array<tensorc_cuda_argument, 4> stepArguments, biasArguments,
      shiftArguments, onceArguments, twiceArguments;
  std::array<tensorc_cuda_launch, 4> trainLaunches;
  std::array<tensorc_cuda_launch, 2> inferLaunches;
  std::array<tensorc_cuda_buffer, 2> inputs = {
      {{"batch", kBytes}, {"bias", kBytes}}};
  std::array<tensorc_cuda_buffer, 2> outputs = {
      {{"biased", kBytes}, {"shifted", kBytes}}};
  std::array<tensorc_cuda_buffer, 1> inferOutputs = {{{"twice", kBytes}}};
  std::array<tensorc_cuda_function, 2> functions;
  tensorc_cuda_module module = {kTestPtx, 0, nullptr, 0};
  tensorc_cuda_code code = {};
  tensorc_cuda_program program = {TENSORC_CUDA_MAGIC,
                                  TENSORC_ABI_MAJOR,
                                  TENSORC_ABI_MINOR,
                                  sizeof(tensorc_cuda_program),
                                  &model,
                                  &code,
                                  1,
                                  nullptr,
                                  0,
                                  nullptr};
};

/// What `toy` is to compute.
struct Reference {
  Values values = Values(kCount);

  void train(const Values &batch);
  Values plus(const Values &other, std::uint32_t times = 1) const;
};

/// Other numbers for each `seed`.
Values numbers(std::uint32_t seed);

#endif // TENSORC_TESTS_RUNTIME_CUDA_TESTPROGRAM_H
