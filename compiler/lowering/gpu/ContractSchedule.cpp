//===- ContractSchedule.cpp - How threads share a kernel.contract ---------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/gpu/ContractSchedule.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::simt;

/// What schedules assume of a size of which nothing is known.
static constexpr int64_t assumedSize = 256;
/// Sums of a warp that leave registers for factors on their way.
static constexpr int64_t largestWarpTile = 64 * 32;
/// What a product costs whose factors don't come from shared memory.
static constexpr double looseProduct = 16;

namespace {
/// A tile, and what a product in it costs beside the best one's.
struct Candidate {
  TileShape shape;
  double cost;
};
} // namespace

static constexpr Candidate candidates[] = {
    {{128, 128, 8, 8, 8}, 1.0}, {{64, 64, 16, 4, 4}, 1.3},
    {{32, 32, 32, 2, 2}, 2.2},  {{16, 128, 16, 2, 4}, 1.9},
    {{8, 256, 8, 2, 4}, 2.2},   {{128, 16, 16, 4, 2}, 1.9},
    {{16, 16, 32, 1, 1}, 4.0}};

/// The same on tensor cores, for bf16 and f16 and for TF32. Rows of 16 for each
/// warp are what `wgmma` takes.
static constexpr Candidate halfCandidates[] = {
    {{128, 256, 64, 0, 0, 16, 256, true}, 0.045},
    {{128, 128, 64, 0, 0, 16, 128, true}, 0.055},
    {{64, 128, 64, 0, 0, 16, 128, true}, 0.075},
    {{64, 64, 64, 0, 0, 16, 64, true}, 0.11},
    {{128, 256, 32, 0, 0, 64, 64}, 0.09},
    {{256, 128, 32, 0, 0, 64, 64}, 0.09},
    {{128, 128, 32, 0, 0, 64, 32}, 0.12},
    {{64, 64, 32, 0, 0, 32, 32}, 0.2},
    {{32, 32, 32, 0, 0, 16, 16}, 0.4}};
static constexpr Candidate tf32Candidates[] = {
    {{128, 128, 16, 0, 0, 64, 32}, 0.25},
    {{64, 64, 32, 0, 0, 32, 32}, 0.4},
    {{32, 32, 32, 0, 0, 16, 16}, 0.8}};

/// The tiles for the factors' type.
static ArrayRef<Candidate> candidatesFor(Emission &e, kernel::ContractOp op,
                                         double rows, double depth) {
  Type type = e.operands[0].elementType;
  Type sum = e.computeType(op.getBlock()->getArgument(0).getType());
  bool hasEnough = rows >= 16 && depth >= 16;
  // 64 sums of 64 bits leave too few registers for sizes that are arguments.
  if (sum.getIntOrFloatBitWidth() == 64 && !llvm::all_of(e.sizes, constantOf))
    return ArrayRef(candidates).drop_front();
  if (!hasEnough || type != e.operands[1].elementType || !sum.isF32())
    return candidates;
  if (scalar::isHalf(type))
    return halfCandidates;
  return type.isF32() && e.target.tf32 ? ArrayRef(tf32Candidates)
                                       : ArrayRef(candidates);
}

static int64_t sizeOf(Emission &e, unsigned dim) {
  return e.expected(e.sizes[dim]).value_or(assumedSize);
}

static double product(Emission &e, ArrayRef<unsigned> dims) {
  double result = 1;
  for (unsigned dim : dims)
    result *= double(std::max<int64_t>(1, sizeOf(e, dim)));
  return result;
}

/// Outermost first, as `access` has them; what it doesn't have comes first.
static void sortBy(const LinearAccess &access,
                   SmallVectorImpl<unsigned> &dims) {
  auto spread = [&](unsigned dim) {
    int64_t stride =
        std::abs(constantOf(access.strides[dim]).value_or(int64_t(1) << 31));
    return stride == 0 ? std::numeric_limits<int64_t>::max() : stride;
  };
  llvm::sort(dims, [&](unsigned x, unsigned y) {
    return std::pair(spread(y), x) < std::pair(spread(x), y);
  });
}

