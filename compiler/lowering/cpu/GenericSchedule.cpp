//===- GenericSchedule.cpp - Which loops, which vectors -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/cpu/GenericSchedule.h"
#include "compiler/lowering/common/MergeDims.h"
#include "dialects/kernel/IndexMaps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::cpu;

/// What schedules assume of a size that isn't known.
static constexpr int64_t assumedSize = 256;
/// Most points of a row, and most operations of them, that are unrolled.
static constexpr int64_t maxRowPoints = 16, maxRowOps = 320;
/// Outer iterations that are enough to share out evenly.
static constexpr int64_t fewestTaskIterations = 64;

namespace {
class Scheduler {
public:
  Scheduler(Emission &e, kernel::GenericOp op)
      : e(e), op(op), dims(op), reduced(dims.reduced) {
    for (Operation &inner : op.getBody().front().without_terminator()) {
      reduces += isa<kernel::ReduceOp>(inner);
      bodyOps += 1;
      bodyCost += isa<math::MathDialect>(inner.getDialect()) ? 16 : 1;
    }
  }

  GenericSchedule run() {
    lowering::mergeDims(e, dims);
    order();
    if (s.empty)
      return s;
    chooseVector();
    chooseUnrolling();
    chooseTasks();
    s.isLong = reduces > 0 ? s.unrollRow : bodyCost >= 32;
    return s;
  }

private:
  int64_t sizeOf(unsigned dim) {
    return e.expected(e.sizes[dim]).value_or(assumedSize);
  }
  bool isStatic(unsigned dim) { return constantOf(e.sizes[dim]).has_value(); }

  //--- Order ------------------------------------------------------------------

  /// How far apart neighbours in `dim` are: outputs first, then inputs.
  SmallVector<int64_t> spread(unsigned dim) {
    SmallVector<int64_t> result;
    for (const LinearAccess &access : llvm::reverse(e.operands))
      result.push_back(
          std::abs(constantOf(access.strides[dim])
                       .value_or(std::numeric_limits<int32_t>::max())));
    return result;
  }

  void order() {
    for (unsigned dim = 0; dim < e.sizes.size(); ++dim) {
      if (isConstant(e.sizes[dim], 1))
        continue;
      if (reduced[dim]) {
        s.reduction.push_back(dim);
        continue;
      }
      s.outer.push_back(dim);
      s.empty |= isConstant(e.sizes[dim], 0);
    }
    llvm::sort(s.outer, [&](unsigned x, unsigned y) {
      return std::pair(spread(y), x) < std::pair(spread(x), y);
    });
  }

  //--- Vectors ----------------------------------------------------------------

  /// The bits of the elements that decide how many lanes there are.
  unsigned elementBits() {
    unsigned floats = 0, integers = 8;
    for (const LinearAccess &access : e.operands) {
      Type type = e.computeType(access.elementType);
      unsigned bits = type.getIntOrFloatBitWidth();
      (isa<FloatType>(type) ? floats : integers) =
          std::max(isa<FloatType>(type) ? floats : integers, bits);
    }
    return floats ? floats : integers;
  }

  int64_t lanesFor(unsigned dim) {
    int64_t lanes = e.target.lanes(elementBits());
    if (isStatic(dim))
      while (lanes > 2 && sizeOf(dim) <= lanes / 2)
        lanes /= 2;
    return lanes;
  }

  /// Two neighbours of a window, in vectors of stride 2, are stored together.
  bool storesPairs(const LinearAccess &access, unsigned dim) {
    return isConstant(access.strides[dim], 2) &&
           llvm::any_of(s.reduction, [&](unsigned reduction) {
             return isConstant(e.sizes[reduction], 2) &&
                    isConstant(access.strides[reduction], 1);
           });
  }

  /// What one vector of an operand costs, along `dim`, in instructions or so.
  double accessCost(const LinearAccess &access, unsigned dim, int64_t lanes) {
    auto stride = constantOf(access.strides[dim]);
    if (stride == 0)
      return access.store ? 1 : 0.2;
    if (stride == 1)
      return access.store ? 1.5 : 1;
    if (stride == 2 && !access.store)
      return 2.5;
    if (access.store && storesPairs(access, dim))
      return 3;
    bool native = access.elementType.getIntOrFloatBitWidth() >= 32;
    return double(lanes) * (access.store ? 2 : 1.3) * (native ? 1 : 2);
  }

