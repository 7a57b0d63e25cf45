//===- Generic.cpp - Elementwise work, reductions and pooling -------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/cpu/GenericEmitter.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::cpu;

//===----------------------------------------------------------------------===//
// Loops over rows
//===----------------------------------------------------------------------===//

void GenericEmitter::run() {
  if (s.empty)
    return;
  SmallVector<OpFoldResult> extents;
  for (unsigned dim : ArrayRef(s.outer).take_front(s.taskDims))
    extents.push_back(e.sizes[dim]);
  auto rest = ArrayRef(s.outer).drop_front(s.taskDims);
  OpFoldResult blocks;
  if (s.block)
    blocks = e.ceilDiv(e.sizes[*s.vectorDim], s.block);
  bool tasksShareBlocks = s.block && rest.empty();
  if (tasksShareBlocks)
    extents.push_back(blocks);
  SmallVector<OpFoldResult> restExtents;
  for (unsigned dim : rest)
    restExtents.push_back(e.sizes[dim]);

  e.forTask(e.product(extents), [&](OpFoldResult linear) {
    SmallVector<OpFoldResult> position = e.delinearize(linear, extents);
    for (unsigned i = 0; i < s.taskDims; ++i)
      indices[s.outer[i]] = position[i];
    e.forNest(restExtents, {}, [&](ArrayRef<OpFoldResult> ivs, ValueRange) {
      for (auto [dim, iv] : llvm::zip_equal(rest, ivs))
        indices[dim] = iv;
      bases.clear();
      for (const LinearAccess &access : e.operands)
        bases.push_back(e.linearIndex(access, indices));
      if (s.block && !tasksShareBlocks)
        e.forLoop(e.attr(0), blocks, 1,
                  [&](OpFoldResult block) { emitInner(block); });
      else
        emitInner(tasksShareBlocks ? position.back() : e.attr(0));
      return SmallVector<Value>();
    });
  });
}

void GenericEmitter::emitInner(OpFoldResult block) {
  outerValues.clear();
  Rows none;
  for (BlockArgument argument : body.getArguments())
    if (values.levelOf(argument) == Level::Outer)
      outerValues[argument] = load(argument, none, nullptr);
  for (Operation &inner : body.without_terminator())
    if (!isa<kernel::ReduceOp>(inner) &&
        (inner.getNumResults() ? values.levelOf(inner.getResult(0))
                               : values.levelOf(&inner)) == Level::Outer)
      emitOp(inner, none, nullptr, outerValues);
  if (!lanesAreRows())
    return emitGroup({Rows()});

  OpFoldResult begin = e.attr(0), size = e.sizes[*s.vectorDim];
  if (s.block) {
    begin = e.mul(block, e.attr(s.block));
    size = e.min(e.sub(size, begin), e.attr(s.block));
  }
  auto group = [&](OpFoldResult first, int64_t count, Value mask) {
    SmallVector<Rows> rows(count);
    for (int64_t i = 0; i < count; ++i)
      rows[i].first = e.add(first, e.attr(i * s.lanes));
    rows.back().mask = mask;
    return rows;
  };
  OpFoldResult end = e.add(begin, size);
  auto emitMasked = [&](OpFoldResult from) {
    e.forLoop(from, end, s.lanes, [&](OpFoldResult first) {
      emitGroup(group(first, 1, e.tailMask(e.sub(end, first), s.lanes)));
    });
  };
  // NEON has no loads with a mask: they are a branch for each lane.
  bool isUnknown = !constantOf(size), masksLoads = e.target.vectorBytes > 16;
  if (isUnknown && masksLoads && s.isLong)
    return emitMasked(begin);
  int64_t step = s.lanes * s.unroll;
  OpFoldResult whole = e.sub(size, e.rem(size, e.attr(step)));
  e.forLoop(begin, e.add(begin, whole), step,
            [&](OpFoldResult first) { emitGroup(group(first, s.unroll, {})); });
  if (isUnknown && e.hasMaskRegisters)
    return emitMasked(e.add(begin, whole));
  OpFoldResult rest = e.sub(size, whole);
  OpFoldResult first = e.add(begin, whole);
  if (auto known = constantOf(rest)) {
    int64_t count = llvm::divideCeil(*known, s.lanes);
    if (count > 0)
      emitGroup(
          group(first, count,
                e.tailMask(e.attr(*known - (count - 1) * s.lanes), s.lanes)));
    return;
  }
  // Vectors one by one, then what is left of one.
  OpFoldResult tail = e.rem(rest, e.attr(s.lanes));
  if (s.unroll > 1) {
    OpFoldResult stop = e.add(first, e.sub(rest, tail));
    e.forLoop(first, stop, s.lanes,
              [&](OpFoldResult one) { emitGroup(group(one, 1, {})); });
    first = stop;
  }
  auto total = constantOf(e.sizes[*s.vectorDim]);
  if (total && *total % s.lanes == 0)
    return;
  Value hasTail = arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::ne,
                                        e.value(tail), e.index(0));
  e.ifThen(hasTail,
           [&] { emitGroup(group(first, 1, e.tailMask(tail, s.lanes))); });
}

