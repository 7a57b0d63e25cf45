//===- ContractTile.cpp - The sums of a register tile ---------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/cpu/ContractEmitter.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::cpu;

/// Code of a loop body beyond which its steps aren't unrolled, in products.
static constexpr int64_t maxUnrolledProducts = 96;

//===----------------------------------------------------------------------===//
// Positions
//===----------------------------------------------------------------------===//

SmallVector<int64_t, 3> ContractEmitter::coordinates(const Tile &tile,
                                                     int64_t number) const {
  SmallVector<int64_t, 3> result(tile.parts.size());
  for (size_t axis = tile.parts.size(); axis-- > 0;) {
    result[axis] = number % tile.parts[axis].positions;
    number /= tile.parts[axis].positions;
  }
  return result;
}

int64_t ContractEmitter::numberOf(const Tile &tile,
                                  ArrayRef<int64_t> position) const {
  int64_t number = 0;
  for (auto [part, at] : llvm::zip_equal(tile.parts, position))
    number = number * part.positions + at;
  return number;
}

OpFoldResult ContractEmitter::elementsTo(const Tile &tile, unsigned axis,
                                         int64_t position) {
  if (schedule.axes[axis].vector)
    return e.attr(position * schedule.lanes);
  if (OpFoldResult rest = tile.parts[axis].rest; rest && position > 0)
    return e.min(e.attr(position), e.sub(rest, e.attr(1)));
  return e.attr(position);
}

OpFoldResult ContractEmitter::offsetOf(unsigned operand, const Tile &tile,
                                       ArrayRef<int64_t> position) {
  OpFoldResult offset = e.attr(0);
  for (unsigned axis = 0; axis < position.size(); ++axis)
    if (OpFoldResult stride = access(operand).strides[schedule.axes[axis].dim];
        !isConstant(stride, 0))
      offset =
          e.add(offset, e.mul(elementsTo(tile, axis, position[axis]), stride));
  return offset;
}

Value ContractEmitter::vectorMask(ArrayRef<int64_t> position) {
  for (unsigned axis = 0; axis < position.size(); ++axis)
    if (schedule.axes[axis].vector && !masks.empty())
      return masks[position[axis]];
  return {};
}

/// Index arithmetic that doesn't depend on the step.
void ContractEmitter::prepare(const Tile &tile) {
  for (unsigned operand : {0, 1}) {
    offsets[operand].assign(tile.positions(), OpFoldResult());
    for (int64_t number = 0; number < tile.positions(); ++number) {
      SmallVector<int64_t, 3> position = coordinates(tile, number);
      // Positions that share an element share its offset.
      for (unsigned axis = 0; axis < position.size(); ++axis)
        if (isInvariant(operand, schedule.axes[axis].dim))
          position[axis] = 0;
      OpFoldResult &offset = offsets[operand][numberOf(tile, position)];
      if (!offset)
        offset = offsetOf(operand, tile, position);
    }
  }
  masks.clear();
  for (unsigned axis = 0; axis < tile.parts.size(); ++axis)
    if (OpFoldResult rest = tile.parts[axis].rest;
        rest && schedule.axes[axis].vector)
      for (int64_t i = 0; i < tile.parts[axis].positions; ++i)
        masks.push_back(
            e.tailMask(e.atLeastZero(e.sub(rest, e.attr(i * schedule.lanes))),
                       schedule.lanes));
}

//===----------------------------------------------------------------------===//
// One step
//===----------------------------------------------------------------------===//

OpFoldResult ContractEmitter::indexAt(const Address &address) {
  return e.add(address.base, e.attr(address.offset));
}

ContractEmitter::Addresses ContractEmitter::advance(Addresses addresses,
                                                    unsigned dim,
                                                    OpFoldResult count) {
  for (unsigned operand : {0, 1}) {
    OpFoldResult step = e.mul(count, access(operand).strides[dim]);
    Address &address = addresses[operand];
    if (auto known = constantOf(step))
      address.offset += *known;
    else
      address.base = e.add(address.base, step);
  }
  return addresses;
}

Value cpu::toAccumulator(Emission &e, Value value, Type elementType,
                         Type accumulator) {
  Type from = getElementTypeOrSelf(value);
  if (from == accumulator)
    return value;
  Type to = accumulator;
  if (auto vector = dyn_cast<VectorType>(value.getType()))
    to = VectorType::get(vector.getShape(), accumulator);
  bool isUnsigned = scalar::isUnsigned(elementType);
  if (isa<FloatType>(accumulator)) {
    if (isa<FloatType>(from))
      return from.getIntOrFloatBitWidth() < accumulator.getIntOrFloatBitWidth()
                 ? arith::ExtFOp::create(e.b, e.loc, to, value).getResult()
                 : arith::TruncFOp::create(e.b, e.loc, to, value).getResult();
    return isUnsigned
               ? arith::UIToFPOp::create(e.b, e.loc, to, value).getResult()
               : arith::SIToFPOp::create(e.b, e.loc, to, value).getResult();
  }
  if (from.getIntOrFloatBitWidth() > accumulator.getIntOrFloatBitWidth())
    return arith::TruncIOp::create(e.b, e.loc, to, value);
  return isUnsigned ? arith::ExtUIOp::create(e.b, e.loc, to, value).getResult()
                    : arith::ExtSIOp::create(e.b, e.loc, to, value).getResult();
}

