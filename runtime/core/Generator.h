//===- Generator.h - Random numbers -----------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_CORE_GENERATOR_H
#define TENSORC_RUNTIME_CORE_GENERATOR_H

#include <array>
#include <cstdint>

namespace tensorc {

/// Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy
/// as 1, 2, 3", SC 2011. Four numbers from a counter and a key.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key);

/// A stream of random numbers: the same for a seed on every machine.
class Generator {
public:
  explicit Generator(std::uint64_t seed) : seed_(seed) {}

  std::uint32_t next();
  /// Uniform in [0, 1), in steps of 2^-24: floats, exactly.
  double uniform24() { return (next() >> 8) * 0x1p-24; }
  /// Uniform in [0, 1), in steps of 2^-53.
  double uniform53();
  /// Standard normal, by Box and Muller.
  double normal();

  /// This thread's, which `manual_seed` restarts.
  static Generator &current();

private:
  std::uint64_t seed_, counter_ = 0;
  std::array<std::uint32_t, 4> block_{};
  unsigned used_ = 4;
};

} // namespace tensorc

#endif // TENSORC_RUNTIME_CORE_GENERATOR_H