void GenericEmitter::emitGroup(SmallVector<Rows> group) {
  for (Rows &rows : group) {
    for (BlockArgument argument : body.getArguments())
      if (values.levelOf(argument) == Level::Row)
        rows.values[argument] = load(argument, rows, nullptr);
    emitRowOps(rows, 0);
    // Without passes nothing is left to wait for: stores follow the loads.
    if (values.passes() == 0)
      storeRows(rows);
  }
  if (values.passes() == 0)
    return;
  SmallVector<Points> points;
  for (int pass = 0; pass < values.passes(); ++pass) {
    if (s.unrollRow)
      unrollPass(pass, group, points);
    else
      emitPass(pass, group);
    for (Rows &rows : group)
      emitRowOps(rows, pass + 1);
  }
  for (Rows &rows : group)
    storeRows(rows);
}

//===----------------------------------------------------------------------===//
// Passes over the points of rows
//===----------------------------------------------------------------------===//

/// A pass whose points are unrolled; the values computed at them stay.
void GenericEmitter::unrollPass(int pass, SmallVectorImpl<Rows> &group,
                                SmallVectorImpl<Points> &points) {
  Rows &rows = group.front();
  if (pass == 0) {
    SmallVector<OpFoldResult> extents;
    for (unsigned dim : s.reduction)
      extents.push_back(e.sizes[dim]);
    int64_t last = 0;
    if (s.vectorIsReduction) {
      last = *constantOf(extents.back());
      extents.back() = e.attr(llvm::divideCeil(last, s.lanes));
    }
    int64_t count = *constantOf(e.product(extents));
    points.resize(count);
    for (int64_t i = 0; i < count; ++i) {
      points[i].indices = e.delinearize(e.attr(i), extents);
      if (!s.vectorIsReduction)
        continue;
      int64_t first = *constantOf(points[i].indices.back()) * s.lanes;
      points[i].indices.back() = e.attr(first);
      points[i].mask = e.tailMask(e.attr(last - first), s.lanes);
    }
  }
  for (Points &point : points)
    emitPointOps(pass, rows, point);
  for (kernel::ReduceOp reduce : values.reductionsOf(pass)) {
    int64_t lanes = s.vectorDim ? s.lanes : 1;
    Type type = e.lifted(reduce.getType(), lanes);
    SmallVector<Value> terms;
    for (Points &point : points) {
      Value term = e.broadcast(lookup(reduce.getValue(), rows, &point), lanes);
      if (point.mask)
        term = arith::SelectOp::create(e.b, e.loc, point.mask, term,
                                       e.identity(reduce.getCombiner(), type));
      terms.push_back(term);
    }
    if (terms.empty())
      terms.push_back(e.identity(reduce.getCombiner(), type));
    for (; terms.size() > 1;) {
      SmallVector<Value> next;
      for (size_t i = 0; i + 1 < terms.size(); i += 2)
        next.push_back(e.combine(reduce.getCombiner(), terms[i], terms[i + 1]));
      if (terms.size() % 2)
        next.push_back(terms.back());
      terms = next;
    }
    rows.values[reduce.getResult()] =
        s.vectorIsReduction ? e.combineLanes(reduce.getCombiner(), terms[0])
                            : terms[0];
  }
  if (pass + 1 == values.passes())
    storePoints(rows, points);
}

void GenericEmitter::emitPass(int pass, SmallVectorImpl<Rows> &group) {
  SmallVector<Value> totals = s.vectorIsReduction
                                  ? loopPoints(pass, group.front())
                                  : loopRows(pass, group);
  size_t next = 0;
  for (kernel::ReduceOp reduce : values.reductionsOf(pass))
    for (Rows &rows : group)
      rows.values[reduce.getResult()] = totals[next++];
}

