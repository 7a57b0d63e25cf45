//===- ContractPanel.cpp - Packed panels of a contraction -----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A panel holds the vector operand for one tile's width: for each step of the
// reduction its lanes, one after the other; beyond the dimension's end, lanes
// that don't matter. So every load of the sums is a whole vector, whatever the
// operand's strides.
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/cpu/ContractEmitter.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::cpu;

/// Stack memory, zero strides everywhere.
static LinearAccess allocate(Emission &e, Type type, int64_t elements) {
  LinearAccess access;
  access.buffer = memref::AllocaOp::create(
      e.b, e.loc, MemRefType::get({elements}, type), e.b.getI64IntegerAttr(64));
  access.elementType = type;
  access.offset = e.attr(0);
  access.strides.assign(e.sizes.size(), e.attr(0));
  return access;
}

void ContractEmitter::allocatePanel() {
  unsigned vectorDim = *schedule.vectorDim;
  packedOperand = isConstant(e.operands[1].strides[vectorDim], 0) ? 0 : 1;
  int64_t width = schedule.width();

  int64_t steps = 1;
  SmallVector<std::pair<unsigned, int64_t>> strides;
  for (unsigned level = schedule.reductions.size();
       level-- > schedule.stripLevel;) {
    unsigned dim = schedule.reductions[level];
    strides.push_back({dim, steps * width});
    steps *= level == schedule.stripLevel ? schedule.stripDepth
                                          : *e.greatest(e.sizes[dim]);
  }
  // A transposing copy writes whole vectors of steps.
  bool dense = isConstant(e.operands[packedOperand].strides[vectorDim], 1);
  panel =
      allocate(e, accumulator, (steps + (dense ? 0 : schedule.lanes)) * width);
  for (auto [dim, stride] : strides)
    panel.strides[dim] = e.attr(stride);
  panel.strides[vectorDim] = e.attr(1);
  if (schedule.strips == 1)
    return;

  // The waiting sums: row-major in the rows, a tile's width each.
  waitingElements = width;
  strides.clear();
  for (unsigned dim :
       llvm::reverse(ArrayRef(schedule.loops).drop_front(schedule.taskLoops))) {
    strides.push_back({dim, waitingElements});
    waitingElements *= schedule.rowBlockDim == dim ? schedule.rowBlock
                                                   : *constantOf(e.sizes[dim]);
  }
  waiting = allocate(e, accumulator, waitingElements);
  for (auto [dim, stride] : strides)
    waiting.strides[dim] = e.attr(stride);
  if (schedule.hasTotals()) {
    totals = waiting;
    totals.buffer = allocate(e, accumulator, waitingElements).buffer;
  }
}

OpFoldResult ContractEmitter::waitingIndex(const Tile &tile, int64_t number) {
  SmallVector<OpFoldResult> indices = tile.indices;
  if (auto dim = schedule.rowBlockDim)
    indices[*dim] = e.sub(indices[*dim], rowBegin);
  OpFoldResult index = e.linearIndex(waiting, indices);
  for (auto [axis, position] :
       llvm::zip_equal(schedule.axes, coordinates(tile, number)))
    index = e.add(index, axis.vector ? e.attr(position * schedule.lanes)
                                     : e.mul(e.attr(position),
                                             waiting.strides[axis.dim]));
  return index;
}

void ContractEmitter::clearWaitingSums() {
  Value zero = e.zero(wideAccumulator);
  e.forLoop(e.attr(0), e.attr(waitingElements), schedule.lanes,
            [&](OpFoldResult index) {
              e.storeVector(waiting, index, e.attr(1), zero);
              if (schedule.hasTotals())
                e.storeVector(totals, index, e.attr(1), zero);
            });
}

void ContractEmitter::flushWaitingSums() {
  Value zero = e.zero(wideAccumulator);
  e.forLoop(e.attr(0), e.attr(waitingElements), schedule.lanes,
            [&](OpFoldResult index) {
              auto load = [&](const LinearAccess &from) {
                return e.loadVector(from, index, e.attr(1), schedule.lanes);
              };
              Value sum =
                  e.combine(scalar::Combiner::Add, load(totals), load(waiting));
              e.storeVector(totals, index, e.attr(1), sum);
              e.storeVector(waiting, index, e.attr(1), zero);
            });
}

