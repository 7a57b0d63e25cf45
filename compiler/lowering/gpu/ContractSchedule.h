//===- ContractSchedule.h - How threads share a kernel.contract -*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LOWERING_GPU_CONTRACTSCHEDULE_H
#define TENSORC_COMPILER_LOWERING_GPU_CONTRACTSCHEDULE_H

#include "compiler/lowering/gpu/Emission.h"

namespace tensorc::simt {

/// A block's tile of the result and the part of the depth that it takes at a
/// time.
struct TileShape {
  int64_t rows, columns, depth;
  /// Each thread's part; 0 with tensor cores.
  int64_t threadRows, threadColumns;
  /// Each warp's part, with tensor cores; else 0.
  int64_t warpRows = 0, warpColumns = 0;
  /// Four warps multiply together, from shared memory.
  bool warpgroups = false;

  bool hasTensorCores() const { return warpRows > 0; }
  int64_t threads() const {
    if (hasTensorCores())
      return rows / warpRows * (columns / warpColumns) * warpThreads;
    return rows / threadRows * (columns / threadColumns);
  }
};

/// A contraction as a batch of matrix products. Dimensions of size 1 are in no
/// list; each list is outermost first.
struct ContractSchedule {
  llvm::SmallVector<unsigned> batch, rows, columns, depth;
  /// The operand that has the rows; the other one has the columns. Neighbours
  /// in the output are columns.
  unsigned rowOperand = 0;

  /// Tiles in shared memory; else each sum is shared by `team` threads.
  bool tiled = true;
  TileShape tile{};
  int64_t team = 1, threads = 256;

  unsigned columnOperand() const { return 1 - rowOperand; }

  static ContractSchedule make(Emission &e, kernel::ContractOp op);
  /// Whether neighbours along the innermost of `dims` are neighbours in memory.
  static bool isUnit(const LinearAccess &access, llvm::ArrayRef<unsigned> dims);
};

} // namespace tensorc::simt

#endif // TENSORC_COMPILER_LOWERING_GPU_CONTRACTSCHEDULE_H
