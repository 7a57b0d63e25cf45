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

using namespace tensorc;
using namespace tensorc::cpu;
using llvm::ArrayRef;
using llvm::SmallVector;

namespace {

constexpr unsigned kLhs = 0, kRhs = 1;

/// Enumerates schedules and keeps the cheapest.
class Scheduler {
public:
  Scheduler(const ContractProblem &problem, const target::Cpu &target)
      : problem(problem), target(target) {}

  ContractSchedule run();

private:
  void tryOuter(unsigned vectorDim);
  void tryOuterTiles(const ContractSchedule &base, std::optional<unsigned> row,
                     std::optional<unsigned> column);
  void tryPacked(unsigned vectorDim);
  void tryPackedTiles(ContractSchedule schedule, ArrayRef<unsigned> rows,
                      int64_t positions);
  bool planPanels(ContractSchedule &schedule) const;
  bool isRow(const ContractSchedule &schedule, unsigned dim) const;
  void tryInner(unsigned vectorDim);
  void tryInnerTiles(const ContractSchedule &base, std::optional<unsigned> row,
                     std::optional<unsigned> column);
  void consider(ContractSchedule schedule);
  void orderLoops(ContractSchedule &schedule) const;
  void orderPackedLoops(ContractSchedule &schedule) const;
  void orderReductions(ContractSchedule &schedule) const;

