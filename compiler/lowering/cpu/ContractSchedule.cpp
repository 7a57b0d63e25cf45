//===- ContractSchedule.cpp - How a contraction runs on a CPU -------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/cpu/ContractSchedule.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>
#include <cmath>

using namespace tensorc::cpu;
using llvm::ArrayRef;
using llvm::SmallVector;

namespace {

constexpr unsigned kLhs = 0, kRhs = 1;

/// Enumerates schedules and keeps the cheapest.
class Scheduler {
public:
  Scheduler(const ContractProblem &problem, const TargetInfo &target)
      : problem(problem), target(target) {}

  ContractSchedule run();

private:
  void tryOuter(unsigned vectorDim);
  void tryOuterTiles(const ContractSchedule &base, std::optional<unsigned> row,
                     std::optional<unsigned> column);
  void tryInner(unsigned vectorDim);
  void tryInnerTiles(const ContractSchedule &base, std::optional<unsigned> row,
                     std::optional<unsigned> column);
  void consider(ContractSchedule schedule);
  void orderLoops(ContractSchedule &schedule) const;
  void orderReductions(ContractSchedule &schedule) const;

  int64_t lanesFor(unsigned dim) const;
  bool worthTiling(unsigned dim) const { return problem.sizes[dim] != 1; }
  /// Of the registers, two stay free for a broadcast and a temporary.
  int64_t usableRegisters() const {
    return target.registers >= 32 ? 29 : target.registers - 1;
  }
  /// The largest stride that a step of `dim` makes in the operands read.
  int64_t reach(unsigned dim) const {
    int64_t result = 0;
    for (unsigned operand : {kLhs, kRhs}) {
      int64_t stride = problem.strides[operand][dim];
      result = std::max(result, stride == kUnknown ? int64_t(1) << 40
                                                   : std::abs(stride));
    }
    return result;
  }

  const ContractProblem &problem;
  const TargetInfo &target;
  std::optional<ContractSchedule> best;
};

} // namespace

/// A load slot is half a cycle. A vector that isn't aligned crosses a line.
static double loadSlots(const ContractProblem &problem,
                        const ContractSchedule &schedule, unsigned operand) {
  ArrayRef<int64_t> strides = problem.strides[operand];
  if (!schedule.vectorDim || strides[*schedule.vectorDim] == 0)
    return 1;
  if (strides[*schedule.vectorDim] != 1)
    return 1.25 * schedule.lanes;
  for (unsigned dim = 0; dim < problem.dims(); ++dim)
    if (dim != *schedule.vectorDim && strides[dim] != 0 &&
        problem.sizes[dim] != 1 &&
        (strides[dim] == kUnknown || strides[dim] % schedule.lanes != 0))
      return 1 + schedule.lanes * problem.accumulatorBytes / 64.0 * 0.9;
  return 1;
}

/// Tiles along an axis: how many, of how many positions.
static SmallVector<std::pair<double, int64_t>, 2>
tilesOf(const ContractProblem &problem, const ContractSchedule &schedule,
        const TileAxis &axis) {
  int64_t extent = schedule.extent(axis);
  int64_t size = problem.expected(axis.dim);
  if (problem.sizes[axis.dim] == kUnknown)
    return {{double(size) / extent + 0.5, axis.count}};
  SmallVector<std::pair<double, int64_t>, 2> tiles;
  if (size >= extent)
    tiles.push_back({double(size / extent), axis.count});
  if (int64_t rest = size % extent)
    tiles.push_back({1.0, llvm::divideCeil(rest, axis.vector ? schedule.lanes
                                                             : int64_t(1))});
  return tiles;
}

