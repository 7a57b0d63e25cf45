//===- ContractEpilogue.cpp - From sums to the outputs --------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/cpu/ContractEmitter.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::cpu;

//===----------------------------------------------------------------------===//
// The body
//===----------------------------------------------------------------------===//

void ContractEmitter::emitResult(const ResultPoint &point, Value sum) {
  auto strideOf = [&](unsigned operand) {
    return point.dim ? access(operand).strides[*point.dim] : e.attr(0);
  };
  Values arguments{sum};
  for (unsigned extra = 2; extra < 2 + extras; ++extra) {
    OpFoldResult index = e.linearIndex(access(extra), point.indices);
    OpFoldResult stride = strideOf(extra);
    // A stride of 0 makes a row-level value, which the body keeps scalar.
    arguments.push_back(isConstant(stride, 0)
                            ? e.loadScalar(access(extra), index)
                            : e.loadVector(access(extra), index, stride,
                                           point.lanes, point.mask));
  }
  BodyPoint body;
  body.lanes = point.lanes;
  body.mask = point.mask;
  body.position = [&](int64_t dim) -> Value {
    if (point.dim && *point.dim == dim)
      return e.iota(point.indices[dim], point.lanes);
    return e.value(point.indices[dim]);
  };
  SmallVector<Value> results = e.emitBody(*op.getBlock(), arguments, body);
  for (auto [i, result] : llvm::enumerate(results)) {
    unsigned output = 2 + extras + i;
    e.storeVector(access(output), e.linearIndex(access(output), point.indices),
                  strideOf(output), e.broadcast(result, point.lanes),
                  point.mask);
  }
}

void ContractEmitter::guarded(const Tile &tile, ArrayRef<int64_t> position,
                              unsigned axes, function_ref<void()> body) {
  Value inside;
  for (unsigned axis = 0; axis < axes; ++axis) {
    OpFoldResult rest = tile.parts[axis].rest;
    // A tile's first position is always inside.
    if (!rest || schedule.axes[axis].vector || position[axis] == 0)
      continue;
    Value here = arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::slt,
                                       e.index(position[axis]), e.value(rest));
    inside = inside ? arith::AndIOp::create(e.b, e.loc, inside, here) : here;
  }
  if (inside)
    e.ifThen(inside, body);
  else
    body();
}

void ContractEmitter::emitOuterEpilogue(const Tile &tile, ValueRange sums) {
  for (auto [number, sum] : llvm::enumerate(sums)) {
    SmallVector<int64_t, 3> position = coordinates(tile, number);
    guarded(tile, position, position.size(), [&, sum = sum] {
      ResultPoint point;
      point.indices = tile.indices;
      for (unsigned axis = 0; axis < position.size(); ++axis) {
        OpFoldResult &index = point.indices[schedule.axes[axis].dim];
        int64_t step = schedule.axes[axis].vector ? schedule.lanes : 1;
        index = e.add(index, e.attr(position[axis] * step));
      }
      point.dim = schedule.vectorDim;
      point.lanes = schedule.lanes;
      point.mask = vectorMask(position);
      emitResult(point, sum);
    });
  }
}

//===----------------------------------------------------------------------===//
// Sums of lanes
//===----------------------------------------------------------------------===//

static SmallVector<int64_t> concat(ArrayRef<int64_t> x, ArrayRef<int64_t> y) {
  SmallVector<int64_t> result(x);
  llvm::append_range(result, y);
  return result;
}

/// A step of the transposing sum: x and y hold blocks of `block` lanes, each of
/// one accumulator. The halves of each block are added: the result holds the
/// blocks of x and those of y, half as wide. Where a block is wider than 128
/// bits, x's blocks come first, so that a shuffle moves 128-bit parts; else the
/// blocks alternate, so that it stays inside them.
static SmallVector<int64_t> halves(int64_t lanes, int64_t block, bool high,
                                   bool alternate) {
  int64_t half = block / 2;
  auto part = [&](int64_t vector, int64_t start) {
    SmallVector<int64_t> order;
    for (int64_t i = 0; i < half; ++i)
      order.push_back(vector * lanes + start + (high ? half : 0) + i);
    return order;
  };
  SmallVector<int64_t> order;
  if (alternate) {
    for (int64_t start = 0; start < lanes; start += block)
      order = concat(order, concat(part(0, start), part(1, start)));
    return order;
  }
  for (int64_t vector : {0, 1})
    for (int64_t start = 0; start < lanes; start += block)
      order = concat(order, part(vector, start));
  return order;
}

