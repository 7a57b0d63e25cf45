//===- peak.cpp - The machine's multiply-add limit ------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Linked into the benchmark's library, so that each table can say which
// fraction of the machine's limit it reached. Build with -march=native.
//
//===----------------------------------------------------------------------===//

#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

namespace {

constexpr int kAccumulators = 12; // covers latency 4 times 2 units, with slack
typedef float Vector __attribute__((vector_size(64)));

float spin(std::int64_t rounds) {
  Vector acc[kAccumulators];
  Vector x, y;
  for (int i = 0; i < 16; ++i) {
    x[i] = 0.5f + 0.01f * i;
    y[i] = 1.0f + 0.1f * i; // keeps the values far from denormal
  }
  for (int i = 0; i < kAccumulators; ++i)
    acc[i] = x * float(i + 1);
  for (std::int64_t r = 0; r < rounds; ++r)
    for (int i = 0; i < kAccumulators; ++i)
      acc[i] = acc[i] * x + y;
  float sum = 0;
  for (int i = 0; i < kAccumulators; ++i)
    for (int lane = 0; lane < 16; ++lane)
      sum += acc[i][lane];
  return sum;
}

} // namespace

/// GFLOP/s of f32 multiply-adds in registers on `threads` threads.
extern "C" double peak_gflops(int threads) {
  constexpr std::int64_t rounds = 2'000'000;
  volatile float sink = spin(1000);
  auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> others;
  for (int i = 1; i < threads; ++i)
    others.emplace_back([] {
      volatile float local = spin(rounds);
      (void)local;
    });
  sink = spin(rounds);
  for (std::thread &other : others)
    other.join();
  (void)sink;
  std::chrono::duration<double> seconds =
      std::chrono::steady_clock::now() - begin;
  return 2.0 * 16 * kAccumulators * rounds * threads / seconds.count() * 1e-9;
}
