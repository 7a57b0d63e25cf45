//===- ContractTile.cpp - Sums of a tile ----------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/gpu/ContractEmitter.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::simt;

/// Registers that are read from shared memory at once.
static constexpr int64_t groupSize = 4;
/// Neighbouring tiles of a column that neighbouring blocks take.
static constexpr int64_t rowsTogether = 8;
/// Steps of the depth whose factors may be in registers at once, times the bits
/// of a factor.
static constexpr int64_t unrolledBits = 16 * 32;

void ContractEmitter::emitTiles() {
  OpFoldResult rowTiles = e.ceilDiv(rowCount, s.tile.rows);
  OpFoldResult columnTiles = e.ceilDiv(columnCount, s.tile.columns);
  panels[0] = makePanel(s.rowOperand, s.rows, s.tile.rows, rowCount);
  panels[1] =
      makePanel(s.columnOperand(), s.columns, s.tile.columns, columnCount);
  chooseStages();
  OpFoldResult thread = e.thread();
  if (s.tile.hasTensorCores()) {
    OpFoldResult warp = e.div(thread, e.attr(warpThreads));
    lane = e.rem(thread, e.attr(warpThreads));
    OpFoldResult perRow = e.attr(s.tile.columns / s.tile.warpColumns);
    warpRow = e.mul(e.div(warp, perRow), e.attr(s.tile.warpRows));
    warpColumn = e.mul(e.rem(warp, perRow), e.attr(s.tile.warpColumns));
    laneRow = e.div(lane, e.attr(4));
    laneColumn = e.rem(lane, e.attr(4));
    if (s.tile.warpgroups)
      describePanels();
  } else {
    OpFoldResult perRow = e.attr(s.tile.columns / s.tile.threadColumns);
    threadRow = e.div(thread, perRow);
    threadColumn = e.rem(thread, perRow);
  }
  // Tensor cores wait for memory: blocks that run together share rows as well
  // as columns, through the cache. (Without them, f32 4096³ is 7 % slower so.)
  auto known = constantOf(rowTiles);
  bool isGrouped =
      s.tile.hasTensorCores() && known && *known % rowsTogether == 0;
  OpFoldResult together = e.attr(isGrouped ? rowsTogether : 1);
  e.forBlocks(
      e.product({batchSize, rowTiles, columnTiles}), [&](OpFoldResult block) {
        auto place = e.delinearize(block, {batchSize, e.div(rowTiles, together),
                                           columnTiles, together});
        OpFoldResult row = e.add(e.mul(place[1], together), place[3]);
        emitTile(place[0], e.mul(row, e.attr(s.tile.rows)),
                 e.mul(place[2], e.attr(s.tile.columns)));
      });
}

OpFoldResult ContractEmitter::placeOf(OpFoldResult thread, int64_t i,
                                      int64_t perThread, int64_t span) {
  int64_t group = std::min(groupSize, perThread);
  int64_t distance = span / (perThread / group);
  return e.add(e.mul(thread, e.attr(group)),
               e.attr(i / group * distance + i % group));
}

SmallVector<Value> ContractEmitter::readFactors(const Panel &panel,
                                                OpFoldResult thread,
                                                int64_t perThread,
                                                OpFoldResult buffer,
                                                OpFoldResult step) {
  int64_t bytes = accumulator.getIntOrFloatBitWidth() / 8;
  int64_t count = std::min({groupSize, perThread, accessBytes / bytes});
  SmallVector<Value> factors;
  for (int64_t i = 0; i < perThread; i += count) {
    OpFoldResult index =
        e.add(e.add(buffer, placeOf(thread, i, perThread, panel.span)),
              e.mul(step, e.attr(panel.pitch())));
    if (count == 1) {
      factors.push_back(e.loadShared(panel.array, index));
      continue;
    }
    Value vector = vector::LoadOp::create(
        e.b, e.loc, VectorType::get(count, accumulator), panel.array,
        ValueRange{e.value(index)}, false, llvm::MaybeAlign(count * bytes));
    for (int64_t lane = 0; lane < count; ++lane)
      factors.push_back(vector::ExtractOp::create(e.b, e.loc, vector, lane));
  }
  return factors;
}