/// Lanes are rows: a loop over points, with an accumulator for each vector of
/// rows. Returns reductions × group.
SmallVector<Value> GenericEmitter::loopRows(int pass,
                                            SmallVectorImpl<Rows> &group) {
  SmallVector<Value> inits;
  SmallVector<scalar::Combiner> combiners;
  for (kernel::ReduceOp reduce : values.reductionsOf(pass)) {
    combiners.append(group.size(), reduce.getCombiner());
    inits.append(group.size(),
                 e.identity(reduce.getCombiner(),
                            e.lifted(reduce.getType(), rowLanes())));
  }
  SmallVector<OpFoldResult> extents;
  for (unsigned dim : s.reduction)
    extents.push_back(e.sizes[dim]);
  return e.sumNest(
      extents, combiners, e.attr(1), lowering::longestChain, inits,
      [&](ArrayRef<OpFoldResult> ivs, ValueRange carried, bool) {
        SmallVector<Value> next = llvm::to_vector(carried);
        for (auto [i, rows] : llvm::enumerate(group)) {
          Points point;
          point.indices = llvm::to_vector(ivs);
          emitPointOps(pass, rows, point);
          size_t slot = i;
          for (kernel::ReduceOp reduce : values.reductionsOf(pass)) {
            Value term = e.broadcast(lookup(reduce.getValue(), rows, &point),
                                     rowLanes());
            next[slot] = e.combine(reduce.getCombiner(), next[slot], term);
            slot += group.size();
          }
          if (pass + 1 == values.passes())
            storePoints(rows, point);
        }
        return next;
      });
}

/// Lanes are points: loops over vectors of them, with `unroll` accumulators for
/// each reduction. Returns the reductions' results, which are scalar.
SmallVector<Value> GenericEmitter::loopPoints(int pass, Rows &row) {
  auto reductions = values.reductionsOf(pass);
  SmallVector<Value> inits;
  SmallVector<scalar::Combiner> combiners;
  for (kernel::ReduceOp reduce : reductions) {
    combiners.append(s.unroll, reduce.getCombiner());
    inits.append(s.unroll, e.identity(reduce.getCombiner(),
                                      e.lifted(reduce.getType(), s.lanes)));
  }
  SmallVector<OpFoldResult> extents;
  for (unsigned dim : ArrayRef(s.reduction).drop_back())
    extents.push_back(e.sizes[dim]);
  OpFoldResult size = e.sizes[*s.vectorDim];
  int64_t step = s.lanes * s.unroll;
  OpFoldResult whole = e.sub(size, e.rem(size, e.attr(step)));
  OpFoldResult tail = e.rem(size, e.attr(s.lanes));
  OpFoldResult vectorsEnd = e.sub(size, tail);
  OpFoldResult terms = e.add(e.div(size, e.attr(step)), e.attr(1));

  auto totals = e.sumNest(
      extents, combiners, terms, lowering::longestChain, inits,
      [&](ArrayRef<OpFoldResult> ivs, ValueRange carried, bool isChain) {
        SmallVector<Value> next = llvm::to_vector(carried);
        auto visit = [&](OpFoldResult first, int64_t accumulator, Value mask) {
          Points points;
          points.indices = llvm::to_vector(ivs);
          points.indices.push_back(first);
          points.mask = mask;
          emitPointOps(pass, row, points);
          size_t slot = accumulator;
          for (kernel::ReduceOp reduce : reductions) {
            Value term =
                e.broadcast(lookup(reduce.getValue(), row, &points), s.lanes);
            Value sum = e.combine(reduce.getCombiner(), next[slot], term);
            next[slot] = mask ? arith::SelectOp::create(e.b, e.loc, mask, sum,
                                                        next[slot])
                                    .getResult()
                              : sum;
            slot += s.unroll;
          }
          if (pass + 1 == values.passes())
            storePoints(row, points);
        };
        auto visitWhole = [&](OpFoldResult first, ValueRange inner) {
          next = llvm::to_vector(inner);
          for (int64_t i = 0; i < s.unroll; ++i)
            visit(e.add(first, e.attr(i * s.lanes)), i, {});
          return next;
        };
        next = isChain ? e.forLoop(e.attr(0), whole, step, next, visitWhole)
                       : e.sumLoop(e.attr(0), whole, step, combiners,
                                   lowering::longestChain, next, visitWhole);
        if (constantOf(size)) {
          int64_t first = *constantOf(whole), end = *constantOf(vectorsEnd);
          int64_t accumulator = 0;
          for (; first < end; first += s.lanes)
            visit(e.attr(first), accumulator++ % s.unroll, {});
          if (!isConstant(tail, 0))
            visit(vectorsEnd, accumulator % s.unroll,
                  e.tailMask(tail, s.lanes));
          return next;
        }
        next = e.forLoop(whole, vectorsEnd, s.lanes, next,
                         [&](OpFoldResult first, ValueRange inner) {
                           next = llvm::to_vector(inner);
                           visit(first, 0, {});
                           return next;
                         });
        visit(vectorsEnd, 0, e.tailMask(tail, s.lanes));
        return next;
      });

  SmallVector<Value> results;
  for (size_t i = 0; i < reductions.size(); ++i) {
    kernel::ReduceOp reduce = reductions[i];
    Value total = totals[i * s.unroll];
    for (int64_t k = 1; k < s.unroll; ++k)
      total = e.combine(reduce.getCombiner(), total, totals[i * s.unroll + k]);
    results.push_back(e.combineLanes(reduce.getCombiner(), total));
  }
  return results;
}

