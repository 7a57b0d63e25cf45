//===- SizedProgram.cpp - A GPU program of sizes that calls say -----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/cuda/SizedProgram.h"

#include <algorithm>
#include <sys/mman.h>

SizedProgram::SizedProgram() {
  auto size = [](std::uint32_t number) {
    return tensorc_cuda_argument{TENSORC_CUDA_SIZE, number, 0};
  };
  stepArguments[3] = shiftArguments[3] = size(kN);
  biasArguments[3] = size(kBoth);
  for (int i : {1, 2, 3}) {
    trainLaunches[i].blocks = 1 + kBlocks;
    trainLaunches[i].grid[0] = 1;
    trainLaunches[i].block[0] = 128;
  }
  inputs[0].bytes = outputs[1].bytes = 4 * kMaxN;
  inputs[1].bytes = outputs[0].bytes = 4 * kMaxM;
  program.sizes = sizes.data();
}

GuardedValues::GuardedValues(std::size_t count) : count_(count) {
  constexpr std::size_t page = 4096;
  std::size_t room = (count * sizeof(std::uint32_t) + page - 1) / page * page;
  bytes_ = room + page;
  memory_ = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char *end = static_cast<char *>(memory_) + room;
  mprotect(end, page, PROT_NONE);
  data_ = reinterpret_cast<std::uint32_t *>(end) - count;
}

GuardedValues::GuardedValues(const Values &values)
    : GuardedValues(values.size()) {
  std::copy(values.begin(), values.end(), data_);
}

GuardedValues::~GuardedValues() { munmap(memory_, bytes_); }

/// The first `count` of `values`.
static Values first(const Values &values, std::int64_t count) {
  return {values.begin(), values.begin() + count};
}

void trainSized(OpenModel &model, SizedProgram &toy, Reference &reference,
                std::int64_t n, std::int64_t m, std::uint32_t seed, bool wait) {
  SCOPED_TRACE(testing::Message() << "N = " << n << ", M = " << m);
  Values bias = numbers(seed + 1000);
  GuardedValues batch(first(numbers(seed), n)), some(first(bias, m)),
      biased(std::min(n, m)), shifted(n);
  const void *inputs[] = {batch.data(), some.data()};
  void *outputs[] = {biased.data(), shifted.data()};
  std::int64_t symbols[] = {n, m};
  ASSERT_OK(tensorc_rt_cuda_run_sized(model.model, SizedProgram::kTrain,
                                      symbols, inputs,
                                      wait ? outputs : nullptr));
  // What isn't of the batch stays as it is.
  Values rest(reference.values.begin() + n, reference.values.end());
  reference.train(numbers(seed));
  std::copy(rest.begin(), rest.end(), reference.values.begin() + n);
  if (!wait)
    return;
  EXPECT_EQ(Values(biased), first(reference.plus(bias), std::min(n, m)));
  EXPECT_EQ(Values(shifted), first(reference.plus(toy.constants), n));
}