SmallVector<Value> ContractEmitter::emitProducts(OpFoldResult buffer,
                                                 ValueRange sums) {
  if (s.tile.warpgroups)
    return startWarpgroupProducts(buffer, sums);
  if (s.tile.hasTensorCores())
    return emitTensorProducts(buffer, sums);
  // The two panels' buffers are of different sizes.
  auto bufferOf = [&](const Panel &panel) {
    return e.mul(buffer, e.attr(panel.bufferSize()));
  };
  OpFoldResult rowBuffer = bufferOf(panels[0]);
  OpFoldResult columnBuffer = bufferOf(panels[1]);
  int64_t unrolled = std::min<int64_t>(
      s.tile.depth, unrolledBits / accumulator.getIntOrFloatBitWidth());
  auto emitStep = [&](OpFoldResult step, MutableArrayRef<Value> next) {
    auto rows =
        readFactors(panels[0], threadRow, s.tile.threadRows, rowBuffer, step);
    auto columns = readFactors(panels[1], threadColumn, s.tile.threadColumns,
                               columnBuffer, step);
    size_t slot = 0;
    for (Value x : rows)
      for (Value y : columns) {
        next[slot] = multiplyAdd(x, y, next[slot]);
        ++slot;
      }
  };
  SmallVector<Value> result =
      e.forLoop(e.attr(0), e.attr(s.tile.depth), unrolled, sums,
                [&](OpFoldResult first, ValueRange carried) {
                  SmallVector<Value> next = llvm::to_vector(carried);
                  for (int64_t step = 0; step < unrolled; ++step)
                    emitStep(e.add(first, e.attr(step)), next);
                  return next;
                });
  e.keepLoop(result);
  return result;
}

SmallVector<Value> ContractEmitter::emitDepth(ArrayRef<OpFoldResult> bases,
                                              ValueRange sums) {
  bool anyAsync = panels[0].isAsync || panels[1].isAsync;
  // The last product of a warpgroup may still be under way.
  int64_t ahead = stages - 1 - s.tile.warpgroups;
  OpFoldResult steps = e.ceilDiv(depth, s.tile.depth);
  auto bufferOf = [&](OpFoldResult number) {
    return e.rem(number, e.attr(stages));
  };
  // Starts what brings a step's factors; what passes through registers arrives
  // after `meanwhile`.
  auto fetch = [&](OpFoldResult number, function_ref<void()> meanwhile) {
    OpFoldResult firstDepth = e.mul(number, e.attr(s.tile.depth));
    OpFoldResult buffer = bufferOf(number);
    SmallVector<Value> read[2];
    for (int i : {0, 1}) {
      if (panels[i].isAsync)
        copyPanel(panels[i], bases[i], firstDepth, buffer);
      else
        read[i] = readPanel(panels[i], bases[i], firstDepth);
    }
    if (anyAsync)
      e.commitCopies();
    meanwhile();
    for (int i : {0, 1})
      if (!panels[i].isAsync)
        writePanel(panels[i], read[i], buffer);
  };
  auto arrive = [&](int64_t pending) {
    if (anyAsync)
      e.waitCopies(pending);
    if (s.tile.warpgroups)
      e.showCopies();
    e.barrier();
  };
  for (int64_t number = 0; number < ahead; ++number)
    fetch(e.attr(number), [] {});
  OpFoldResult last = e.sub(steps, e.attr(ahead));
  SmallVector<Value> result = e.forLoop(
      e.attr(0), last, 1, sums, [&](OpFoldResult number, ValueRange carried) {
        arrive(ahead - 1);
        SmallVector<Value> next;
        // Into the buffer that was multiplied before the barrier.
        auto multiply = [&] { next = emitProducts(bufferOf(number), carried); };
        OpFoldResult coming = e.add(number, e.attr(ahead));
        if (!s.tile.warpgroups) {
          fetch(coming, multiply);
          return next;
        }
        multiply();
        fetch(coming, [] {});
        return waitProducts(next, /*pending=*/1);
      });
  e.keepLoop(result);
  arrive(0);
  if (ahead == 1) {
    result = emitProducts(bufferOf(last), result);
    return s.tile.warpgroups ? waitProducts(result, /*pending=*/0) : result;
  }
  result = e.forLoop(last, steps, 1, result,
                     [&](OpFoldResult number, ValueRange carried) {
                       return emitProducts(bufferOf(number), carried);
                     });
  e.keepLoop(result);
  return s.tile.warpgroups ? waitProducts(result, /*pending=*/0) : result;
}

