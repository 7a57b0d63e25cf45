//===- Target.h - What emitters know of a GPU ------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LOWERING_GPU_TARGET_H
#define TENSORC_COMPILER_LOWERING_GPU_TARGET_H

#include "compiler/target/Gpu.h"

#include <cstdint>

namespace tensorc::simt {

/// A GPU as schedules see it.
struct TargetInfo {
  /// An H100 has 132, an A100 108.
  int64_t multiprocessors = 132;
  /// Bytes of shared memory that a block may have.
  int64_t sharedBytes = 99 << 10;
  /// Whether tensor cores may multiply f32 as TF32, of 10 bits of mantissa.
  bool tf32 = false;
  /// Whether four warps can have a product of matrices in shared memory made
  /// while they go on (`wgmma`).
  bool warpgroups = false;

  static TargetInfo of(const target::Gpu &gpu) {
    return {gpu.multiprocessors, gpu.sharedBytes, /*tf32=*/false,
            gpu.hasWarpgroups};
  }

  /// Threads that keep it busy.
  int64_t enoughThreads() const { return multiprocessors * 256; }
};

} // namespace tensorc::simt

#endif // TENSORC_COMPILER_LOWERING_GPU_TARGET_H
