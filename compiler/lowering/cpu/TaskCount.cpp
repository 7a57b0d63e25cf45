//===- TaskCount.cpp - How many tasks a kernel is worth -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/cpu/Passes.h"
#include "dialects/kernel/IndexMaps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include <cmath>

using namespace mlir;
using namespace tensorc;

// One core, roughly: what it moves and what it computes in a nanosecond. What
// fits its second-level cache is there already in a training loop, and
// splitting it would move half of it to another core.
static constexpr double cacheBytes = 1.5 * (1 << 20);
static constexpr double cachedBytesPerNanosecond = 100;
static constexpr double streamedBytesPerNanosecond = 20;
static constexpr double flopsPerNanosecond = 60;
/// Less than this isn't worth waking a thread for.
static constexpr double nanosecondsToSplit = 20'000;
static constexpr double nanosecondsPerTask = 10'000;
static constexpr int64_t maxTasks = 16;

/// Operations for each point of a body; transcendental functions are dear.
static double bodyCost(Block &body) {
  double cost = 0;
  for (Operation &op : body.without_terminator())
    cost += isa<math::MathDialect>(op.getDialect()) ? 16 : 1;
  return cost;
}

template <typename Structured>
static std::optional<SmallVector<int64_t>> staticSizes(Structured op) {
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  SmallVector<int64_t> sizes(maps.front().getNumDims(), -1);
  llvm::copy(op.getDimSizes(), sizes.begin());
  for (auto [map, operand] : llvm::zip_equal(maps, op->getOperands()))
    for (auto [result, size] : llvm::zip_equal(
             map.getResults(), cast<MemRefType>(operand.getType()).getShape()))
      if (auto dim = dyn_cast<AffineDimExpr>(result);
          dim && !ShapedType::isDynamic(size) && sizes[dim.getPosition()] < 0)
        sizes[dim.getPosition()] = size;
  if (llvm::is_contained(sizes, -1))
    return std::nullopt;
  return sizes;
}

/// The work of `op` in nanoseconds on one core; none for dynamic shapes. Sets
/// `rows` to the number of independent results.
static std::optional<double> workOf(Operation &op, double &rows) {
  double bytes = 0;
  for (Value operand : op.getOperands()) {
    auto type = cast<MemRefType>(operand.getType());
    if (!type.hasStaticShape())
      return std::nullopt;
    bytes += double(type.getNumElements()) *
             std::max(8u, type.getElementTypeBitWidth()) / 8;
  }
  double flops = 0;
  auto points = [](ArrayRef<int64_t> sizes) {
    double result = 1;
    for (int64_t size : sizes)
      result *= double(size);
    return result;
  };
  auto countRows = [&](ArrayRef<int64_t> sizes, ArrayRef<int64_t> reduced) {
    rows = 1;
    for (auto [dim, size] : llvm::enumerate(sizes))
      if (!llvm::is_contained(reduced, int64_t(dim)))
        rows *= double(size);
  };
  if (auto generic = dyn_cast<kernel::GenericOp>(op)) {
    auto sizes = staticSizes(generic);
    if (!sizes)
      return std::nullopt;
    countRows(*sizes, generic.getReductionDims());
    flops = points(*sizes) * bodyCost(*generic.getBlock());
  } else if (auto contract = dyn_cast<kernel::ContractOp>(op)) {
    auto sizes = staticSizes(contract);
    if (!sizes)
      return std::nullopt;
    countRows(*sizes, contract.getReductionDims());
    flops = points(*sizes) * 2 + rows * bodyCost(*contract.getBlock());
  } else {
    rows = bytes;
  }
  double moved = bytes / (bytes <= cacheBytes ? cachedBytesPerNanosecond
                                              : streamedBytesPerNanosecond);
  return std::max(moved, flops / flopsPerNanosecond);
}

int64_t cpu::estimateTasks(kernel::FuncOp func) {
  double nanoseconds = 0, rows = 0;
  for (Operation &op : func.getBody().front().without_terminator()) {
    std::optional<double> work = workOf(op, rows);
    if (!work)
      return 1;
    nanoseconds += *work;
  }
  if (nanoseconds < nanosecondsToSplit)
    return 1;
  double tasks = std::floor(nanoseconds / nanosecondsPerTask);
  return std::max<int64_t>(1,
                           int64_t(std::min({tasks, rows, double(maxTasks)})));
}