Value ContractEmitter::multiplyAdd(Value x, Value y, Value sum) {
  if (!isa<FloatType>(accumulator))
    return arith::AddIOp::create(e.b, e.loc, sum,
                                 arith::MulIOp::create(e.b, e.loc, x, y));
  if (isa<VectorType>(sum.getType()))
    return vector::FMAOp::create(e.b, e.loc, x, y, sum);
  return math::FmaOp::create(e.b, e.loc, x, y, sum);
}

Value ContractEmitter::loadFactor(unsigned operand, Address address,
                                  OpFoldResult offset, Value mask) {
  const LinearAccess &from = access(operand);
  if (auto known = constantOf(offset))
    address.offset += *known;
  else
    address.base = e.add(address.base, offset);
  OpFoldResult stride =
      schedule.vectorDim ? from.strides[*schedule.vectorDim] : e.attr(0);
  Value loaded =
      isConstant(stride, 0)
          ? e.loadScalar(from, indexAt(address))
          : e.loadVector(from, indexAt(address), stride, schedule.lanes, mask);
  return e.broadcast(toAccumulator(loaded, from.elementType), schedule.lanes);
}

void ContractEmitter::emitStep(const Tile &tile, const Addresses &addresses,
                               MutableArrayRef<Value> sums, Value mask) {
  // The factors that several positions share are loaded once.
  std::array<SmallVector<Value>, 2> loaded;
  for (SmallVector<Value> &values : loaded)
    values.resize(tile.positions());
  auto factor = [&](unsigned operand, SmallVector<int64_t, 3> position) {
    for (unsigned axis = 0; axis < position.size(); ++axis)
      if (isInvariant(operand, schedule.axes[axis].dim))
        position[axis] = 0;
    int64_t key = numberOf(tile, position);
    Value &value = loaded[operand][key];
    if (!value)
      value = loadFactor(operand, addresses[operand], offsets[operand][key],
                         schedule.inner    ? mask
                         : schedule.packed ? Value() // padded
                                           : vectorMask(position));
    return value;
  };

  // The longer axis outside: the fewer values of the shorter one stay in
  // registers.
  int64_t count = tile.positions();
  int64_t width = tile.parts.empty() ? 1 : tile.parts.back().positions;
  bool transposed = schedule.inner && width > count / width;
  for (int64_t i = 0; i < count; ++i) {
    int64_t number =
        transposed ? i % (count / width) * width + i / (count / width) : i;
    SmallVector<int64_t, 3> position = coordinates(tile, number);
    Value x = factor(0, position);
    Value y = factor(1, position);
    Value sum = multiplyAdd(x, y, sums[number]);
    // A broadcast factor may be infinite where the other's lane is masked.
    bool broadcasts = schedule.inner && (isInvariant(0, *schedule.vectorDim) ||
                                         isInvariant(1, *schedule.vectorDim));
    if (mask && broadcasts)
      sum = arith::SelectOp::create(e.b, e.loc, mask, sum, sums[number]);
    sums[number] = sum;
  }
}

//===----------------------------------------------------------------------===//
// The reduction
//===----------------------------------------------------------------------===//

static SmallVector<scalar::Combiner> additions(ValueRange sums) {
  return SmallVector<scalar::Combiner>(sums.size(), scalar::Combiner::Add);
}

/// The innermost loop of an inner schedule: along the lanes.
ContractEmitter::Values ContractEmitter::emitLanes(const Tile &tile,
                                                   Addresses addresses,
                                                   ValueRange sums,
                                                   bool isChain) {
  unsigned dim = *schedule.vectorDim;
  OpFoldResult size = e.sizes[dim];
  int64_t lanes = schedule.lanes, partials = schedule.partials;
  int64_t positions = tile.positions();
  auto known = constantOf(size);

  /// `count` vectors from element `start`, each into its own partial sums.
  auto step = [&](OpFoldResult start, int64_t count, ValueRange carried,
                  Value mask = {}) {
    Values next = llvm::to_vector(carried);
    Addresses at = advance(addresses, dim, start);
    for (int64_t i = 0; i < count; ++i)
      emitStep(tile, advance(at, dim, e.attr(i * lanes)),
               MutableArrayRef(next).slice(i * positions, positions), mask);
    return next;
  };
  Values next = llvm::to_vector(sums);
  if (known &&
      llvm::divideCeil(*known, lanes) * positions <= maxUnrolledProducts / 2) {
    for (int64_t start = 0; start < *known; start += lanes * partials) {
      int64_t whole = std::min((*known - start) / lanes, partials);
      next = step(e.attr(start), whole, next);
      if (whole < partials && (*known - start) % lanes != 0) {
        OpFoldResult last = e.attr(start + whole * lanes);
        next = step(last, 1, next, e.tailMask(e.sub(size, last), lanes));
      }
    }
    return next;
  }
  auto roundDown = [&](int64_t unit) {
    return e.mul(e.div(size, e.attr(unit)), e.attr(unit));
  };
  OpFoldResult pairs = roundDown(lanes * partials), whole = roundDown(lanes);
  auto paired = [&](OpFoldResult start, ValueRange carried) {
    return step(start, partials, carried);
  };
  int64_t width = lanes * partials;
  next = isChain ? e.forLoop(e.attr(0), pairs, width, next, paired)
                 : e.sumLoop(e.attr(0), pairs, width, additions(next),
                             lowering::longestContractChain, next, paired);
  if (partials > 1)
    next = e.forLoop(pairs, whole, lanes, next,
                     [&](OpFoldResult start, ValueRange carried) {
                       return step(start, 1, carried);
                     });
  return e.forLoop(
      whole, size, lanes, next, [&](OpFoldResult start, ValueRange carried) {
        return step(start, 1, carried, e.tailMask(e.sub(size, start), lanes));
      });
}

