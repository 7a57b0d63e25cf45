//===- ContractPanel.cpp - Factors from memory to shared memory -----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/gpu/ContractEmitter.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::simt;

/// Most parts of the depth under way; more would only take shared memory.
static constexpr int64_t mostStages = 4;
/// Shared memory of a block that isn't on tensor cores: several blocks keep a
/// multiprocessor busy.
static constexpr int64_t plainSharedBytes = 40 << 10;

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
  bool onTensorCores = s.tile.hasTensorCores();
  Type storage = lowering::storageType(panel.access->elementType);
  panel.type = onTensorCores ? storage : accumulator;
  int64_t bytes = panel.type.getIntOrFloatBitWidth() / 8;
  bool isUnit = ContractSchedule::isUnit(*panel.access, dims);
  panel.alongDepth =
      !isUnit && ContractSchedule::isUnit(*panel.access, s.depth);
  // Fragments are read either way; threads read their factors along the span.
  panel.holdsDepth = onTensorCores && !isUnit;
  panel.isSwizzled = s.tile.warpgroups;
  // 16 bytes in the way of matrices; 4 elements in that of vectors. TF32 that
  // lies along the span is read by element, 4 rows of 8 at once.
  panel.gap = panel.isSwizzled   ? 0
              : !onTensorCores   ? 4
              : panel.holdsDepth ? accessBytes / bytes
                                 : 8;
  bool canCopy = constantOf(depth) && storage == panel.type;
  bool turns = panel.alongDepth != panel.holdsDepth;
  // Packs neither leave their dimension nor the operand.
  ArrayRef<unsigned> along = panel.alongDepth ? s.depth : dims;
  int64_t elements = span * s.tile.depth;
  auto fits = [&](int64_t pack) {
    return !along.empty() && e.divisorOf(e.sizes[along.back()]) % pack == 0 &&
           elements % (s.threads * pack) == 0 &&
           e.isPackable(*panel.access, along.back(), pack);
  };
  // What is turned on its way can be copied by element only.
  if (!(canCopy && turns && bytes >= 4))
    for (int64_t pack : {8, 4, 2})
      if (panel.pack == 1 && fits(pack))
        panel.pack = pack;
  panel.reads = llvm::divideCeil(elements, s.threads * panel.pack);
  panel.isPartial = elements % (s.threads * panel.pack) != 0;
  panel.isAsync = canCopy && !panel.isPartial && panel.pack * bytes >= 4 &&
                  (panel.pack == 1 || !turns);
  assert((!panel.isSwizzled || (panel.isAsync && panel.pack == 8)) &&
         "wgmma reads packs that were copied");
  return panel;
}

/// And the buffers.
void ContractEmitter::chooseStages() {
  if (panels[0].isAsync || panels[1].isAsync) {
    int64_t bytes = panels[0].bufferBytes() + panels[1].bufferBytes();
    int64_t room =
        s.tile.hasTensorCores() ? e.target.sharedBytes : plainSharedBytes;
    int64_t steps = llvm::divideCeil(*constantOf(depth), s.tile.depth);
    // One part more is still being read where products go on by themselves.
    int64_t least = 2 + s.tile.warpgroups;
    stages = std::clamp<int64_t>(room / bytes, least, mostStages);
    stages = std::clamp<int64_t>(steps + least - 1, least, stages);
    buffers = std::clamp<int64_t>(steps, 1, stages);
  }
  for (Panel &panel : panels)
    panel.array = e.shared(panel.type, buffers * panel.bufferSize(),
                           panel.isSwizzled ? swizzleBytes : accessBytes);
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

OpFoldResult ContractEmitter::memoryIndex(const Panel &panel, int64_t read,
                                          OpFoldResult base,
                                          OpFoldResult firstDepth,
                                          Value &inside) {
  OpFoldResult place = e.add(firstDepth, panel.depthPlace[read]);
  auto known = constantOf(depth);
  bool isWhole = known && *known % s.tile.depth == 0 && !panel.isPartial;
  // Packs along the depth end with it.
  inside = isWhole ? Value() : e.below(place, depth);
  if (inside)
    place =
        arith::SelectOp::create(e.b, e.loc, inside, e.value(place), e.index(0))
            .getResult();
  return e.add(e.add(base, panel.offsets[read]),
               offsetAlong(*panel.access, s.depth, place));
}

OpFoldResult ContractEmitter::sharedIndex(const Panel &panel, int64_t read,
                                          int64_t lane, OpFoldResult buffer) {
  OpFoldResult inner = panel.spanPlace[read], outer = panel.depthPlace[read];
  OpFoldResult &along = panel.alongDepth ? outer : inner;
  along = e.add(along, e.attr(lane));
  if (panel.holdsDepth)
    std::swap(inner, outer);
  if (panel.isSwizzled)
    return swizzledIndex(panel, outer, inner, buffer);
  return e.add(e.add(e.mul(buffer, e.attr(panel.bufferSize())),
                     e.mul(outer, e.attr(panel.pitch()))),
               inner);
}

SmallVector<Value> ContractEmitter::readPanel(const Panel &panel,
                                              OpFoldResult base,
                                              OpFoldResult firstDepth) {
  SmallVector<Value> values;
  const LinearAccess &access = *panel.access;
  OpFoldResult stride = e.attr(panel.pack > 1 ? 1 : 0);
  for (int64_t i = 0; i < panel.reads; ++i) {
    Value inside;
    OpFoldResult index = memoryIndex(panel, i, base, firstDepth, inside);
    for (Value value :
         e.loadPack(access, index, stride, panel.pack, panel.pack > 1)) {
      value = s.tile.hasTensorCores()
                  ? e.toStorage(value, access.elementType)
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
    auto pack = values.slice(i * panel.pack, panel.pack);
    auto write = [&] {
      if (panel.pack > 1 && panel.alongDepth == panel.holdsDepth &&
          panel.pack * bytes <= accessBytes) {
        auto type = VectorType::get(panel.pack, panel.type);
        Value vector = vector::FromElementsOp::create(e.b, e.loc, type, pack);
        vector::StoreOp::create(
            e.b, e.loc, vector, panel.array,
            ValueRange{e.value(sharedIndex(panel, i, 0, buffer))}, false,
            llvm::MaybeAlign(panel.pack * bytes));
        return;
      }
      for (auto [lane, value] : llvm::enumerate(pack))
        e.storeShared(panel.array, sharedIndex(panel, i, lane, buffer), value);
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

void ContractEmitter::copyPanel(const Panel &panel, OpFoldResult base,
                                OpFoldResult firstDepth, OpFoldResult buffer) {
  for (int64_t i = 0; i < panel.reads; ++i) {
    Value inside;
    OpFoldResult index = memoryIndex(panel, i, base, firstDepth, inside);
    e.copyAsync(panel.array, sharedIndex(panel, i, 0, buffer),
                panel.access->buffer, index, panel.pack, inside);
  }
}