/// Which accumulator the lanes of the transposing sum of `count` vectors belong
/// to, when they enter in order.
static SmallVector<int64_t> transposedOrder(int64_t count, int64_t lanes,
                                            int64_t wide) {
  SmallVector<SmallVector<int64_t>> owners;
  for (int64_t i = 0; i < count; ++i)
    owners.push_back(SmallVector<int64_t>(lanes, i));
  for (int64_t block = lanes; owners.size() > 1; block /= 2) {
    SmallVector<SmallVector<int64_t>> next;
    for (size_t i = 0; i < owners.size(); i += 2) {
      SmallVector<int64_t> both = concat(owners[i], owners[i + 1]), merged;
      for (int64_t lane : halves(lanes, block, false, block <= wide))
        merged.push_back(both[lane]);
      next.push_back(merged);
    }
    owners = std::move(next);
  }
  SmallVector<int64_t> order;
  for (int64_t lane = 0; lane < lanes; lane += lanes / count)
    order.push_back(owners.front()[lane]);
  return order;
}

Value ContractEmitter::sumLanes(Values vectors) {
  int64_t lanes = schedule.lanes;
  int64_t count = llvm::PowerOf2Ceil(vectors.size());
  auto shuffle = [&](Value x, Value y, ArrayRef<int64_t> order) -> Value {
    return vector::ShuffleOp::create(e.b, e.loc, x, y, order);
  };
  if (count > lanes) {
    // More sums than lanes: two vectors of them.
    vectors.resize(count, vectors.back());
    Value low = sumLanes(Values(ArrayRef(vectors).take_front(count / 2)));
    Value high = sumLanes(Values(ArrayRef(vectors).drop_front(count / 2)));
    return shuffle(low, high, llvm::to_vector(llvm::seq<int64_t>(0, count)));
  }
  // Lanes without an accumulator repeat the last one's.
  int64_t wide = 128 / accumulator.getIntOrFloatBitWidth();
  Values ordered(count);
  for (auto [lane, owner] :
       llvm::enumerate(transposedOrder(count, lanes, wide)))
    ordered[owner] = vectors[std::min<size_t>(lane, vectors.size() - 1)];

  int64_t block = lanes;
  for (; ordered.size() > 1; block /= 2) {
    Values next;
    for (size_t i = 0; i < ordered.size(); i += 2) {
      Value x = ordered[i], y = ordered[i + 1];
      bool alternate = block <= wide;
      next.push_back(
          e.combine(scalar::Combiner::Add,
                    shuffle(x, y, halves(lanes, block, false, alternate)),
                    shuffle(x, y, halves(lanes, block, true, alternate))));
    }
    ordered = std::move(next);
  }
  // What is left of each block.
  Value sums = ordered.front();
  for (; block > 1; block /= 2) {
    SmallVector<int64_t> low, high;
    for (int64_t start = 0; start < lanes; start += block)
      for (int64_t i = 0; i < block / 2; ++i) {
        low.push_back(start + i);
        high.push_back(start + block / 2 + i);
      }
    lanes /= 2;
    sums = e.combine(scalar::Combiner::Add, shuffle(sums, sums, low),
                     shuffle(sums, sums, high));
  }
  return sums;
}

void ContractEmitter::emitInnerEpilogue(const Tile &tile, ValueRange sums) {
  ResultPoint point;
  point.indices = tile.indices;
  if (tile.parts.empty())
    return emitResult(point, e.combineLanes(scalar::Combiner::Add, sums[0]));

  // Results that are neighbours along the last axis leave together.
  unsigned last = tile.parts.size() - 1;
  int64_t width = tile.parts[last].positions;
  for (int64_t row = 0; row < int64_t(sums.size()) / width; ++row) {
    SmallVector<int64_t, 3> position = coordinates(tile, row * width);
    guarded(tile, position, last, [&] {
      for (unsigned axis = 0; axis < last; ++axis)
        point.indices[schedule.axes[axis].dim] = e.add(
            tile.indices[schedule.axes[axis].dim], e.attr(position[axis]));
      if (width == 1)
        return emitResult(point,
                          e.combineLanes(scalar::Combiner::Add, sums[row]));
      point.dim = schedule.axes[last].dim;
      point.lanes = llvm::PowerOf2Ceil(width);
      OpFoldResult rest = tile.parts[last].rest;
      point.mask = e.tailMask(rest ? e.min(rest, e.attr(width)) : e.attr(width),
                              point.lanes);
      emitResult(point,
                 sumLanes(llvm::to_vector(sums.slice(row * width, width))));
    });
  }
}
