//===- Contract.cpp - Matmul and convolution as loops over tiles ----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/cpu/ContractEmitter.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::cpu;

static int64_t knownOr(OpFoldResult x, int64_t otherwise) {
  return constantOf(x).value_or(otherwise);
}

/// What the scheduler needs of the op in linear form.
static ContractProblem describe(Emission &e, kernel::ContractOp op,
                                Type accumulator) {
  ContractProblem problem;
  for (OpFoldResult size : e.sizes)
    problem.sizes.push_back(knownOr(size, kUnknown));
  if (auto guesses =
          op->getAttrOfType<DenseI64ArrayAttr>(kernel::expectedSizesName))
    problem.guesses.assign(guesses.asArrayRef().begin(),
                           guesses.asArrayRef().end());
  for (OpFoldResult size : e.sizes)
    problem.limits.push_back(e.greatest(size).value_or(kUnknown));
  problem.summed.assign(e.sizes.size(), false);
  for (int64_t dim : op.getReductionDims())
    problem.summed[dim] = true;
  for (const LinearAccess &access : e.operands)
    problem.strides.push_back(
        llvm::map_to_vector(access.strides, [](OpFoldResult stride) {
          return knownOr(stride, kUnknown);
        }));
  problem.outputs = op.getOutputs().size();
  unsigned bits = accumulator.getIntOrFloatBitWidth();
  problem.lanes = e.target.lanes(bits);
  problem.accumulatorBytes = std::max<int64_t>(bits / 8, 1);
  problem.tasks = e.expectedTasks;
  return problem;
}

LogicalResult cpu::emitContract(Emission &e, kernel::ContractOp op) {
  Type accumulator = e.computeType(op.getBlock()->getArgument(0).getType());
  if (!accumulator.isIntOrFloat() || accumulator.isInteger(1))
    return op.emitOpError("has an accumulator of type ")
           << op.getBlock()->getArgument(0).getType()
           << ", expected an integer or floating-point type";
  ContractEmitter(e, op,
                  scheduleContract(describe(e, op, accumulator), e.target))
      .emit();
  return success();
}

ContractEmitter::ContractEmitter(Emission &e, kernel::ContractOp op,
                                 ContractSchedule schedule)
    : e(e), op(op), schedule(std::move(schedule)),
      accumulator(e.computeType(op.getBlock()->getArgument(0).getType())),
      extras(op.getExtras().size()), outputs(op.getOutputs().size()) {
  wideAccumulator = e.lifted(accumulator, this->schedule.lanes);
}

/// How often the loop over `dim` runs.
OpFoldResult ContractEmitter::tileCount(unsigned dim) {
  const TileAxis *axis = schedule.axisOf(dim);
  return axis ? e.ceilDiv(e.sizes[dim], schedule.extent(*axis)) : e.sizes[dim];
}

void ContractEmitter::emit() {
  if (schedule.packed)
    allocatePanel();
  Tile tile;
  tile.indices.resize(e.sizes.size());
  tile.parts.resize(schedule.axes.size());
  // A block of rows stays in the second-level cache for all panels.
  SmallVector<OpFoldResult> counts;
  if (auto dim = schedule.rowBlockDim)
    counts.push_back(e.ceilDiv(e.sizes[*dim], schedule.rowBlock));
  for (unsigned dim : ArrayRef(schedule.loops).take_front(schedule.taskLoops))
    counts.push_back(tileCount(dim));
  e.forTask(e.product(counts), [&](OpFoldResult number) {
    SmallVector<OpFoldResult> indices = e.delinearize(number, counts);
    if (auto dim = schedule.rowBlockDim) {
      OpFoldResult block = e.attr(schedule.rowBlock);
      rowBegin = e.mul(indices.front(), block);
      rowEnd = e.min(e.add(rowBegin, block), e.sizes[*dim]);
      indices.erase(indices.begin());
    }
    emitLoops(0, tile, indices);
  });
}

void ContractEmitter::emitLoops(unsigned depth, Tile &tile,
                                ArrayRef<OpFoldResult> taskIndices) {
  if (schedule.packed && depth == schedule.taskLoops && !insidePanel)
    return emitPanels(depth, tile, taskIndices);
  if (depth == schedule.loops.size())
    return emitTile(tile);
  unsigned dim = schedule.loops[depth];
  for (unsigned axis = 0; axis < schedule.axes.size(); ++axis)
    if (schedule.axes[axis].dim == dim)
      return emitTiles(depth, tile, axis, taskIndices);
  if (depth < taskIndices.size()) {
    tile.indices[dim] = taskIndices[depth];
    return emitLoops(depth + 1, tile, taskIndices);
  }
  bool blocked = schedule.rowBlockDim == dim;
  OpFoldResult begin = blocked ? rowBegin : e.attr(0);
  OpFoldResult end = blocked ? rowEnd : e.sizes[dim];
  e.forLoop(begin, end, 1, [&](OpFoldResult index) {
    tile.indices[dim] = index;
    emitLoops(depth + 1, tile, taskIndices);
  });
}