void ContractEmitter::emitPanels(unsigned depth, Tile &tile,
                                 ArrayRef<OpFoldResult> taskIndices) {
  insidePanel = true;
  unsigned stripDim = schedule.reductions[schedule.stripLevel];
  OpFoldResult extent = e.sizes[stripDim];
  auto emitRows = [&](Phase next) {
    phase = next;
    emitLoops(depth, tile, taskIndices);
  };
  if (schedule.strips == 1) {
    stripExtent = extent;
    emitPack(tile);
    emitRows(Phase::Whole);
  } else {
    auto known = constantOf(extent);
    clearWaitingSums();
    auto outer = ArrayRef(schedule.reductions).take_front(schedule.stripLevel);
    SmallVector<OpFoldResult> extents =
        llvm::map_to_vector(outer, [&](unsigned dim) { return e.sizes[dim]; });
    // Every so many panels, counted over all loops.
    auto flushAfter = [&](ArrayRef<OpFoldResult> indices, OpFoldResult start) {
      if (!schedule.hasTotals())
        return;
      OpFoldResult number = e.attr(0);
      for (auto [index, extent] : llvm::zip_equal(indices, extents))
        number = e.add(e.mul(number, extent), index);
      number = e.mul(number, e.ceilDiv(extent, schedule.stripDepth));
      number = e.add(number, e.div(start, e.attr(schedule.stripDepth)));
      OpFoldResult last = e.attr(lowering::longestChain - 1);
      e.ifThen(arith::CmpIOp::create(
                   e.b, e.loc, arith::CmpIPredicate::eq,
                   e.value(e.rem(number, e.attr(lowering::longestChain))),
                   e.value(last)),
               [&] { flushWaitingSums(); });
    };
    e.forNest(extents, {}, [&](ArrayRef<OpFoldResult> indices, ValueRange) {
      for (auto [dim, index] : llvm::zip_equal(outer, indices))
        tile.indices[dim] = index;
      e.forLoop(e.attr(0), extent, schedule.stripDepth,
                [&](OpFoldResult start) {
                  tile.indices[stripDim] = start;
                  OpFoldResult depth = e.attr(schedule.stripDepth);
                  stripExtent = known && *known % schedule.stripDepth == 0
                                    ? depth
                                    : e.min(depth, e.sub(extent, start));
                  emitPack(tile);
                  emitRows(Phase::Accumulate);
                  flushAfter(indices, start);
                });
      return SmallVector<Value>();
    });
    if (schedule.hasTotals()) {
      flushWaitingSums();
      std::swap(waiting, totals);
    }
    for (unsigned dim : schedule.reductions)
      tile.indices[dim] = OpFoldResult();
    emitRows(Phase::Finish);
    if (schedule.hasTotals())
      std::swap(waiting, totals);
  }
  insidePanel = false;
}

//===----------------------------------------------------------------------===//
// Packing
//===----------------------------------------------------------------------===//

