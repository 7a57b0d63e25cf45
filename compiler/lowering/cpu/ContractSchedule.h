//===- ContractSchedule.h - How a contraction runs on a CPU -----*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Decides the register tile, the vector dimension and the loop order of a
// contraction from its sizes and strides alone. Emits nothing.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LOWERING_CPU_CONTRACTSCHEDULE_H
#define TENSORC_COMPILER_LOWERING_CPU_CONTRACTSCHEDULE_H

#include "compiler/lowering/common/Sums.h"
#include "compiler/target/Cpu.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>
#include <limits>
#include <optional>

namespace tensorc::cpu {

/// A size or stride that is known when the kernel runs.
constexpr int64_t kUnknown = std::numeric_limits<int64_t>::min();

/// A contraction as the scheduler sees it: sizes, and strides in elements, by
/// dimension of the iteration space.
struct ContractProblem {
  llvm::SmallVector<int64_t> sizes;
  /// What unknown sizes are likely to be about; may be empty.
  llvm::SmallVector<int64_t> guesses;
  /// What sizes are at most, `kUnknown` where that isn't known; may be empty.
  llvm::SmallVector<int64_t> limits;
  /// Dimensions that are summed over.
  llvm::SmallVector<bool> summed;
  /// lhs, rhs, extras, outputs.
  llvm::SmallVector<llvm::SmallVector<int64_t>> strides;
  /// How many of `strides` are outputs (the last ones).
  unsigned outputs = 1;
  /// Native lanes of the accumulator's type.
  int64_t lanes = 16;
  /// Bytes of an accumulator.
  int64_t accumulatorBytes = 4;
  /// Of the second-level cache.
  int64_t cacheBytes = 1 << 20;
  /// Whether there are instructions for strided stores.
  bool scatters = true;
  /// The number of tasks that the kernel is split into.
  int64_t tasks = 1;

  unsigned dims() const { return sizes.size(); }
  bool isConstant(unsigned operand, unsigned dim) const {
    return strides[operand][dim] == 0;
  }
  /// The operand read as vectors along an output dimension: rhs where it can
  /// be.
  unsigned vectorOperand(unsigned dim) const {
    return isConstant(1, dim) ? 0 : 1;
  }
  /// What the size is at most, or `kUnknown`.
  int64_t limit(unsigned dim) const {
    if (sizes[dim] != kUnknown)
      return sizes[dim];
    return dim < limits.size() ? limits[dim] : kUnknown;
  }
  /// The size, or a guess of it.
  int64_t expected(unsigned dim) const {
    if (sizes[dim] != kUnknown)
      return sizes[dim];
    return dim < guesses.size() ? guesses[dim] : 128;
  }
};

/// One dimension of the register tile.
struct TileAxis {
  unsigned dim;
  /// Positions, each of one element or of one vector.
  int64_t count;
  bool vector;
};

/// The chosen way.
///
/// *outer*: the lanes of an accumulator are neighbours in an output dimension;
/// each step of the reduction multiplies vectors by broadcast scalars.
/// *inner*: the lanes are neighbours in a summed dimension; both operands are
/// loaded as vectors and the lanes are added up at the end.
struct ContractSchedule {
  bool inner = false;
  /// Lanes run along this dimension; none: scalar code.
  std::optional<unsigned> vectorDim;
  int64_t lanes = 1;
  /// The register tile; accumulators are in row-major order of these.
  llvm::SmallVector<TileAxis, 3> axes;
  /// inner: partial sums of each accumulator, to hide the latency of additions.
  int64_t partials = 1;
  /// The dimensions that aren't summed, outermost loop first; those in `axes`
  /// step by tiles.
  llvm::SmallVector<unsigned> loops;
  /// How many of `loops`, from the outside, are shared out to tasks.
  unsigned taskLoops = 0;
  /// The summed dimensions, outermost first; inner: `vectorDim` comes last.
  llvm::SmallVector<unsigned> reductions;
  /// How many of the last `reductions` are unrolled.
  unsigned unrolled = 0;
  /// outer: the vector operand is copied into a dense panel on the stack, and
  /// the loops that don't move it (`rowLoops`, the last of `loops`) run on
  /// that.
  bool packed = false;
  unsigned rowLoops = 0;
  /// A panel holds `stripDepth` steps of the summed dimension at this level of
  /// `reductions` and all of those further inside. Where that isn't everything,
  /// the sums of all rows wait in a second buffer.
  unsigned stripLevel = 0;
  int64_t stripDepth = 0;
  /// How many panels the reduction takes.
  int64_t strips = 1;
  /// Whether the waiting sums are added up in a third buffer now and then, so
  /// that no sum has too many terms in a row.
  bool hasTotals() const { return strips > lowering::longestChain; }
  /// Rows of this dimension are worked on in blocks of so many: to bound the
  /// second buffer, and to share rows out to tasks.
  std::optional<unsigned> rowBlockDim;
  int64_t rowBlock = 0;
  /// Into how many parts the work can be shared out.
  int64_t shares = 1;
  /// Estimated cycles, comparable between schedules of one problem.
  double cost = 0;

  /// Elements of `axis` that a tile covers.
  int64_t extent(const TileAxis &axis) const {
    return axis.count * (axis.vector ? lanes : 1);
  }
  const TileAxis *axisOf(unsigned dim) const {
    for (const TileAxis &axis : axes)
      if (axis.dim == dim)
        return &axis;
    return nullptr;
  }
  /// Lanes that a tile has along the vector dimension.
  int64_t width() const {
    const TileAxis *axis = vectorDim ? axisOf(*vectorDim) : nullptr;
    return axis ? extent(*axis) : 1;
  }
  /// Accumulators of a tile.
  int64_t positions() const {
    int64_t count = 1;
    for (const TileAxis &axis : axes)
      count *= axis.count;
    return count;
  }
};

/// The cheapest schedule that the registers allow. Depends on nothing but the
/// arguments, so that the order of every sum is fixed.
ContractSchedule scheduleContract(const ContractProblem &problem,
                                  const target::Cpu &target);

/// Estimated cycles of a schedule on one core, from the use of the arithmetic
/// and load ports and the latency of additions.
double estimateCycles(const ContractProblem &problem,
                      const ContractSchedule &schedule);

} // namespace tensorc::cpu

#endif // TENSORC_COMPILER_LOWERING_CPU_CONTRACTSCHEDULE_H
