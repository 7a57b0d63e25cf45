//===- ContractCost.cpp - What a contraction's schedule costs -------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/cpu/ContractSchedule.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>
#include <array>
#include <cmath>

using namespace tensorc::cpu;
using llvm::ArrayRef;
using llvm::SmallVector;

static constexpr unsigned kLhs = 0, kRhs = 1;

static constexpr double kNearCacheBytes = 32 << 10;

/// Bytes of an operand.
static double footprint(const ContractProblem &problem, unsigned operand) {
  double bytes = problem.accumulatorBytes;
  for (unsigned dim = 0; dim < problem.dims(); ++dim)
    if (!problem.isConstant(operand, dim))
      bytes *= double(problem.expected(dim));
  return bytes;
}

/// Bytes of the cache lines that an outer tile's vectors are in, over the
/// whole reduction.
static double panelBytes(const ContractProblem &problem,
                         const ContractSchedule &schedule, unsigned operand) {
  double bytes = double(schedule.width() * problem.accumulatorBytes);
  for (unsigned dim = 0; dim < problem.dims(); ++dim) {
    int64_t stride = problem.strides[operand][dim];
    if (problem.summed[dim] && stride != 0 &&
        (schedule.packed || stride == kUnknown || std::abs(stride) >= 16))
      bytes *= double(problem.expected(dim));
  }
  return bytes / (schedule.packed ? schedule.strips : 1);
}

/// Whether the vectors of an outer tile come from beyond the second-level cache
/// each time, being too many lines to stay in the first.
static bool isFarApart(const ContractProblem &problem,
                       const ContractSchedule &schedule, unsigned operand) {
  return !schedule.inner && !schedule.packed &&
         footprint(problem, operand) > problem.cacheBytes / 2 &&
         panelBytes(problem, schedule, operand) > kNearCacheBytes;
}

/// A load slot is half a cycle. A vector that isn't aligned crosses a line.
static double loadSlots(const ContractProblem &problem,
                        const ContractSchedule &schedule, unsigned operand) {
  ArrayRef<int64_t> strides = problem.strides[operand];
  if (schedule.packed || !schedule.vectorDim ||
      strides[*schedule.vectorDim] == 0)
    return 1;
  if (strides[*schedule.vectorDim] != 1)
    return 1.25 * schedule.lanes;
  double slots = isFarApart(problem, schedule, operand) ? 8 : 1;
  for (unsigned dim = 0; dim < problem.dims(); ++dim)
    if (dim != *schedule.vectorDim && strides[dim] != 0 &&
        problem.sizes[dim] != 1 &&
        (strides[dim] == kUnknown || strides[dim] % schedule.lanes != 0))
      return slots + schedule.lanes * problem.accumulatorBytes / 64.0 * 0.9;
  return slots;
}

/// Cycles for the panels that the vector operand is copied to.
static double packCycles(const ContractProblem &problem,
                         const ContractSchedule &schedule) {
  unsigned operand = problem.vectorOperand(*schedule.vectorDim);
  double vectors = 1;
  bool transposes = false;
  for (unsigned dim = 0; dim < problem.dims(); ++dim) {
    if (!problem.isConstant(operand, dim))
      vectors *= double(problem.expected(dim)) /
                 (dim == *schedule.vectorDim ? schedule.lanes : 1);
    transposes |= problem.summed[dim] && problem.strides[operand][dim] == 1;
  }
  if (schedule.rowBlockDim)
    vectors *= std::ceil(double(problem.expected(*schedule.rowBlockDim)) /
                         schedule.rowBlock);
  if (problem.strides[operand][*schedule.vectorDim] == 1)
    return vectors * 4;
  return vectors * (transposes ? 8 : 1.5 * schedule.lanes);
}

/// Tiles along an axis: how many, of how many positions.
static SmallVector<std::pair<double, int64_t>, 2>
tilesOf(const ContractProblem &problem, const ContractSchedule &schedule,
        const TileAxis &axis) {
  int64_t extent = schedule.extent(axis);
  int64_t size = problem.expected(axis.dim);
  if (problem.sizes[axis.dim] == kUnknown)
    // The last tile has as many vectors as it needs.
    return {{double(size) / extent + (axis.vector ? 0.5 / axis.count : 0.5),
             axis.count}};
  SmallVector<std::pair<double, int64_t>, 2> tiles;
  if (size >= extent)
    tiles.push_back({double(size / extent), axis.count});
  if (int64_t rest = size % extent)
    tiles.push_back({1.0, llvm::divideCeil(rest, axis.vector ? schedule.lanes
                                                             : int64_t(1))});
  return tiles;
}

/// Rows that are far apart each take a line of the nearest cache, and often the
/// same few sets of it: many of them are slow.
static double rowPenalty(const ContractProblem &problem,
                         const ContractSchedule &schedule, unsigned operand) {
  if (schedule.inner || !schedule.vectorDim ||
      !problem.isConstant(operand, *schedule.vectorDim))
    return 0;
  for (const TileAxis &axis : schedule.axes) {
    int64_t stride = problem.strides[operand][axis.dim];
    if (stride == kUnknown ||
        std::abs(stride) * problem.accumulatorBytes >= 1024)
      return 1;
  }
  return 0;
}