/// Cycles of one tile with `counts` positions along the axes.
static double tileCycles(const ContractProblem &problem,
                         const ContractSchedule &schedule,
                         ArrayRef<int64_t> counts, double steps) {
  double positions = 1, loads = 0;
  for (int64_t count : counts)
    positions *= count;
  for (unsigned operand : {kLhs, kRhs}) {
    double distinct = 1;
    for (auto [axis, count] : llvm::zip_equal(schedule.axes, counts))
      if (!problem.isConstant(operand, axis.dim))
        distinct *= count;
    loads += distinct * loadSlots(problem, schedule, operand);
  }
  // Ports: two additions and two loads a cycle, six operations in all. An
  // accumulator takes an addition every four cycles.
  double partials = schedule.partials;
  double step = std::max(
      {positions / 2, loads / 2, 4 / partials, (positions + loads + 2) / 6});
  double cycles = 14 + steps * (step + 0.5 / partials);

  // Zeroing, the sum of the lanes, the epilogue and the stores.
  unsigned operands = problem.strides.size();
  if (schedule.inner)
    return cycles + positions * (3 + partials) +
           4.0 * positions / counts.back() * (operands - 2);
  for (unsigned operand = 2; operand < operands; ++operand) {
    bool output = operand >= operands - problem.outputs;
    int64_t stride =
        schedule.vectorDim ? problem.strides[operand][*schedule.vectorDim] : 0;
    bool dense = stride == 0 || stride == 1;
    cycles += positions * (dense ? (output ? 2.0 : 1.0)
                                 : schedule.lanes * (output ? 1.5 : 0.7));
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
  double cycles = 0;
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
  return cycles;
}

int64_t Scheduler::lanesFor(unsigned dim) const {
  int64_t lanes = problem.lanes;
  while (lanes > 4 && problem.expected(dim) <= lanes / 2)
    lanes /= 2;
  return lanes;
}

void Scheduler::consider(ContractSchedule schedule) {
  schedule.cost = estimateCycles(problem, schedule);
  if (!best || schedule.cost < best->cost)
    best = std::move(schedule);
}

//===----------------------------------------------------------------------===//
// Lanes along an output dimension
//===----------------------------------------------------------------------===//

void Scheduler::tryOuterTiles(const ContractSchedule &base,
                              std::optional<unsigned> row,
                              std::optional<unsigned> column) {
  unsigned vectorDim = *base.vectorDim;
  int64_t limit = usableRegisters() - 1;
  int64_t maxVectors =
      llvm::divideCeil(problem.expected(vectorDim), base.lanes);
  int64_t maxRows = row ? problem.expected(*row) : 1;
  int64_t maxColumns = column ? problem.expected(*column) : 1;
  for (int64_t rows = row ? 2 : 1; rows <= std::min<int64_t>(maxRows, limit);
       ++rows)
    for (int64_t columns = column ? 2 : 1;
         columns <= std::min<int64_t>(maxColumns, limit / rows); ++columns)
      for (int64_t vectors = 1; vectors <= maxVectors; ++vectors) {
        // Without rows a loaded vector is used once, straight from memory.
        int64_t held = rows > 1 ? columns * vectors : 0;
        if (rows * columns * vectors + held > limit)
          break;
        ContractSchedule schedule = base;
        if (rows > 1)
          schedule.axes.push_back({*row, rows, false});
        if (columns > 1)
          schedule.axes.push_back({*column, columns, false});
        schedule.axes.push_back({vectorDim, vectors, true});
        consider(std::move(schedule));
      }
}

void Scheduler::tryOuter(unsigned vectorDim) {
  ContractSchedule base;
  base.vectorDim = vectorDim;
  base.lanes = lanesFor(vectorDim);
  unsigned vectorOperand = problem.isConstant(kRhs, vectorDim) ? kLhs : kRhs;
  SmallVector<std::optional<unsigned>> rows{std::nullopt},
      columns{std::nullopt};
  for (unsigned dim = 0; dim < problem.dims(); ++dim)
    if (!problem.summed[dim] && dim != vectorDim && worthTiling(dim))
      (problem.isConstant(vectorOperand, dim) ? rows : columns).push_back(dim);
  for (std::optional<unsigned> row : rows)
    for (std::optional<unsigned> column : columns)
      tryOuterTiles(base, row, column);
}

//===----------------------------------------------------------------------===//
// Lanes along a summed dimension
//===----------------------------------------------------------------------===//

void Scheduler::tryInnerTiles(const ContractSchedule &base,
                              std::optional<unsigned> row,
                              std::optional<unsigned> column) {
  int64_t limit = usableRegisters() - 1;
  int64_t maxRows = row ? problem.expected(*row) : 1;
  int64_t maxColumns = column ? problem.expected(*column) : 1;
  // Sums that are neighbours in memory are stored as one vector.
  auto outputStride = [&](unsigned dim) {
    int64_t stride = problem.strides.back()[dim];
    return stride == kUnknown ? int64_t(1) << 40 : std::abs(stride);
  };
  bool rowsLast =
      row && (!column || outputStride(*row) < outputStride(*column));
  int64_t trips =
      llvm::divideCeil(problem.expected(*base.vectorDim), base.lanes);
  for (int64_t rows = row ? 2 : 1; rows <= std::min<int64_t>(maxRows, 16);
       ++rows)
    for (int64_t columns = column ? 2 : 1;
         columns <= std::min<int64_t>(maxColumns, 16); ++columns) {
      int64_t held = rows > 1 && columns > 1 ? std::min(rows, columns) : 0;
      if (rows * columns + held > limit)
        break;
      ContractSchedule schedule = base;
      if (rows > 1)
        schedule.axes.push_back({*row, rows, false});
      if (columns > 1)
        schedule.axes.push_back({*column, columns, false});
      if (rowsLast && schedule.axes.size() == 2)
        std::swap(schedule.axes[0], schedule.axes[1]);
      while (rows * columns * schedule.partials < 8 &&
             schedule.partials * 2 <= trips)
        schedule.partials *= 2;
      consider(std::move(schedule));
    }
}

void Scheduler::tryInner(unsigned vectorDim) {
  ContractSchedule base;
  base.inner = true;
  base.vectorDim = vectorDim;
  base.lanes = lanesFor(vectorDim);
  SmallVector<std::optional<unsigned>> rows{std::nullopt},
      columns{std::nullopt};
  for (unsigned dim = 0; dim < problem.dims(); ++dim) {
    if (problem.summed[dim] || !worthTiling(dim))
      continue;
    if (problem.isConstant(kRhs, dim))
      rows.push_back(dim);
    else if (problem.isConstant(kLhs, dim))
      columns.push_back(dim);
  }
  for (std::optional<unsigned> row : rows)
    for (std::optional<unsigned> column : columns)
      tryInnerTiles(base, row, column);
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

void Scheduler::orderReductions(ContractSchedule &schedule) const {
  for (unsigned dim = 0; dim < problem.dims(); ++dim)
    if (problem.summed[dim] && !(schedule.inner && dim == *schedule.vectorDim))
      schedule.reductions.push_back(dim);
  llvm::stable_sort(schedule.reductions, [&](unsigned x, unsigned y) {
    return reach(x) > reach(y);
  });
  if (schedule.inner) {
    schedule.reductions.push_back(*schedule.vectorDim);
    return;
  }
  // A bound on the code of a tile; beyond it, values that unrolled steps share
  // would also stay in registers that the accumulators need.
  constexpr int64_t maxUnrolled = 96;
  int64_t body = schedule.positions();
  for (unsigned dim : llvm::reverse(schedule.reductions)) {
    if (problem.sizes[dim] == kUnknown ||
        body * problem.sizes[dim] > maxUnrolled)
      break;
    body *= std::max<int64_t>(problem.sizes[dim], 1);
    ++schedule.unrolled;
  }
}

void Scheduler::orderLoops(ContractSchedule &schedule) const {
  for (unsigned dim = 0; dim < problem.dims(); ++dim)
    if (!problem.summed[dim] && !schedule.axisOf(dim))
      schedule.loops.push_back(dim);
  llvm::stable_sort(schedule.loops, [&](unsigned x, unsigned y) {
    return reach(x) > reach(y);
  });
  // What the last loop doesn't touch stays in the nearest cache: the vectors
  // of an outer tile, the smaller operand's rows of an inner one.
  SmallVector<unsigned> tiled;
  for (const TileAxis &axis : llvm::reverse(schedule.axes))
    tiled.push_back(axis.dim);
  if (schedule.inner && tiled.size() == 2) {
    auto footprint = [&](unsigned operand) {
      double size = 1;
      for (unsigned dim = 0; dim < problem.dims(); ++dim)
        if (!problem.isConstant(operand, dim))
          size *= problem.expected(dim);
      return size;
    };
    unsigned large = footprint(kLhs) > footprint(kRhs) ? kLhs : kRhs;
    if (problem.isConstant(large, tiled[0]))
      std::swap(tiled[0], tiled[1]);
  }
  llvm::append_range(schedule.loops, tiled);

  // Enough shares for the tasks to be even; no more, since a shared loop
  // divides for its indices.
  int64_t shares = 1;
  for (unsigned dim : schedule.loops) {
    if (schedule.taskLoops > 0 && shares >= 4 * problem.tasks)
      break;
    const TileAxis *axis = schedule.axisOf(dim);
    int64_t size = problem.sizes[dim] == kUnknown ? 1 : problem.sizes[dim];
    shares *= axis ? llvm::divideCeil(size, schedule.extent(*axis)) : size;
    ++schedule.taskLoops;
  }
}

ContractSchedule Scheduler::run() {
  auto strideClass = [&](unsigned dim) {
    int64_t lhs = problem.strides[kLhs][dim], rhs = problem.strides[kRhs][dim];
    auto good = [](int64_t stride) { return stride == 0 || stride == 1; };
    return int(!good(lhs)) + int(!good(rhs));
  };
  // Gathers are for those who have no better dimension.
  for (int worst = 0; worst <= 2 && !best; ++worst)
    for (unsigned dim = 0; dim < problem.dims(); ++dim) {
      if (strideClass(dim) > worst || !worthTiling(dim))
        continue;
      if (problem.summed[dim])
        tryInner(dim);
      else
        tryOuter(dim);
    }
  ContractSchedule schedule = best ? *best : ContractSchedule{};
  orderReductions(schedule);
  orderLoops(schedule);
  return schedule;
}

ContractSchedule tensorc::cpu::scheduleContract(const ContractProblem &problem,
                                                const TargetInfo &target) {
  return Scheduler(problem, target).run();
}