void ContractEmitter::emitPack(const Tile &tile) {
  prepare(tile);
  const LinearAccess &from = e.operands[packedOperand];
  SmallVector<PackLoop> loops;
  for (unsigned level = schedule.stripLevel; level < schedule.reductions.size();
       ++level) {
    unsigned dim = schedule.reductions[level];
    loops.push_back({level == schedule.stripLevel ? stripExtent : e.sizes[dim],
                     from.strides[dim], panel.strides[dim]});
  }
  // Dimensions that follow on each other in memory are one; in the panel they
  // always do.
  for (size_t i = loops.size(); i-- > 1;) {
    PackLoop &outer = loops[i - 1], &inner = loops[i];
    auto stride = constantOf(inner.source), next = constantOf(outer.source),
         extent = constantOf(inner.extent);
    if (!stride || !next || !extent || *stride * *extent != *next)
      continue;
    outer = {e.mul(outer.extent, inner.extent), inner.source, inner.target};
    loops.erase(loops.begin() + i);
  }

  unsigned vectorDim = *schedule.vectorDim;
  bool transposes = !isConstant(from.strides[vectorDim], 1) &&
                    isConstant(loops.back().source, 1);
  PackLoop last = loops.back(), outer = {e.attr(1), e.attr(0), e.attr(0)};
  if (transposes) {
    loops.pop_back();
    if (!loops.empty())
      outer = loops.pop_back_val();
  }
  SmallVector<OpFoldResult> extents = llvm::map_to_vector(
      loops, [](const PackLoop &loop) { return loop.extent; });
  OpFoldResult start = e.linearIndex(from, tile.indices);
  e.forNest(extents, {}, [&](ArrayRef<OpFoldResult> indices, ValueRange) {
    OpFoldResult source = start, target = e.attr(0);
    for (auto [index, loop] : llvm::zip_equal(indices, loops)) {
      source = e.add(source, e.mul(index, loop.source));
      target = e.add(target, e.mul(index, loop.target));
    }
    if (transposes)
      emitTransposed(from, tile, source, target, outer, last.extent);
    else
      emitPackedVectors(from, tile, source, target);
    return SmallVector<Value>();
  });
}

/// The lanes of one step.
void ContractEmitter::emitPackedVectors(const LinearAccess &from,
                                        const Tile &tile, OpFoldResult source,
                                        OpFoldResult target) {
  OpFoldResult stride = from.strides[*schedule.vectorDim];
  for (int64_t i = 0; i < tile.parts.back().positions; ++i) {
    OpFoldResult element = e.attr(i * schedule.lanes);
    Value loaded =
        e.loadVector(from, e.add(source, e.mul(element, stride)), stride,
                     schedule.lanes, masks.empty() ? Value() : masks[i]);
    e.storeVector(panel, e.add(target, element), e.attr(1),
                  toAccumulator(loaded, from.elementType));
  }
}

/// Rows and columns change places, in log2 steps of exchanging blocks.
static void transpose(Emission &e, MutableArrayRef<Value> rows) {
  int64_t lanes = rows.size();
  for (int64_t block = lanes / 2; block > 0; block /= 2) {
    SmallVector<int64_t> low, high;
    for (int64_t lane = 0; lane < lanes; ++lane) {
      bool upper = lane & block;
      low.push_back(upper ? lanes + lane - block : lane);
      high.push_back(upper ? lanes + lane : lane + block);
    }
    for (int64_t i = 0; i < lanes; ++i) {
      if (i & block)
        continue;
      Value x = rows[i], y = rows[i + block];
      rows[i] = vector::ShuffleOp::create(e.b, e.loc, x, y, low);
      rows[i + block] = vector::ShuffleOp::create(e.b, e.loc, x, y, high);
    }
  }
}