/// The innermost loops, which are unrolled.
ContractEmitter::Values ContractEmitter::emitUnrolled(const Tile &tile,
                                                      unsigned depth,
                                                      Addresses addresses,
                                                      ValueRange sums) {
  Values next = llvm::to_vector(sums);
  if (depth == schedule.reductions.size()) {
    emitStep(tile, addresses, next);
    return next;
  }
  unsigned dim = schedule.reductions[depth];
  for (int64_t i = 0; i < *constantOf(e.sizes[dim]); ++i)
    next =
        emitUnrolled(tile, depth + 1, advance(addresses, dim, e.attr(i)), next);
  return next;
}

ContractEmitter::Values ContractEmitter::emitReduction(const Tile &tile,
                                                       Addresses addresses,
                                                       ValueRange sums) {
  unsigned first = schedule.packed ? schedule.stripLevel : 0;
  unsigned last =
      schedule.reductions.size() - (schedule.inner ? 1 : schedule.unrolled);
  auto loops = ArrayRef(schedule.reductions).slice(first, last - first);
  SmallVector<OpFoldResult> extents =
      llvm::map_to_vector(loops, [&](unsigned dim) { return e.sizes[dim]; });
  if (schedule.packed && !extents.empty())
    extents.front() = stripExtent;
  OpFoldResult terms = e.attr(1);
  for (unsigned dim : ArrayRef(schedule.reductions).drop_front(last))
    terms = e.mul(terms, e.sizes[dim]);
  if (schedule.inner)
    terms = e.add(e.div(terms, e.attr(schedule.lanes * schedule.partials)),
                  e.attr(1));
  return e.sumNest(
      extents, additions(sums), terms, lowering::longestContractChain, sums,
      [&](ArrayRef<OpFoldResult> ivs, ValueRange carried, bool isChain) {
        Addresses here = addresses;
        for (auto [dim, index] : llvm::zip_equal(loops, ivs))
          here = advance(here, dim, index);
        return schedule.inner ? emitLanes(tile, here, carried, isChain)
                              : emitUnrolled(tile, last, here, carried);
      });
}

ContractEmitter::Values ContractEmitter::emitSums(const Tile &tile) {
  int64_t positions = tile.positions();
  Values sums(positions * schedule.partials, e.zero(wideAccumulator));
  if (phase == Phase::Finish) {
    sums.truncate(positions);
    for (auto [i, sum] : llvm::enumerate(sums))
      sum = e.loadVector(waiting, waitingIndex(tile, i), e.attr(1),
                         schedule.lanes);
    return sums;
  }
  Addresses addresses;
  for (unsigned operand : {0, 1})
    addresses[operand].base =
        schedule.packed && operand == packedOperand
            ? e.attr(0)
            : e.linearIndex(access(operand), tile.indices);
  sums = emitReduction(tile, addresses, sums);
  for (int64_t width = schedule.partials; width > 1; width /= 2)
    for (int64_t i = 0; i < width / 2 * positions; ++i)
      sums[i] = e.combine(scalar::Combiner::Add, sums[i],
                          sums[i + width / 2 * positions]);
  sums.truncate(positions);
  return sums;
}

void ContractEmitter::emitTile(const Tile &tile) {
  prepare(tile);
  Values sums = emitSums(tile);
  if (phase == Phase::Accumulate) {
    // The panel's sums began at zero.
    for (auto [i, sum] : llvm::enumerate(sums)) {
      OpFoldResult index = waitingIndex(tile, i);
      Value before = e.loadVector(waiting, index, e.attr(1), schedule.lanes);
      e.storeVector(waiting, index, e.attr(1),
                    e.combine(scalar::Combiner::Add, before, sum));
    }
    return;
  }
  if (schedule.inner)
    emitInnerEpilogue(tile, sums);
  else
    emitOuterEpilogue(tile, sums);
}