  double costOf(unsigned dim) {
    bool alongRow = llvm::is_contained(s.reduction, dim);
    int64_t lanes = lanesFor(dim), size = std::max<int64_t>(1, sizeOf(dim));
    double vectors = double((size + lanes - 1) / lanes);
    double rowPoints = 1;
    for (unsigned reduction : s.reduction)
      rowPoints *= double(std::max<int64_t>(1, sizeOf(reduction)));
    double point = bodyCost, row = 0;
    auto maps = op.getIndexingMapsArray();
    for (auto [map, access] : llvm::zip_equal(maps, e.operands)) {
      bool isRow = !kernel::usesAnyDim(map, op.getReductionDims());
      (isRow && !s.reduction.empty() ? row : point) +=
          accessCost(access, dim, lanes);
    }
    if (alongRow)
      return point * vectors / double(size) +
             (row + double(reduces) * 14) / rowPoints;
    return (point + row / rowPoints) * vectors / double(size);
  }

  bool canBeVector(unsigned dim) {
    // Lanes of one store must not meet.
    for (const LinearAccess &access : e.operands)
      if (access.store && !llvm::is_contained(s.reduction, dim) &&
          isConstant(access.strides[dim], 0))
        return false;
    return sizeOf(dim) > 1;
  }

  void chooseVector() {
    double best = std::numeric_limits<double>::infinity();
    auto consider = [&](unsigned dim) {
      if (!canBeVector(dim) || costOf(dim) >= best)
        return;
      best = costOf(dim);
      s.vectorDim = dim;
    };
    for (unsigned dim : llvm::reverse(s.outer))
      consider(dim);
    for (unsigned dim : llvm::reverse(s.reduction))
      consider(dim);
    if (!s.vectorDim)
      return;
    s.lanes = lanesFor(*s.vectorDim);
    s.vectorIsReduction = llvm::is_contained(s.reduction, *s.vectorDim);
    llvm::erase(s.vectorIsReduction ? s.reduction : s.outer, *s.vectorDim);
    if (s.vectorIsReduction)
      s.reduction.push_back(*s.vectorDim);
  }

  void chooseUnrolling() {
    int64_t points = 1;
    bool known = true;
    for (unsigned dim : s.reduction) {
      int64_t size = sizeOf(dim);
      if (s.vectorIsReduction && dim == *s.vectorDim)
        size = llvm::divideCeil(size, s.lanes);
      points = std::min<int64_t>(points * size, 1 << 20);
      known &= isStatic(dim);
    }
    if (!s.reduction.empty() && known && points <= maxRowPoints &&
        points * std::max<int64_t>(bodyOps, 1) <= maxRowOps) {
      s.unrollRow = true;
      return;
    }
    if (!s.vectorDim)
      return;
    bool cheap = bodyCost <= 8 && e.operands.size() <= 6;
    int64_t vectors = llvm::divideCeil(sizeOf(*s.vectorDim), s.lanes);
    if (s.reduction.empty())
      s.unroll = cheap && vectors >= 8 ? 4 : 1;
    else if (s.vectorIsReduction)
      s.unroll =
          std::clamp<int64_t>(sizeOf(*s.vectorDim) / s.lanes, 1, cheap ? 4 : 2);
    else
      s.unroll = std::clamp<int64_t>(vectors, 1, cheap && reduces <= 2 ? 4 : 1);
  }

  void chooseTasks() {
    if (s.vectorDim && !s.vectorIsReduction &&
        (!isStatic(*s.vectorDim) || sizeOf(*s.vectorDim) > 8192))
      s.block = llvm::alignTo(4096, s.lanes * s.unroll);
    int64_t iterations = 1;
    for (unsigned dim : s.outer) {
      if (iterations >= std::max(e.expectedTasks, fewestTaskIterations))
        break;
      iterations *= sizeOf(dim);
      ++s.taskDims;
    }
  }

  Emission &e;
  kernel::GenericOp op;
  GenericSchedule s;
  lowering::DimKinds dims;
  const SmallVector<bool> &reduced;
  int64_t reduces = 0, bodyOps = 0;
  double bodyCost = 0;
};
} // namespace

GenericSchedule GenericSchedule::make(Emission &e, kernel::GenericOp op) {
  return Scheduler(e, op).run();
}