/// Cycles of a step for bytes that come from the second-level cache (or from
/// beyond), where what a tile reads doesn't stay in the first.
static double streamCycles(const ContractProblem &problem,
                           const ContractSchedule &schedule,
                           ArrayRef<int64_t> counts) {
  constexpr double nearBytesPerCycle = 24, farBytesPerCycle = 18;
  if (!schedule.vectorDim)
    return 0;
  std::array<double, 2> step, tile;
  for (unsigned operand : {kLhs, kRhs}) {
    double bytes =
        problem.accumulatorBytes *
        std::min(schedule.lanes, problem.expected(*schedule.vectorDim));
    for (auto [axis, count] : llvm::zip_equal(schedule.axes, counts))
      if (!problem.isConstant(operand, axis.dim))
        bytes *= double(count);
    step[operand] = bytes;
    for (unsigned dim = 0; dim < problem.dims(); ++dim)
      if (problem.summed[dim] && !problem.isConstant(operand, dim))
        bytes *= dim == *schedule.vectorDim
                     ? std::ceil(double(problem.expected(dim)) / schedule.lanes)
                     : double(problem.expected(dim));
    tile[operand] = bytes;
  }
  if (!schedule.inner) {
    unsigned operand = problem.vectorOperand(*schedule.vectorDim);
    return panelBytes(problem, schedule, operand) > kNearCacheBytes
               ? step[operand] / nearBytesPerCycle
               : 0;
  }
  // At best one operand's rows stay for the next tile.
  double all = footprint(problem, kLhs) + footprint(problem, kRhs);
  double bytes = tile[kLhs] + tile[kRhs] > kNearCacheBytes
                     ? step[kLhs] + step[kRhs]
                 : all > kNearCacheBytes ? std::min(step[kLhs], step[kRhs])
                                         : 0;
  return bytes /
         (all > problem.cacheBytes ? farBytesPerCycle : nearBytesPerCycle);
}

/// The part of the vectors that is loaded under a mask, an operation more.
static double maskedPart(const ContractProblem &problem,
                         const ContractSchedule &schedule) {
  if (schedule.packed || !schedule.vectorDim)
    return 0;
  int64_t size = problem.expected(*schedule.vectorDim);
  return size % schedule.lanes == 0
             ? 0
             : 1.0 / llvm::divideCeil(size, schedule.lanes);
}

/// Cycles of one tile with `counts` positions along the axes.
static double tileCycles(const ContractProblem &problem,
                         const ContractSchedule &schedule,
                         ArrayRef<int64_t> counts, double steps) {
  double positions = 1, loads = 0, arithmetic = 0;
  double masked = maskedPart(problem, schedule);
  for (int64_t count : counts)
    positions *= count;
  for (unsigned operand : {kLhs, kRhs}) {
    double distinct = 1;
    for (auto [axis, count] : llvm::zip_equal(schedule.axes, counts))
      if (!problem.isConstant(operand, axis.dim))
        distinct *= count;
    loads += distinct * (loadSlots(problem, schedule, operand) +
                         rowPenalty(problem, schedule, operand));
    if (schedule.vectorDim && !problem.isConstant(operand, *schedule.vectorDim))
      arithmetic += distinct * masked;
  }
  // Ports: two additions and two loads a cycle, six operations in all. An
  // accumulator takes an addition every four cycles.
  double partials = schedule.partials;
  arithmetic += positions;
  double step = std::max({arithmetic / 2, loads / 2, 4 / partials,
                          (positions + loads + 2) / 6,
                          streamCycles(problem, schedule, counts)});
  double cycles = 14 + steps * (step + 0.5 / partials);
  if (schedule.strips > 1)
    cycles += schedule.strips * (positions * 2 + 8);

  // Zeroing, the sum of the lanes, the epilogue and the stores.
  unsigned operands = problem.strides.size();
  if (schedule.inner && counts.empty())
    return cycles + 3 + partials + 4.0 * (operands - 2);
  if (schedule.inner) {
    double stores = 4.0 * positions / counts.back() * (operands - 2);
    if (problem.strides.back()[schedule.axes.back().dim] != 1)
      stores += positions * (problem.scatters ? 1 : 3);
    return cycles + positions * (3 + partials) + stores;
  }
  for (unsigned operand = 2; operand < operands; ++operand) {
    bool output = operand >= operands - problem.outputs;
    int64_t stride =
        schedule.vectorDim ? problem.strides[operand][*schedule.vectorDim] : 0;
    bool dense = stride == 0 || stride == 1;
    cycles += positions * (dense ? (output ? 2.0 : 1.0)
                                 : schedule.lanes * (!output            ? 1.0
                                                     : problem.scatters ? 3.5
                                                                        : 8.0));
  }
  return cycles + positions;
}

double tensorc::cpu::estimateCycles(const ContractProblem &problem,
                                    const ContractSchedule &schedule) {
  double steps = 1, outer = 1;
  for (unsigned dim = 0; dim < problem.dims(); ++dim) {
    double size = problem.expected(dim);
    if (!problem.summed[dim])
      outer *= schedule.axisOf(dim) ? 1 : size;
    else if (schedule.inner && dim == *schedule.vectorDim)
      steps *= std::ceil(size / schedule.lanes);
    else
      steps *= size;
  }
  double cycles = schedule.packed ? packCycles(problem, schedule) : 0;
  // Code of its own for the last tiles is paid for elsewhere.
  double variants = 1;
  for (const TileAxis &axis : schedule.axes)
    variants *= double(tilesOf(problem, schedule, axis).size());
  SmallVector<int64_t, 3> counts(schedule.axes.size());
  auto visit = [&](auto &&self, unsigned index, double times) -> void {
    if (index == schedule.axes.size()) {
      cycles += times * tileCycles(problem, schedule, counts, steps);
      return;
    }
    for (auto [tiles, count] :
         tilesOf(problem, schedule, schedule.axes[index])) {
      counts[index] = count;
      self(self, index + 1, times * tiles);
    }
  };
  visit(visit, 0, outer);
  return cycles * (1 + 0.03 * (std::max(variants, 1.0) - 1));
}
