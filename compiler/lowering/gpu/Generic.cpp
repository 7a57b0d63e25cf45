//===- Generic.cpp - Elementwise work, reductions and pooling -------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/common/GenericValues.h"
#include "compiler/lowering/gpu/GenericSchedule.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::simt;
using lowering::GenericValues;
using lowering::Level;

/// Up to this many elements of a row are unrolled in a thread, and read once
/// for all passes.
static constexpr int64_t maxUnrolledPoints = 16;
/// Points of a longer row whose loads are under way at once. Four leave the
/// columns of a 16384 × 4096 matrix waiting: 139 µs on an H100 instead of 92.
static constexpr int64_t loadsAtOnce = 16;

namespace {
using Values = DenseMap<Value, Value>;
/// Elements that were read already, by lane.
using Inputs = DenseMap<Value, SmallVector<Value>>;

/// Emits one thread's part. A thread handles one row, or a pack of rows, or
/// packs of a row's points; a lane is one of the pack.
class GenericEmitter {
public:
  GenericEmitter(Emission &e, kernel::GenericOp op, const GenericSchedule &s)
      : e(e), op(op), s(s), values(e, op, s.reduction, rowDim(s)),
        body(op.getBody().front()), inputs(op.getInputs().size()),
        indices(e.sizes.size(), e.attr(0)) {
    for (const LinearAccess &access : e.operands)
      packable.push_back(s.pack > 1 && e.isPackable(access, s.packDim, s.pack));
  }

  void run();

private:
  static std::optional<unsigned> rowDim(const GenericSchedule &s) {
    return s.pack > 1 && !s.packsReduction ? std::optional(s.packDim)
                                           : std::nullopt;
  }
  int64_t rowLanes() const { return s.packsReduction ? 1 : s.pack; }
  OpFoldResult sizeOf(unsigned dim) {
    return s.pack > 1 && dim == s.packDim ? e.div(e.sizes[dim], e.attr(s.pack))
                                          : e.sizes[dim];
  }
  SmallVector<OpFoldResult> extentsOf(ArrayRef<unsigned> dims) {
    return llvm::map_to_vector(dims, [&](unsigned dim) { return sizeOf(dim); });
  }
  void setIndices(ArrayRef<unsigned> dims, ArrayRef<OpFoldResult> position) {
    for (auto [dim, index] : llvm::zip_equal(dims, position))
      indices[dim] =
          s.pack > 1 && dim == s.packDim ? e.mul(index, e.attr(s.pack)) : index;
  }

  void emitRows();
  SmallVector<Value> emitPass(int pass);
  SmallVector<Value> emitPoint(int pass, ValueRange carried, Inputs *known);
  void shareTotals(int pass, MutableArrayRef<Value> totals);

  void emitOuterOps();
  void emitRowOps(int stage);
  void emitPointOps(int pass, Inputs *known);
  void emitOp(Operation &inner, int64_t lane, Values &results);
  Value lookup(Value original, int64_t lane);
  SmallVector<Value> load(BlockArgument argument, int64_t lanes);
  void store(unsigned output, Value yielded, int64_t lanes);
  void storeRows();
  void storePoints();

  Emission &e;
  kernel::GenericOp op;
  const GenericSchedule &s;
  GenericValues values;
  Block &body;
  unsigned inputs;
  SmallVector<bool> packable;
  /// The position of lane 0.
  SmallVector<OpFoldResult> indices;
  /// This thread's number among those of the row; null where it is alone.
  Value member;
  /// Whether the row is one, null for always: where threads share rows, those
  /// that have none repeat the last row, for the barriers' sake.
  Value isActive;
  Values outerValues;
  SmallVector<Values> rowValues, pointValues;
  /// By number of the point in an unrolled row.
  DenseMap<int64_t, Inputs> unrolledInputs;
};
} // namespace

void GenericEmitter::run() {
  e.setThreads(s.threads);
  if (s.empty)
    return e.forBlocks(e.attr(0), [](OpFoldResult) {});
  SmallVector<OpFoldResult> extents = extentsOf(s.parallel);
  OpFoldResult rows = e.product(extents);
  OpFoldResult thread = e.thread();
  OpFoldResult perBlock = e.attr(s.rowsPerBlock());
  e.forBlocks(e.ceilDiv(rows, s.rowsPerBlock()), [&](OpFoldResult block) {
    OpFoldResult mine = e.attr(0);
    member = {};
    if (s.team == 1)
      mine = thread;
    else if (s.columns)
      mine = e.rem(thread, perBlock);
    else if (s.team < s.threads)
      mine = e.div(thread, e.attr(s.team));
    if (s.team > 1)
      member = s.columns            ? e.value(e.div(thread, perBlock))
               : s.team < s.threads ? e.value(e.rem(thread, e.attr(s.team)))
                                    : e.thread();
    OpFoldResult row = e.add(e.mul(block, perBlock), mine);
    auto known = constantOf(rows);
    bool isWhole = known && *known % s.rowsPerBlock() == 0;
    isActive = isWhole ? Value() : e.below(row, rows);
    auto emitRow = [&] {
      setIndices(s.parallel, e.delinearize(row, extents));
      emitRows();
    };
    if (s.team == 1) {
      Value condition = isActive;
      isActive = {};
      return e.ifHolds(condition, emitRow);
    }
    if (isActive)
      row = e.min(row, e.sub(rows, e.attr(1)));
    emitRow();
  });
}