/// A function of the kernel's module that copies `steps` neighbouring elements
/// of each of `rows` rows to lanes of a panel, `times` times; all kernels share
/// it. Arguments: the source, its first element's index, elements from row to
/// row and from time to time, the panel, the same of it but for rows, the
/// three counts, and the panel's width.
func::FuncOp ContractEmitter::transposingCopy(Type elementType,
                                              OpFoldResult count,
                                              bool hasTail) {
  int64_t lanes = schedule.lanes;
  // Of few rows, less is to be exchanged.
  bool isNarrow = constantOf(count) && *constantOf(count) <= lanes / 2;
  std::string name;
  llvm::raw_string_ostream stream(name);
  stream << "transpose_" << elementType << "_to_" << accumulator << "_x"
         << lanes;
  if (isNarrow)
    stream << "_of" << *constantOf(count);
  if (!hasTail)
    stream << "_whole";
  auto module =
      e.b.getInsertionBlock()->getParentOp()->getParentOfType<ModuleOp>();
  if (auto known = module.lookupSymbol<func::FuncOp>(name))
    return known;

  auto b = OpBuilder::atBlockBegin(module.getBody());
  Location loc = b.getUnknownLoc();
  Type index = b.getIndexType();
  auto memory = [](Type type) {
    return MemRefType::get({ShapedType::kDynamic}, type);
  };
  SmallVector<Type> types(11, index);
  types[0] = memory(scalar::storageType(elementType));
  types[4] = memory(accumulator);
  auto func = func::FuncOp::create(b, loc, name, b.getFunctionType(types, {}));
  func.setPrivate();
  Block *entry = func.addEntryBlock();
  b.setInsertionPointToStart(entry);
  Emission inside(b, loc, e.target);
  LinearAccess from, to;
  from.buffer = entry->getArgument(0);
  from.elementType = elementType;
  to.buffer = entry->getArgument(4);
  to.elementType = accumulator;
  Value source = entry->getArgument(1), stride = entry->getArgument(2),
        sourceTime = entry->getArgument(3), target = entry->getArgument(5),
        targetTime = entry->getArgument(6), times = entry->getArgument(8),
        steps = entry->getArgument(9), width = entry->getArgument(10);
  OpFoldResult rows = isNarrow ? count : OpFoldResult(entry->getArgument(7));

  auto copyBlock = [&](ArrayRef<OpFoldResult> starts, OpFoldResult corner,
                       Value mask) {
    SmallVector<Value> block;
    for (OpFoldResult start : starts)
      block.push_back(cpu::toAccumulator(
          inside, inside.loadVector(from, start, inside.attr(1), lanes, mask),
          elementType, accumulator));
    transpose(inside, block);
    // Past the last step these are zeros, in room left for them or where the
    // next steps go.
    for (Value row : block) {
      inside.storeVector(to, corner, inside.attr(1), row);
      corner = inside.add(corner, width);
    }
  };
  inside.forLoop(inside.attr(0), rows, lanes, [&](OpFoldResult first) {
    // Beyond the end the last row again: lanes that nobody stores.
    SmallVector<OpFoldResult> rowStarts;
    for (int64_t lane = 0; lane < lanes; ++lane) {
      OpFoldResult row = inside.min(inside.add(first, inside.attr(lane)),
                                    inside.sub(rows, inside.attr(1)));
      rowStarts.push_back(inside.add(source, inside.mul(row, stride)));
    }
    OpFoldResult corner = inside.add(target, first);
    inside.forLoop(inside.attr(0), times, 1, [&](OpFoldResult time) {
      OpFoldResult distance = inside.mul(time, sourceTime);
      OpFoldResult begin = inside.add(corner, inside.mul(time, targetTime));
      inside.forLoop(inside.attr(0), steps, lanes, [&](OpFoldResult step) {
        OpFoldResult along = inside.add(distance, step);
        SmallVector<OpFoldResult> starts;
        for (OpFoldResult start : rowStarts)
          starts.push_back(inside.add(start, along));
        copyBlock(starts, inside.add(begin, inside.mul(step, width)),
                  hasTail ? inside.tailMask(inside.sub(steps, step), lanes)
                          : Value());
      });
    });
  });
  func::ReturnOp::create(b, loc);
  return func;
}

/// Steps that are neighbours in memory: square blocks are loaded along them and
/// stored along the lanes.
void ContractEmitter::emitTransposed(const LinearAccess &from, const Tile &tile,
                                     OpFoldResult source, OpFoldResult target,
                                     const PackLoop &outer,
                                     OpFoldResult extent) {
  int64_t lanes = schedule.lanes;
  const AxisPart &part = tile.parts.back();
  OpFoldResult rows = part.rest ? part.rest : e.attr(part.positions * lanes);
  auto known = constantOf(extent);
  bool hasTail = !known || *known % lanes != 0;
  // Without them, masks cost something.
  func::FuncOp copy =
      transposingCopy(from.elementType, rows, hasTail || e.hasMaskRegisters);
  Value to = memref::CastOp::create(e.b, e.loc, copy.getArgumentTypes()[4],
                                    panel.buffer);
  SmallVector<Value> arguments = {from.buffer};
  for (OpFoldResult number :
       {source, from.strides[*schedule.vectorDim], outer.source})
    arguments.push_back(e.value(number));
  arguments.push_back(to);
  for (OpFoldResult number : {target, outer.target, rows, outer.extent, extent,
                              e.attr(schedule.width())})
    arguments.push_back(e.value(number));
  func::CallOp::create(e.b, e.loc, copy, arguments);
}