/// Whether the last tile along `axis`, of which not all is needed, may be like
/// the others: has as many vectors, loads whole ones from a panel, and stores
/// by masks, which cost nothing there.
bool ContractEmitter::isLastLikeWhole(const TileAxis &axis) const {
  auto size = constantOf(e.sizes[axis.dim]);
  int64_t extent = schedule.extent(axis);
  return schedule.packed && axis.vector && e.hasMaskRegisters && size &&
         *size > extent && *size % extent != 0 &&
         llvm::divideCeil(*size % extent, schedule.lanes) ==
             uint64_t(axis.count);
}

/// The loop over the tiles along an axis: whole ones, and code of its own for
/// the last one where that isn't whole.
void ContractEmitter::emitTiles(unsigned depth, Tile &tile, unsigned axisNumber,
                                ArrayRef<OpFoldResult> taskIndices) {
  const TileAxis &axis = schedule.axes[axisNumber];
  OpFoldResult size = e.sizes[axis.dim];
  int64_t extent = schedule.extent(axis);
  auto known = constantOf(size);
  OpFoldResult whole = e.mul(e.div(size, e.attr(extent)), e.attr(extent));

  auto emitPart = [&](OpFoldResult start, AxisPart part) {
    tile.indices[axis.dim] = start;
    tile.parts[axisNumber] = part;
    emitLoops(depth + 1, tile, taskIndices);
  };
  auto emitWhole = [&](OpFoldResult start) {
    emitPart(start, {axis.count, OpFoldResult()});
  };
  auto emitLast = [&](OpFoldResult start) {
    if (!known) {
      // Rows one by one: where loads of vectors are what takes time, few cost
      // less than a whole tile, and the code is small.
      if (!axis.vector)
        return e.forLoop(start, size, 1, [&](OpFoldResult row) {
          emitPart(row, {1, OpFoldResult()});
        });
      OpFoldResult rest = e.sub(size, start);
      if (!axis.vector || axis.count == 1)
        return emitPart(start, {axis.count, rest});
      // A few columns aren't to cost as much as a whole tile.
      OpFoldResult needed = e.ceilDiv(rest, schedule.lanes);
      for (int64_t vectors = 1; vectors <= axis.count; ++vectors)
        e.ifThen(arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::eq,
                                       e.value(needed),
                                       e.value(e.attr(vectors))),
                 [&] { emitPart(start, {vectors, rest}); });
      return;
    }
    int64_t rest = *known % extent;
    if (!axis.vector)
      return emitPart(start, {rest, OpFoldResult()});
    AxisPart part{int64_t(llvm::divideCeil(rest, schedule.lanes)), {}};
    if (rest % schedule.lanes != 0)
      part.rest = e.attr(rest);
    emitPart(start, part);
  };

  auto emitAny = [&](OpFoldResult start) {
    emitPart(start, {axis.count, e.min(e.sub(size, start), e.attr(extent))});
  };

  if (depth >= taskIndices.size()) {
    bool blocked = schedule.rowBlockDim == axis.dim;
    OpFoldResult begin = blocked ? rowBegin : e.attr(0);
    OpFoldResult end = blocked ? rowEnd : size;
    if (isLastLikeWhole(axis))
      return e.forLoop(begin, end, extent, emitAny);
    // Blocks are of whole tiles, so that the last tile is in the last block.
    e.forLoop(begin, blocked ? e.min(rowEnd, whole) : whole, extent, emitWhole);
    e.forLoop(whole, end, extent, emitLast);
    return;
  }
  OpFoldResult start = e.mul(taskIndices[depth], e.attr(extent));
  if (isLastLikeWhole(axis))
    return emitAny(start);
  if (known && *known % extent == 0)
    return emitWhole(start);
  if (known && *known < extent)
    return emitLast(e.attr(0));
  Value isWhole = arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::slt,
                                        e.value(start), e.value(whole));
  Value isLast = arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::sge,
                                       e.value(start), e.value(whole));
  e.ifThen(isWhole, [&] { emitWhole(start); });
  // Static: the last tile starts where the whole ones end.
  e.ifThen(isLast, [&] { emitLast(known ? whole : start); });
}
