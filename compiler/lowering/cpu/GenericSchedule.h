//===- GenericSchedule.h - How a kernel.generic is run ----------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LOWERING_CPU_GENERICSCHEDULE_H
#define TENSORC_COMPILER_LOWERING_CPU_GENERICSCHEDULE_H

#include "compiler/lowering/cpu/Emission.h"

namespace tensorc::cpu {

/// The loops of a `kernel.generic`, outermost first: a flattened loop over
/// `outer[0, taskDims)` that tasks share, loops over the other outer
/// dimensions, the vector dimension (where it is parallel), the reduction
/// dimensions. Dimensions of size 1, and those that were merged into a
/// neighbour, are in no list.
struct GenericSchedule {
  llvm::SmallVector<unsigned> outer;
  unsigned taskDims = 0;
  /// Where the vector dimension is one of these, it is the last.
  llvm::SmallVector<unsigned> reduction;
  /// None where all sizes are 1.
  std::optional<unsigned> vectorDim;
  bool vectorIsReduction = false;
  int64_t lanes = 1;
  /// The parallel vector dimension is cut into blocks of this many elements,
  /// which are an innermost outer dimension; 0 for no blocks.
  int64_t block = 0;
  /// Vectors that are handled together: of the parallel vector dimension, or
  /// accumulators of the reduced one.
  int64_t unroll = 1;
  /// All points of a row are unrolled and their values kept in registers.
  bool unrollRow = false;
  /// What is done for a vector takes long beside masking it: where it may not
  /// be whole, one loop does for all.
  bool isLong = false;
  /// Nothing to do at all.
  bool empty = false;

  /// Merges and drops dimensions (in `e.sizes` and the strides), then decides.
  static GenericSchedule make(Emission &e, kernel::GenericOp op);
};

} // namespace tensorc::cpu

#endif // TENSORC_COMPILER_LOWERING_CPU_GENERICSCHEDULE_H