/// All of one row, or of a pack of rows.
void GenericEmitter::emitRows() {
  outerValues.clear();
  unrolledInputs.clear();
  rowValues.assign(rowLanes(), Values());
  pointValues.assign(s.pack, Values());
  emitOuterOps();
  for (BlockArgument argument : body.getArguments())
    if (values.levelOf(argument) == Level::Row)
      for (auto [lane, value] : llvm::enumerate(load(argument, rowLanes())))
        rowValues[lane][argument] = value;
  emitRowOps(0);
  for (int pass = 0; pass < values.passes(); ++pass) {
    SmallVector<Value> totals = emitPass(pass);
    shareTotals(pass, totals);
    size_t next = 0;
    for (kernel::ReduceOp reduce : values.reductionsOf(pass))
      for (Values &row : rowValues)
        row[reduce.getResult()] = totals[next++];
    emitRowOps(pass + 1);
  }
  storeRows();
}

/// One pass over this thread's points of the row; returns its part of the
/// reductions, × lanes where these are rows.
SmallVector<Value> GenericEmitter::emitPass(int pass) {
  SmallVector<Value> inits;
  SmallVector<scalar::Combiner> combiners;
  for (kernel::ReduceOp reduce : values.reductionsOf(pass)) {
    combiners.append(rowLanes(), reduce.getCombiner());
    inits.append(rowLanes(), e.identity(reduce.getCombiner(),
                                        e.computeType(reduce.getType())));
  }
  SmallVector<OpFoldResult> extents = extentsOf(s.reduction);
  OpFoldResult count = e.product(extents);
  auto known = constantOf(count);
  int64_t lanes = s.packsReduction ? s.pack : 1;
  if (known && *known % s.team == 0 &&
      *known / s.team * lanes <= maxUnrolledPoints) {
    for (int64_t i = 0; i < *known / s.team; ++i) {
      OpFoldResult point = e.attr(i * s.team);
      if (member)
        point = e.add(OpFoldResult(member), point);
      setIndices(s.reduction, e.delinearize(point, extents));
      inits = emitPoint(pass, inits, &unrolledInputs[i]);
    }
    return inits;
  }
  if (s.team == 1)
    return e.sumNest(
        extents, combiners, e.attr(lanes), lowering::longestChain, inits,
        [&](ArrayRef<OpFoldResult> position, ValueRange carried, bool) {
          setIndices(s.reduction, position);
          return emitPoint(pass, carried, nullptr);
        });
  // All threads have as many points, so that the loop's length is known.
  if (known && *known % s.team == 0)
    return e.sumLoop(e.attr(0), e.attr(*known / s.team), 1, combiners,
                     lowering::longestChain / lanes, inits,
                     [&](OpFoldResult number, ValueRange carried) {
                       OpFoldResult point = e.add(e.mul(number, e.attr(s.team)),
                                                  OpFoldResult(member));
                       setIndices(s.reduction, e.delinearize(point, extents));
                       e.unrollLoop(loadsAtOnce);
                       return emitPoint(pass, carried, nullptr);
                     });
  return e.sumLoop(OpFoldResult(member), count, s.team, combiners,
                   lowering::longestChain / lanes, inits,
                   [&](OpFoldResult point, ValueRange carried) {
                     setIndices(s.reduction, e.delinearize(point, extents));
                     return emitPoint(pass, carried, nullptr);
                   });
}

SmallVector<Value> GenericEmitter::emitPoint(int pass, ValueRange carried,
                                             Inputs *known) {
  pointValues.assign(s.pack, Values());
  emitPointOps(pass, known);
  SmallVector<Value> next = llvm::to_vector(carried);
  size_t slot = 0;
  for (kernel::ReduceOp reduce : values.reductionsOf(pass)) {
    for (int64_t lane = 0; lane < s.pack; ++lane) {
      Value &sum = next[slot + (s.packsReduction ? 0 : lane)];
      sum =
          e.combine(reduce.getCombiner(), sum, lookup(reduce.getValue(), lane));
    }
    slot += rowLanes();
  }
  if (pass + 1 == values.passes())
    storePoints();
  return next;
}

/// Combines what the threads of a row have.
void GenericEmitter::shareTotals(int pass, MutableArrayRef<Value> totals) {
  if (s.team == 1 || totals.empty())
    return;
  SmallVector<scalar::Combiner> combiners;
  for (kernel::ReduceOp reduce : values.reductionsOf(pass))
    combiners.append(rowLanes(), reduce.getCombiner());
  if (s.columns)
    return e.combineColumns(combiners, totals, s.rowsPerBlock());
  if (s.team == s.threads)
    return e.combineBlock(combiners, totals);
  for (auto [combiner, total] : llvm::zip_equal(combiners, totals))
    total = e.combineWarp(combiner, total, s.team);
}

