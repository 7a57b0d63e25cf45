//===- Target.h - What emitters know of a CPU -------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LOWERING_CPU_TARGET_H
#define TENSORC_COMPILER_LOWERING_CPU_TARGET_H

#include <cstdint>

namespace tensorc::cpu {

/// A CPU as schedules see it. Depends on the level alone, never on the machine
/// that compiles, so that the same input gives the same bytes.
struct TargetInfo {
  /// x86-64 microarchitecture level: 3 (AVX2, FMA) or 4 (AVX-512).
  int level = 4;
  int64_t vectorBytes = 64;
  int64_t registers = 32;
  int64_t l1Bytes = 32 << 10;
  int64_t l2Bytes = 1 << 20;

  static TargetInfo forLevel(int level) {
    return level >= 4 ? TargetInfo{} : TargetInfo{3, 32, 16, 32 << 10, 1 << 19};
  }
  /// Native lanes of elements of `bits` bits.
  int64_t lanes(unsigned bits) const { return vectorBytes * 8 / bits; }
};

} // namespace tensorc::cpu

#endif // TENSORC_COMPILER_LOWERING_CPU_TARGET_H
