//===- Target.h - What emitters know of a GPU ------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LOWERING_GPU_TARGET_H
#define TENSORC_COMPILER_LOWERING_GPU_TARGET_H

#include "llvm/ADT/StringRef.h"
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

  /// What schedules for `chip` count on: multiprocessors of its largest common
  /// product (A100, L40S, H100, B200), and what all GPUs have that the code is
  /// for. An A100 has 163 KB of shared memory for a block, but code for `sm_80`
  /// also runs on the chips of 99 KB after it; that for `sm_90a` on no other.
  /// (CUDA programming guide, "Compute capabilities".)
  static TargetInfo forChip(llvm::StringRef chip) {
    TargetInfo target;
    target.multiprocessors = chip == "sm_80"    ? 108
                             : chip == "sm_89"  ? 142
                             : chip == "sm_100" ? 148
                                                : 132;
    if (chip == "sm_90a") {
      target.sharedBytes = 227 << 10;
      target.warpgroups = true;
    }
    return target;
  }

  /// Threads that keep it busy.
  int64_t enoughThreads() const { return multiprocessors * 256; }
};

} // namespace tensorc::simt

#endif // TENSORC_COMPILER_LOWERING_GPU_TARGET_H
