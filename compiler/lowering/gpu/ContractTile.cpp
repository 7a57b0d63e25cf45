//===- ContractTile.cpp - Tiles in shared memory --------------------------===//
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

void ContractEmitter::emitTiles() {
  OpFoldResult rowTiles = e.ceilDiv(rowCount, s.tile.rows);
  OpFoldResult columnTiles = e.ceilDiv(columnCount, s.tile.columns);
  panels[0] = makePanel(s.rowOperand, s.rows, s.tile.rows, rowCount);
  panels[1] =
      makePanel(s.columnOperand(), s.columns, s.tile.columns, columnCount);
  OpFoldResult thread = e.thread();
  if (s.tile.hasTensorCores()) {
    OpFoldResult warp = e.div(thread, e.attr(warpThreads));
    OpFoldResult lane = e.rem(thread, e.attr(warpThreads));
    OpFoldResult perRow = e.attr(s.tile.columns / s.tile.warpColumns);
    warpRow = e.mul(e.div(warp, perRow), e.attr(s.tile.warpRows));
    warpColumn = e.mul(e.rem(warp, perRow), e.attr(s.tile.warpColumns));
    fragmentRow = e.div(lane, e.attr(4));
    fragmentColumn = e.mul(e.rem(lane, e.attr(4)), e.attr(2));
  } else {
    OpFoldResult perRow = e.attr(s.tile.columns / s.tile.threadColumns);
    threadRow = e.div(thread, perRow);
    threadColumn = e.rem(thread, perRow);
  }
  e.forBlocks(
      e.product({batchSize, rowTiles, columnTiles}), [&](OpFoldResult block) {
        auto tile = e.delinearize(block, {batchSize, rowTiles, columnTiles});
        emitTile(tile[0], e.mul(tile[1], e.attr(s.tile.rows)),
                 e.mul(tile[2], e.attr(s.tile.columns)));
      });
}

ContractEmitter::Panel ContractEmitter::makePanel(unsigned operand,
                                                  ArrayRef<unsigned> dims,
                                                  int64_t span,
                                                  OpFoldResult count) {
  Panel panel;
  panel.access = &e.operands[operand];
  panel.dims = dims;
  panel.span = span;
  panel.count = count;
  panel.depth = s.tile.depth;
  panel.holdsDepth = s.tile.hasTensorCores();
  panel.type = panel.holdsDepth
                   ? lowering::storageType(panel.access->elementType)
                   : accumulator;
  auto isUnit = [&](ArrayRef<unsigned> list) {
    return !list.empty() && isConstant(panel.access->strides[list.back()], 1);
  };
  panel.alongDepth = !isUnit(dims) && isUnit(s.depth);
  // Packs neither leave their dimension nor the operand.
  ArrayRef<unsigned> along = panel.alongDepth ? s.depth : dims;
  int64_t elements = span * s.tile.depth;
  auto fits = [&](int64_t pack) {
    auto size =
        along.empty() ? std::nullopt : constantOf(e.sizes[along.back()]);
    return size && *size % pack == 0 && elements % (s.threads * pack) == 0 &&
           e.isPackable(*panel.access, along.back(), pack);
  };
  for (int64_t pack : {8, 4, 2})
    if (panel.pack == 1 && fits(pack))
      panel.pack = pack;
  panel.reads = llvm::divideCeil(elements, s.threads * panel.pack);
  panel.isPartial = elements % (s.threads * panel.pack) != 0;
  // Two buffers: one is filled while the other is read.
  panel.array = e.shared(panel.type, 2 * panel.bufferSize());
  return panel;
}

