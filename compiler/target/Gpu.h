//===- Gpu.h - The GPUs that code is made for -------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_TARGET_GPU_H
#define TENSORC_COMPILER_TARGET_GPU_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>

namespace tensorc::target {

/// A GPU as emitters, schedules and code generation see it.
struct Gpu {
  llvm::StringLiteral name; ///< NVIDIA's: `sm_90a`
  /// What LLVM calls the oldest PTX version that has what its code uses, so
  /// that as many drivers as possible take it: `+ptx80`.
  llvm::StringLiteral features;
  /// Of its largest common product: A100, L40S, H100, B200.
  int64_t multiprocessors;
  /// Bytes of shared memory that a block may have on all GPUs that the code is
  /// for. An A100 has 163 KB, but code for `sm_80` also runs on the chips of 99
  /// KB after it; that for `sm_90a` on no other. (CUDA programming guide,
  /// "Compute capabilities".)
  int64_t sharedBytes;
  /// Whether four warps can have a product of matrices in shared memory made
  /// while they go on (`wgmma`).
  bool hasWarpgroups;

  /// The compute capability: 80, 90; and the letter behind it, or 0.
  int32_t capability() const;
  char suffix() const;
};

/// All GPUs, the oldest first.
llvm::ArrayRef<Gpu> gpus();

/// Their names, for diagnostics: `sm_80, sm_89, …`.
std::string gpuNames();

/// The GPU of that name, or null.
const Gpu *findGpu(llvm::StringRef name);

} // namespace tensorc::target

#endif // TENSORC_COMPILER_TARGET_GPU_H