//===----------------------------------------------------------------------===//
// Ops of the body
//===----------------------------------------------------------------------===//

Value GenericEmitter::lookup(Value original, int64_t lane) {
  if (Value value = pointValues[lane].lookup(original))
    return value;
  if (Value value = rowValues[s.packsReduction ? 0 : lane].lookup(original))
    return value;
  return outerValues.lookup(original);
}

void GenericEmitter::emitOp(Operation &inner, int64_t lane, Values &results) {
  BodyPoint point;
  point.position = [&](int64_t dim) {
    bool packs = s.pack > 1 && dim == s.packDim;
    return e.value(packs ? e.add(indices[dim], e.attr(lane)) : indices[dim]);
  };
  SmallVector<Value> operands;
  for (Value operand : inner.getOperands())
    operands.push_back(lookup(operand, lane));
  for (auto [original, value] : llvm::zip_equal(
           inner.getResults(), e.emitBodyOp(inner, operands, point)))
    results[original] = value;
}

void GenericEmitter::emitOuterOps() {
  for (BlockArgument argument : body.getArguments())
    if (values.levelOf(argument) == Level::Outer)
      outerValues[argument] = load(argument, 1).front();
  for (Operation &inner : body.without_terminator())
    if (!isa<kernel::ReduceOp>(inner) &&
        (inner.getNumResults() ? values.levelOf(inner.getResult(0))
                               : values.levelOf(&inner)) == Level::Outer)
      emitOp(inner, 0, outerValues);
}

void GenericEmitter::emitRowOps(int stage) {
  for (Operation &inner : body.without_terminator()) {
    if (isa<kernel::ReduceOp>(inner))
      continue;
    Level level = inner.getNumResults() ? values.levelOf(inner.getResult(0))
                                        : values.levelOf(&inner);
    if (level == Level::Row && values.stageOf(&inner) == stage)
      for (auto [lane, row] : llvm::enumerate(rowValues))
        emitOp(inner, lane, row);
  }
}

void GenericEmitter::emitPointOps(int pass, Inputs *known) {
  Inputs here;
  for (BlockArgument argument : body.getArguments()) {
    if (values.levelOf(argument) != Level::Point ||
        !values.isNeeded(pass, argument))
      continue;
    SmallVector<Value> &elements = (known ? *known : here)[argument];
    if (elements.empty())
      elements = load(argument, s.pack);
    for (auto [lane, value] : llvm::enumerate(elements))
      pointValues[lane][argument] = value;
  }
  for (Operation &inner : body.without_terminator()) {
    if (isa<kernel::ReduceOp>(inner))
      continue;
    bool isCheck = isa<scalar::CheckOp>(inner);
    if (isCheck ? values.levelOf(&inner) != Level::Point ||
                      values.stageOf(&inner) != pass
                : values.levelOf(inner.getResult(0)) != Level::Point ||
                      !values.isNeeded(pass, inner.getResult(0)))
      continue;
    for (auto [lane, point] : llvm::enumerate(pointValues))
      emitOp(inner, lane, point);
  }
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

SmallVector<Value> GenericEmitter::load(BlockArgument argument, int64_t lanes) {
  unsigned operand = argument.getArgNumber();
  const LinearAccess &access = e.operands[operand];
  OpFoldResult stride = lanes > 1 ? access.strides[s.packDim] : e.attr(0);
  return e.loadPack(access, e.linearIndex(access, indices), stride, lanes,
                    lanes > 1 && packable[operand]);
}

void GenericEmitter::store(unsigned output, Value yielded, int64_t lanes) {
  unsigned operand = inputs + output;
  const LinearAccess &access = e.operands[operand];
  OpFoldResult index = e.linearIndex(access, indices);
  OpFoldResult stride = lanes > 1 ? access.strides[s.packDim] : e.attr(0);
  SmallVector<Value> stored;
  for (int64_t lane = 0; lane < lanes; ++lane)
    stored.push_back(lookup(yielded, lane));
  e.ifHolds(isActive, [&] {
    e.storePack(access, index, stride, stored, lanes > 1 && packable[operand]);
  });
}

void GenericEmitter::storePoints() {
  for (auto [output, yielded] :
       llvm::enumerate(body.getTerminator()->getOperands()))
    if (values.isPointOutput(output))
      store(output, yielded, s.pack);
}

void GenericEmitter::storeRows() {
  auto yielded = body.getTerminator()->getOperands();
  bool hasRows = false;
  for (unsigned output = 0; output < yielded.size(); ++output)
    hasRows |= !values.isPointOutput(output);
  if (!hasRows)
    return;
  // One thread of the row.
  Value isFirst;
  if (member)
    isFirst = arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::eq,
                                    member, e.index(0));
  e.ifHolds(isFirst, [&] {
    for (auto [output, value] : llvm::enumerate(yielded))
      if (!values.isPointOutput(output))
        store(output, value, rowLanes());
  });
}

LogicalResult simt::emitGeneric(Emission &e, kernel::GenericOp op) {
  GenericSchedule schedule = GenericSchedule::make(e, op);
  GenericEmitter(e, op, schedule).run();
  return success();
}