/// Where this thread's reads are; what lies beyond the end repeats the last
/// element, whose results nobody stores.
void ContractEmitter::placePanel(Panel &panel, OpFoldResult first) {
  panel.offsets.clear();
  panel.spanPlace.clear();
  panel.depthPlace.clear();
  int64_t extent = panel.alongDepth ? s.tile.depth : panel.span;
  OpFoldResult width = e.attr(extent / panel.pack);
  for (int64_t i = 0; i < panel.reads; ++i) {
    OpFoldResult unit = e.add(OpFoldResult(e.thread()), e.attr(i * s.threads));
    OpFoldResult inner = e.mul(e.rem(unit, width), e.attr(panel.pack));
    OpFoldResult outer = e.div(unit, width);
    OpFoldResult span = panel.alongDepth ? outer : inner;
    panel.spanPlace.push_back(span);
    panel.depthPlace.push_back(panel.alongDepth ? inner : outer);
    OpFoldResult place = e.add(first, span);
    auto known = constantOf(panel.count);
    if (!known || *known % panel.span != 0 || panel.isPartial) {
      int64_t last = panel.alongDepth ? 1 : panel.pack;
      place = e.min(place, e.sub(panel.count, e.attr(last)));
    }
    panel.offsets.push_back(offsetAlong(*panel.access, panel.dims, place));
  }
}

SmallVector<Value> ContractEmitter::readPanel(const Panel &panel,
                                              OpFoldResult base,
                                              OpFoldResult firstDepth) {
  SmallVector<Value> values;
  auto known = constantOf(depth);
  bool isWhole = known && *known % s.tile.depth == 0 && !panel.isPartial;
  const LinearAccess &access = *panel.access;
  for (int64_t i = 0; i < panel.reads; ++i) {
    OpFoldResult place = e.add(firstDepth, panel.depthPlace[i]);
    // Packs along the depth end with it.
    Value inside = isWhole ? Value() : e.below(place, depth);
    if (inside)
      place = arith::SelectOp::create(e.b, e.loc, inside, e.value(place),
                                      e.index(0))
                  .getResult();
    OpFoldResult index = e.add(e.add(base, panel.offsets[i]),
                               offsetAlong(access, s.depth, place));
    OpFoldResult stride = e.attr(panel.pack > 1 ? 1 : 0);
    for (Value value :
         e.loadPack(access, index, stride, panel.pack, panel.pack > 1)) {
      value = panel.holdsDepth ? e.toStorage(value, access.elementType)
                               : toAccumulator(value, access.elementType);
      if (inside)
        value = arith::SelectOp::create(e.b, e.loc, inside, value,
                                        e.zero(panel.type));
      values.push_back(value);
    }
  }
  return values;
}

