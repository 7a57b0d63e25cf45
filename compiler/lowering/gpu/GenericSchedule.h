//===- GenericSchedule.h - How threads share a kernel.generic ---*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LOWERING_GPU_GENERICSCHEDULE_H
#define TENSORC_COMPILER_LOWERING_GPU_GENERICSCHEDULE_H

#include "compiler/lowering/gpu/Emission.h"

namespace tensorc::simt {

/// Rows (points that differ in reduction dimensions alone) and who computes
/// them. Dimensions of size 1, and those that were merged into a neighbour, are
/// in no list.
struct GenericSchedule {
  /// Dimensions of rows, outermost first.
  llvm::SmallVector<unsigned> parallel;
  /// Dimensions of a row's points, outermost first.
  llvm::SmallVector<unsigned> reduction;

  /// Threads of a block; a power of two and at least a warp.
  int64_t threads = 256;
  /// Threads that share the points of a row: 1, part of a block, or all of it.
  int64_t team = 1;
  /// The threads of a row are `threads / team` apart, so that neighbours work
  /// on neighbouring rows; else they are neighbours themselves.
  bool columns = false;
  int64_t rowsPerBlock() const { return threads / team; }

  /// Elements along `packDim` that one thread handles together.
  int64_t pack = 1;
  unsigned packDim = 0;
  /// `packDim` is the last one of `reduction`, else of `parallel`.
  bool packsReduction = false;

  /// Nothing to do at all.
  bool empty = false;

  /// Merges and drops dimensions (in `e.sizes` and the strides), then decides.
  static GenericSchedule make(Emission &e, kernel::GenericOp op);
};

} // namespace tensorc::simt

#endif // TENSORC_COMPILER_LOWERING_GPU_GENERICSCHEDULE_H