/// Which dimensions are rows, columns and so on.
static void classify(Emission &e, kernel::ContractOp op, ContractSchedule &s) {
  const LinearAccess &lhs = e.operands[0], &rhs = e.operands[1];
  const LinearAccess &output = e.operands[2 + op.getExtras().size()];
  auto reduced = op.getReductionDims();
  auto uses = [](const LinearAccess &access, unsigned dim) {
    return !isConstant(access.strides[dim], 0);
  };
  for (unsigned dim = 0; dim < e.sizes.size(); ++dim) {
    if (isConstant(e.sizes[dim], 1))
      continue;
    if (llvm::is_contained(reduced, int64_t(dim)))
      s.depth.push_back(dim);
    else if (uses(lhs, dim) == uses(rhs, dim))
      s.batch.push_back(dim);
    else
      (uses(lhs, dim) ? s.rows : s.columns).push_back(dim);
  }
  for (auto *dims : {&s.batch, &s.rows, &s.columns})
    sortBy(output, *dims);
  bool swap = s.columns.empty();
  if (!s.rows.empty() && !s.columns.empty()) {
    auto row = constantOf(output.strides[s.rows.back()]);
    auto column = constantOf(output.strides[s.columns.back()]);
    swap = row && column && std::abs(*row) < std::abs(*column);
  }
  if (swap) {
    std::swap(s.rows, s.columns);
    s.rowOperand = 1;
  }
  sortBy(e.operands[s.columnOperand()], s.depth);
}

bool ContractSchedule::isUnit(const LinearAccess &access,
                              ArrayRef<unsigned> dims) {
  return !dims.empty() && isConstant(access.strides[dims.back()], 1);
}

/// Whether both operands can be copied 16 bytes at a time, so that no element
/// passes through a register.
static bool areCopiedInPacks(Emission &e, const ContractSchedule &s) {
  auto isPacked = [&](unsigned operand, ArrayRef<unsigned> dims) {
    const LinearAccess &access = e.operands[operand];
    int64_t count =
        accessBytes * 8 / access.elementType.getIntOrFloatBitWidth();
    ArrayRef<unsigned> along =
        ContractSchedule::isUnit(access, dims) ? dims : ArrayRef(s.depth);
    if (along.empty())
      return false;
    return e.divisorOf(e.sizes[along.back()]) % count == 0 &&
           e.isPackable(access, along.back(), count);
  };
  auto isKnown = [&](unsigned dim) {
    return constantOf(e.sizes[dim]).has_value();
  };
  return llvm::all_of(s.depth, isKnown) && isPacked(s.rowOperand, s.rows) &&
         isPacked(s.columnOperand(), s.columns);
}

ContractSchedule ContractSchedule::make(Emission &e, kernel::ContractOp op) {
  ContractSchedule s;
  classify(e, op, s);
  double machineBlocks = double(e.target.multiprocessors);
  double rows = product(e, s.rows), columns = product(e, s.columns),
         batch = product(e, s.batch), depth = product(e, s.depth);
  double best = std::numeric_limits<double>::infinity();
  bool inPacks = areCopiedInPacks(e, s);
  for (const Candidate &candidate : candidatesFor(e, op, rows, depth)) {
    const TileShape &shape = candidate.shape;
    // The sums of the largest tiles leave no registers for anything else.
    if (shape.warpRows * shape.warpColumns > largestWarpTile && !inPacks)
      continue;
    if (shape.warpgroups && !(e.target.warpgroups && inPacks))
      continue;
    double blocks = batch * std::ceil(rows / double(shape.rows)) *
                    std::ceil(columns / double(shape.columns));
    double cost = std::max(1.0, blocks / machineBlocks) *
                  double(shape.rows * shape.columns) * candidate.cost;
    if (cost >= best)
      continue;
    best = cost;
    s.tile = shape;
  }
  double sums = batch * rows * columns;
  double loose = std::max(1.0, sums / machineBlocks) * looseProduct;
  if (s.depth.empty() || depth < 32 || loose >= best) {
    s.threads = s.tile.threads();
    return s;
  }
  s.tiled = false;
  s.team = depth >= 1024 ? 256 : warpThreads;
  s.threads = 256;
  return s;
}
