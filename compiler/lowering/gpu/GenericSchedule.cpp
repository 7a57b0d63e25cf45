//===- GenericSchedule.cpp - How threads share a kernel.generic -----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/gpu/GenericSchedule.h"
#include "compiler/lowering/common/MergeDims.h"
#include "dialects/kernel/IndexMaps.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::simt;

/// What schedules assume of a size of which nothing is known.
static constexpr int64_t assumedSize = 256;
/// Twice as many would halve the registers of each, and bodies spill.
static constexpr int64_t maxThreads = 512;

namespace {
class Scheduler {
public:
  Scheduler(Emission &e, kernel::GenericOp op) : e(e), op(op), dims(op) {}

  GenericSchedule run() {
    lowering::mergeDims(e, dims);
    sortDims();
    chooseTeam();
    choosePack();
    return s;
  }

private:
  int64_t sizeOf(unsigned dim) {
    return e.expected(e.sizes[dim]).value_or(assumedSize);
  }
  int64_t points(ArrayRef<unsigned> list) {
    int64_t product = 1;
    for (unsigned dim : list)
      product = std::min<int64_t>(product * sizeOf(dim), int64_t(1) << 40);
    return product;
  }
  /// How far apart neighbours in `dim` are: outputs first, then inputs.
  SmallVector<int64_t> spread(unsigned dim) {
    SmallVector<int64_t> result;
    for (const LinearAccess &access : llvm::reverse(e.operands))
      result.push_back(
          std::abs(constantOf(access.strides[dim]).value_or(int64_t(1) << 31)));
    return result;
  }
  /// The same for the points of rows, which inputs (and outputs of that kind)
  /// are read at; what doesn't depend on the dimension doesn't count.
  SmallVector<int64_t> pointSpread(unsigned dim) {
    SmallVector<int64_t> result = spread(dim);
    llvm::erase(result, 0);
    return result;
  }

  void sortDims() {
    bool reduces = !op.getBody().getOps<kernel::ReduceOp>().empty();
    auto maps = op.getIndexingMapsArray();
    bool hasRowOutputs = llvm::any_of(
        ArrayRef(maps).drop_front(op.getInputs().size()), [&](AffineMap map) {
          return !kernel::usesAnyDim(map, op.getReductionDims());
        });
    // Without reductions, a row's points are independent, too.
    bool allParallel = !reduces && !hasRowOutputs;
    for (unsigned dim = 0; dim < e.sizes.size(); ++dim) {
      if (isConstant(e.sizes[dim], 1))
        continue;
      if (dims.reduced[dim] && !allParallel)
        s.reduction.push_back(dim);
      else
        s.parallel.push_back(dim);
      bool isRow = !llvm::is_contained(s.reduction, dim);
      s.empty |= isRow && isConstant(e.sizes[dim], 0);
    }
    llvm::sort(s.parallel, [&](unsigned x, unsigned y) {
      return std::pair(spread(y), x) < std::pair(spread(x), y);
    });
    llvm::sort(s.reduction, [&](unsigned x, unsigned y) {
      return std::pair(pointSpread(y), x) < std::pair(pointSpread(x), y);
    });
    canShareRows = reduces;
  }

  /// Whether most operands of a row's points lie densely along `dim`.
  bool isDense(unsigned dim) {
    int64_t dense = 0, apart = 0;
    auto maps = op.getIndexingMapsArray();
    for (auto [map, access] : llvm::zip_equal(maps, e.operands))
      if (kernel::usesAnyDim(map, op.getReductionDims()) &&
          !isConstant(access.strides[dim], 0))
        (isConstant(access.strides[dim], 1) ? dense : apart) += 1;
    return dense > apart;
  }

  void chooseTeam() {
    int64_t rows = points(s.parallel), row = points(s.reduction);
    bool columns = !s.parallel.empty() && !s.reduction.empty() &&
                   isDense(s.parallel.back()) && !isDense(s.reduction.back());
    // Several dimensions of unknown sizes are those of a window: few points.
    bool isWindow =
        s.reduction.size() > 1 && llvm::none_of(s.reduction, [&](unsigned dim) {
          return e.expected(e.sizes[dim]).has_value();
        });
    if (!canShareRows || s.reduction.empty() || row < 8 || isWindow ||
        (rows >= e.target.enoughThreads() && (columns || row < 32))) {
      while (s.threads > warpThreads && rows <= s.threads / 2)
        s.threads /= 2;
      return;
    }
    if (columns && rows >= warpThreads) {
      // A warp reads neighbouring rows; its partners the points between.
      s.columns = true;
      s.team = row >= 256 && rows < 4096 ? maxThreads / warpThreads : 8;
      s.threads = s.team * warpThreads;
      return;
    }
    s.team = warpThreads;
    while (s.team < maxThreads && row > s.team * 8)
      s.team *= 2;
    // Enough rows keep the machine busy with less.
    while (s.team > 256 && rows >= 512)
      s.team /= 2;
    s.threads = std::max<int64_t>(s.team, rows < 8 ? s.team : 256);
    // Rows side by side in a block are for teams inside a warp.
    if (s.team > warpThreads)
      s.threads = s.team;
  }

  void choosePack() {
    bool alongRow = !s.reduction.empty() && s.team > 1 && !s.columns;
    auto &list = alongRow ? s.reduction : s.parallel;
    if (list.empty() || (!alongRow && s.team > 1))
      return;
    unsigned dim = list.back();
    int64_t work = points(s.parallel);
    if (!alongRow && work < 4 * e.target.enoughThreads())
      return;
    int64_t widest = 8, gains = 0;
    for (const LinearAccess &access : e.operands) {
      Type type = cast<MemRefType>(access.buffer.getType()).getElementType();
      if (!isConstant(access.strides[dim], 0))
        widest = std::max<int64_t>(widest, type.getIntOrFloatBitWidth());
    }
    int64_t count = std::min<int64_t>(accessBytes * 8 / widest, 8);
    while (count > 1 && e.divisorOf(e.sizes[dim]) % count != 0)
      count /= 2;
    if (alongRow)
      while (count > 1 && points(s.reduction) < s.team * count)
        count /= 2;
    for (const LinearAccess &access : e.operands)
      gains += e.isPackable(access, dim, count);
    if (count == 1 || gains == 0)
      return;
    s.pack = count;
    s.packDim = dim;
    s.packsReduction = alongRow;
    if (!alongRow)
      while (s.threads > warpThreads && work / count <= s.threads / 2)
        s.threads /= 2;
  }

  Emission &e;
  kernel::GenericOp op;
  lowering::DimKinds dims;
  GenericSchedule s;
  bool canShareRows = false;
};
} // namespace

GenericSchedule GenericSchedule::make(Emission &e, kernel::GenericOp op) {
  return Scheduler(e, op).run();
}