void ContractEmitter::emitTile(OpFoldResult batch, OpFoldResult firstRow,
                               OpFoldResult firstColumn) {
  int64_t sumCount = sumRows() * sumColumns();
  SmallVector<Value> sums(sumCount, e.zero(accumulator));
  if (isConstant(depth, 0))
    return emitEpilogue(batch, firstRow, firstColumn, sums);
  placePanel(panels[0], firstRow);
  placePanel(panels[1], firstColumn);
  OpFoldResult bases[2];
  for (int i : {0, 1})
    bases[i] = e.add(panels[i].access->offset,
                     offsetAlong(*panels[i].access, s.batch, batch));
  if (constantOf(depth)) {
    sums = emitDepth(bases, sums);
  } else {
    // Nothing to read where there is no depth.
    Value some = e.below(e.attr(0), depth);
    SmallVector<Type> types(sumCount, accumulator);
    auto branch = scf::IfOp::create(e.b, e.loc, types, some,
                                    /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(e.b);
    e.b.setInsertionPointToStart(branch.thenBlock());
    scf::YieldOp::create(e.b, e.loc, emitDepth(bases, sums));
    e.b.setInsertionPointToStart(branch.elseBlock());
    scf::YieldOp::create(e.b, e.loc, sums);
    sums = llvm::to_vector_of<Value>(branch.getResults());
  }
  emitEpilogue(batch, firstRow, firstColumn, sums);
  // A block that has more tiles fills the buffers again.
  if (!e.func.getKnownGridSize())
    e.barrier();
}

void ContractEmitter::emitEpilogue(OpFoldResult batch, OpFoldResult firstRow,
                                   OpFoldResult firstColumn, ValueRange sums) {
  SmallVector<OpFoldResult> indices(e.sizes.size(), e.attr(0));
  auto set = [&](ArrayRef<unsigned> dims, OpFoldResult linear) {
    for (auto [dim, index] : llvm::zip_equal(dims, position(dims, linear)))
      indices[dim] = index;
  };
  set(s.batch, batch);
  // Columns that are neighbours in one dimension leave together.
  int64_t group =
      s.tile.hasTensorCores() ? 2 : std::min(groupSize, s.tile.threadColumns);
  std::optional<unsigned> dim;
  if (!s.columns.empty()) {
    if (e.divisorOf(e.sizes[s.columns.back()]) % group == 0)
      dim = s.columns.back();
  }
  if (!dim)
    group = 1;
  auto isWhole = [](OpFoldResult count, int64_t span) {
    auto known = constantOf(count);
    return known && *known % span == 0;
  };
  for (int64_t i = 0; i < sumRows(); ++i) {
    OpFoldResult row = e.add(firstRow, rowPlace(i));
    Value rowInside =
        isWhole(rowCount, s.tile.rows) ? Value() : e.below(row, rowCount);
    e.ifHolds(rowInside, [&] {
      set(s.rows, row);
      for (int64_t j = 0; j < sumColumns(); j += group) {
        OpFoldResult column = e.add(firstColumn, columnPlace(j));
        Value inside = isWhole(columnCount, s.tile.columns)
                           ? Value()
                           : e.below(column, columnCount);
        e.ifHolds(inside, [&] {
          set(s.columns, column);
          emitResults(indices, dim, sums.slice(sumNumber(i, j), group));
        });
      }
    });
  }
}