  int64_t lanesFor(unsigned dim) const;
  bool worthTiling(unsigned dim) const { return problem.sizes[dim] != 1; }
  /// For accumulators and held operands. The others are for a broadcast, a mask
  /// where masks are vectors, and the freedom to move loads.
  int64_t usableRegisters() const {
    return target.registers >= 32 ? 28 : target.registers - 3;
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
  const target::Cpu &target;
  std::optional<ContractSchedule> best;
};

} // namespace

int64_t Scheduler::lanesFor(unsigned dim) const {
  int64_t lanes = problem.lanes;
  while (lanes > 4 && problem.expected(dim) <= lanes / 2)
    lanes /= 2;
  return lanes;
}

void Scheduler::consider(ContractSchedule schedule) {
  schedule.cost = estimateCycles(problem, schedule);
  // A second thread may help, if there is something to share.
  if (schedule.packed && problem.tasks > 1 && schedule.shares < 2)
    schedule.cost *= 2;
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
  int64_t limit = usableRegisters();
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
// Lanes along an output dimension, from a packed panel
//===----------------------------------------------------------------------===//

/// Whether the vector operand is the same for all of a dimension.
bool Scheduler::isRow(const ContractSchedule &schedule, unsigned dim) const {
  return !problem.summed[dim] && dim != *schedule.vectorDim &&
         problem.isConstant(problem.vectorOperand(*schedule.vectorDim), dim);
}

/// Divides the reduction and the rows so that panel and sums fit the stack;
/// false where they can't.
bool Scheduler::planPanels(ContractSchedule &schedule) const {
  constexpr int64_t stackBytes = 64 << 10, panelBytes = 36 << 10;
  int64_t vectorBytes = schedule.width() * problem.accumulatorBytes;
  orderReductions(schedule);
  int64_t steps = 1;
  for (unsigned dim : schedule.reductions)
    steps *= problem.limit(dim);
  // A transposing copy writes whole vectors of steps.
  unsigned operand = problem.vectorOperand(*schedule.vectorDim);
  int64_t slack =
      problem.strides[operand][*schedule.vectorDim] == 1 ? 0 : schedule.lanes;
  schedule.stripDepth = problem.limit(schedule.reductions.front());
  int64_t rowLimit = std::numeric_limits<int64_t>::max();
  if ((steps + slack) * vectorBytes > stackBytes) {
    int64_t capacity = panelBytes / vectorBytes - slack, inside = 1;
    schedule.stripLevel = schedule.reductions.size();
    while (
        schedule.stripLevel > 0 &&
        inside * problem.limit(schedule.reductions[schedule.stripLevel - 1]) <=
            capacity)
      inside *= problem.limit(schedule.reductions[--schedule.stripLevel]);
    if (schedule.stripLevel == 0 || capacity < 1)
      return false;
    int64_t size = problem.limit(schedule.reductions[--schedule.stripLevel]);
    // Strips of about the same depth.
    schedule.strips = llvm::divideCeil(size, capacity / inside);
    schedule.stripDepth = llvm::divideCeil(size, schedule.strips);
    for (unsigned level = 0; level < schedule.stripLevel; ++level)
      schedule.strips *= problem.limit(schedule.reductions[level]);
    rowLimit = (stackBytes - panelBytes) / vectorBytes;
    if (schedule.hasTotals())
      rowLimit /= 2;
  }
  schedule.unrolled = std::min<unsigned>(
      schedule.unrolled, schedule.reductions.size() - schedule.stripLevel - 1);

  // Blocks of rows: to fit, and some for other threads.
  int64_t rows = 1, shares = 1;
  std::optional<unsigned> longest;
  for (unsigned dim = 0; dim < problem.dims(); ++dim) {
    if (isRow(schedule, dim)) {
      rows *= problem.expected(dim);
      if (!longest || problem.expected(dim) > problem.expected(*longest))
        longest = dim;
    } else if (!problem.summed[dim]) {
      const TileAxis *axis = schedule.axisOf(dim);
      shares *=
          axis ? llvm::divideCeil(problem.sizes[dim], schedule.extent(*axis))
               : problem.expected(dim);
    }
  }
  int64_t size = problem.expected(*longest);
  const TileAxis *axis = schedule.axisOf(*longest);
  int64_t extent = axis ? axis->count : 1;
  int64_t most = std::min(size, rowLimit / (rows / size));
  constexpr int64_t enoughShares = 4;
  if (problem.tasks > 1 && shares < enoughShares)
    most =
        std::min<int64_t>(most, llvm::divideCeil(size, enoughShares / shares));
  if (rowLimit / (rows / size) < extent)
    return false;
  if (most < size) {
    schedule.rowBlockDim = longest;
    schedule.rowBlock = std::max(most / extent, int64_t(1)) * extent;
    shares *= llvm::divideCeil(size, schedule.rowBlock);
  }
  schedule.shares = shares;
  return true;
}

void Scheduler::tryPackedTiles(ContractSchedule schedule,
                               ArrayRef<unsigned> rows, int64_t positions) {
  int64_t limit = usableRegisters();
  int64_t vectors = schedule.axes.back().count;
  if (positions * vectors + vectors > limit)
    return;
  if (rows.empty()) {
    if (planPanels(schedule))
      consider(std::move(schedule));
    return;
  }
  for (int64_t count = 1; count <= problem.expected(rows.front()); ++count) {
    if ((positions * count + 1) * vectors > limit)
      break;
    ContractSchedule wider = schedule;
    if (count > 1)
      wider.axes.insert(wider.axes.end() - 1, {rows.front(), count, false});
    tryPackedTiles(std::move(wider), rows.drop_front(), positions * count);
  }
}

void Scheduler::tryPacked(unsigned vectorDim) {
  ContractSchedule base;
  base.packed = true;
  base.vectorDim = vectorDim;
  base.lanes = lanesFor(vectorDim);
  unsigned operand = problem.vectorOperand(vectorDim);
  if (!problem.isConstant(1 - operand, vectorDim) || base.lanes < 2)
    return;
  SmallVector<unsigned> rows;
  int64_t steps = 1, rowCount = 1;
  for (unsigned dim = 0; dim < problem.dims(); ++dim) {
    bool row = isRow(base, dim);
    // Of few rows, a copy would take as long as the product.
    if ((problem.limit(dim) == kUnknown && problem.summed[dim]) ||
        (problem.sizes[dim] == kUnknown && (row || dim == vectorDim)))
      return;
    if (problem.summed[dim])
      steps *= problem.expected(dim);
    if (row && worthTiling(dim)) {
      rows.push_back(dim);
      rowCount *= problem.expected(dim);
    }
  }
  if (steps < 16 || rowCount < 16)
    return;
  llvm::stable_sort(
      rows, [&](unsigned x, unsigned y) { return reach(x) > reach(y); });
  if (rows.size() > 3)
    rows.erase(rows.begin(), rows.end() - 3);
  int64_t maxVectors = llvm::divideCeil(problem.sizes[vectorDim], base.lanes);
  for (int64_t vectors = 1; vectors <= std::min<int64_t>(maxVectors, 4);
       ++vectors) {
    base.axes.assign({TileAxis{vectorDim, vectors, true}});
    tryPackedTiles(base, rows, 1);
  }
}

//===----------------------------------------------------------------------===//
// Lanes along a summed dimension
//===----------------------------------------------------------------------===//

void Scheduler::tryInnerTiles(const ContractSchedule &base,
                              std::optional<unsigned> row,
                              std::optional<unsigned> column) {
  int64_t limit = usableRegisters();
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
  if (!schedule.reductions.empty())
    return;
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
  const int64_t maxUnrolled = target.registers >= 32 ? 96 : 40;
  int64_t body = schedule.positions();
  for (unsigned dim : llvm::reverse(schedule.reductions)) {
    if (problem.sizes[dim] == kUnknown ||
        body * problem.sizes[dim] > maxUnrolled)
      break;
    body *= std::max<int64_t>(problem.sizes[dim], 1);
    ++schedule.unrolled;
  }
}

/// Panels outside, rows inside; whole panels are shared out.
void Scheduler::orderPackedLoops(ContractSchedule &schedule) const {
  schedule.loops.push_back(*schedule.vectorDim);
  for (const TileAxis &axis : schedule.axes)
    if (!axis.vector)
      schedule.loops.push_back(axis.dim);
  auto firstRow = std::stable_partition(
      schedule.loops.begin(), schedule.loops.end(),
      [&](unsigned dim) { return !isRow(schedule, dim); });
  schedule.taskLoops = firstRow - schedule.loops.begin();
}

void Scheduler::orderLoops(ContractSchedule &schedule) const {
  for (unsigned dim = 0; dim < problem.dims(); ++dim)
    if (!problem.summed[dim] && !schedule.axisOf(dim))
      schedule.loops.push_back(dim);
  llvm::stable_sort(schedule.loops, [&](unsigned x, unsigned y) {
    return reach(x) > reach(y);
  });
  if (schedule.packed)
    return orderPackedLoops(schedule);
  // What the last loop doesn't touch stays in the nearest cache: the vectors
  // of an outer tile, the smaller operand's rows of an inner one.
  SmallVector<unsigned> tiled;
  for (const TileAxis &axis : llvm::reverse(schedule.axes))
    tiled.push_back(axis.dim);
  if (schedule.vectorDim && !schedule.inner) {
    llvm::append_range(schedule.loops, tiled);
    tiled.clear();
    llvm::stable_sort(schedule.loops, [&](unsigned x, unsigned y) {
      return std::tuple(isRow(schedule, x), -reach(x)) <
             std::tuple(isRow(schedule, y), -reach(y));
    });
  }
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
  const int64_t enough =
      std::max(problem.tasks, std::min<int64_t>(4 * problem.tasks, 64));
  int64_t shares = 1;
  for (unsigned dim : schedule.loops) {
    if (schedule.taskLoops > 0 && shares >= enough)
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
  // Where the operand is read often, a copy in the right order may pay.
  for (unsigned dim = 0; dim < problem.dims(); ++dim)
    if (!problem.summed[dim] && worthTiling(dim))
      tryPacked(dim);
  ContractSchedule schedule = best ? *best : ContractSchedule{};
  orderReductions(schedule);
  orderLoops(schedule);
  return schedule;
}

ContractSchedule tensorc::cpu::scheduleContract(const ContractProblem &problem,
                                                const target::Cpu &target) {
  return Scheduler(problem, target).run();
}