void ContractEmitter::writePanel(const Panel &panel, ValueRange values,
                                 OpFoldResult buffer) {
  int64_t bytes = panel.type.getIntOrFloatBitWidth() / 8;
  for (int64_t i = 0; i < panel.reads; ++i) {
    auto index = [&](int64_t lane) {
      OpFoldResult depthPlace = panel.depthPlace[i];
      OpFoldResult span = panel.spanPlace[i];
      (panel.alongDepth ? depthPlace : span) =
          e.add(panel.alongDepth ? depthPlace : span, e.attr(lane));
      if (panel.holdsDepth)
        std::swap(depthPlace, span);
      return e.add(e.add(buffer, e.mul(depthPlace, e.attr(panel.pitch()))),
                   span);
    };
    auto pack = values.slice(i * panel.pack, panel.pack);
    auto write = [&] {
      if (panel.pack > 1 && panel.alongDepth == panel.holdsDepth &&
          panel.pack * bytes <= accessBytes) {
        auto type = VectorType::get(panel.pack, panel.type);
        Value vector = vector::FromElementsOp::create(e.b, e.loc, type, pack);
        vector::StoreOp::create(e.b, e.loc, vector, panel.array,
                                ValueRange{e.value(index(0))}, false,
                                llvm::MaybeAlign(panel.pack * bytes));
        return;
      }
      for (auto [lane, value] : llvm::enumerate(pack))
        e.storeShared(panel.array, index(lane), value);
    };
    bool isLast = panel.isPartial && i + 1 == panel.reads;
    // Threads without an element of the part.
    Value inside;
    if (isLast)
      inside =
          e.below(panel.alongDepth ? panel.spanPlace[i] : panel.depthPlace[i],
                  e.attr(panel.alongDepth ? panel.span : s.tile.depth));
    e.ifHolds(inside, write);
  }
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
                                                int64_t step) {
  int64_t bytes = accumulator.getIntOrFloatBitWidth() / 8;
  int64_t count = std::min({groupSize, perThread, accessBytes / bytes});
  SmallVector<Value> factors;
  for (int64_t i = 0; i < perThread; i += count) {
    OpFoldResult index =
        e.add(e.add(buffer, placeOf(thread, i, perThread, panel.span)),
              e.attr(step * panel.pitch()));
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
  if (s.tile.hasTensorCores())
    return emitTensorProducts(buffer, sums);
  // The two panels' buffers are of different sizes.
  auto bufferOf = [&](const Panel &panel) {
    return e.mul(buffer, e.attr(panel.bufferSize()));
  };
  OpFoldResult rowBuffer = bufferOf(panels[0]);
  OpFoldResult columnBuffer = bufferOf(panels[1]);
  SmallVector<Value> next = llvm::to_vector(sums);
  for (int64_t step = 0; step < s.tile.depth; ++step) {
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
  }
  return next;
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
  auto fill = [&](OpFoldResult firstDepth, OpFoldResult buffer,
                  function_ref<void()> between) {
    SmallVector<Value> read[2];
    for (int i : {0, 1})
      read[i] = readPanel(panels[i], bases[i], firstDepth);
    between();
    for (int i : {0, 1})
      writePanel(panels[i], read[i],
                 e.mul(buffer, e.attr(panels[i].bufferSize())));
    e.barrier();
  };
  auto known = constantOf(depth);
  auto guarded = [&] {
    fill(e.attr(0), e.attr(0), [] {});
    OpFoldResult step = e.attr(s.tile.depth);
    // All steps but the last read the next one's factors ahead.
    OpFoldResult steps = e.ceilDiv(depth, s.tile.depth);
    OpFoldResult last = e.sub(steps, e.attr(1));
    sums = e.forLoop(
        e.attr(0), last, 1, sums, [&](OpFoldResult number, ValueRange carried) {
          OpFoldResult buffer = e.rem(number, e.attr(2));
          SmallVector<Value> next;
          fill(e.mul(e.add(number, e.attr(1)), step), e.sub(e.attr(1), buffer),
               [&] { next = emitProducts(buffer, carried); });
          return next;
        });
    sums = emitProducts(e.rem(last, e.attr(2)), sums);
  };
  if (known) {
    guarded();
  } else {
    // Nothing to read where there is no depth.
    Value some = e.below(e.attr(0), depth);
    SmallVector<Type> types(sumCount, accumulator);
    auto branch = scf::IfOp::create(e.b, e.loc, types, some,
                                    /*withElseRegion=*/true);
    SmallVector<Value> zeros = sums;
    OpBuilder::InsertionGuard guard(e.b);
    e.b.setInsertionPointToStart(branch.thenBlock());
    guarded();
    scf::YieldOp::create(e.b, e.loc, sums);
    e.b.setInsertionPointToStart(branch.elseBlock());
    scf::YieldOp::create(e.b, e.loc, zeros);
    sums = llvm::to_vector_of<Value>(branch.getResults());
    e.b.setInsertionPointAfter(branch);
    emitEpilogue(batch, firstRow, firstColumn, sums);
    e.barrier();
    return;
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
      std::min(s.tile.hasTensorCores() ? 2 : groupSize, s.tile.threadColumns);
  std::optional<unsigned> dim;
  if (!s.columns.empty()) {
    auto size = constantOf(e.sizes[s.columns.back()]);
    if (size && *size % group == 0)
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