//===----------------------------------------------------------------------===//
// Ops of the body
//===----------------------------------------------------------------------===//

Value GenericEmitter::lookup(Value original, Rows &rows, Points *points) {
  if (points)
    if (Value value = points->values.lookup(original))
      return value;
  if (Value value = rows.values.lookup(original))
    return value;
  return outerValues.lookup(original);
}

void GenericEmitter::emitOp(Operation &inner, Rows &rows, Points *points,
                            Values &results) {
  BodyPoint point;
  point.lanes = s.lanes;
  point.mask = points && points->mask ? points->mask : rows.mask;
  point.position = [&](int64_t dim) {
    auto inRow = llvm::find(s.reduction, dim);
    OpFoldResult first = indices[dim] ? indices[dim] : e.attr(0);
    if (inRow != s.reduction.end())
      first = points->indices[inRow - s.reduction.begin()];
    else if (lanesAreRows() && dim == *s.vectorDim)
      first = rows.first;
    return s.vectorDim == dim ? e.iota(first, s.lanes) : e.value(first);
  };
  SmallVector<Value> operands;
  for (Value operand : inner.getOperands())
    operands.push_back(lookup(operand, rows, points));
  for (auto [original, value] : llvm::zip_equal(
           inner.getResults(), e.emitBodyOp(inner, operands, point)))
    results[original] = value;
}

void GenericEmitter::emitRowOps(Rows &rows, int stage) {
  for (Operation &inner : body.without_terminator()) {
    if (isa<kernel::ReduceOp>(inner))
      continue;
    bool hasResults = inner.getNumResults() > 0;
    Level level = hasResults ? values.levelOf(inner.getResult(0))
                             : values.levelOf(&inner);
    if (level == Level::Row && values.stageOf(&inner) == stage)
      emitOp(inner, rows, nullptr, rows.values);
  }
}

void GenericEmitter::emitPointOps(int pass, Rows &rows, Points &points) {
  for (BlockArgument argument : body.getArguments())
    if (values.levelOf(argument) == Level::Point &&
        values.isNeeded(pass, argument) && !points.values.contains(argument))
      points.values[argument] = load(argument, rows, &points);
  for (Operation &inner : body.without_terminator()) {
    if (isa<kernel::ReduceOp>(inner))
      continue;
    if (isa<scalar::CheckOp>(inner)) {
      if (values.levelOf(&inner) == Level::Point &&
          values.stageOf(&inner) == pass)
        emitOp(inner, rows, &points, points.values);
      continue;
    }
    Value result = inner.getResult(0);
    if (values.levelOf(result) == Level::Point &&
        values.isNeeded(pass, result) && !points.values.contains(result))
      emitOp(inner, rows, &points, points.values);
  }
}

LogicalResult cpu::emitGeneric(Emission &e, kernel::GenericOp op) {
  GenericSchedule schedule = GenericSchedule::make(e, op);
  GenericEmitter(e, op, schedule).run();
  return success();
}
