//===- Contract.cpp - Matmul and convolution ------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/gpu/ContractEmitter.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::simt;

LogicalResult simt::emitContract(Emission &e, kernel::ContractOp op) {
  Type accumulator = e.computeType(op.getBlock()->getArgument(0).getType());
  if (!accumulator.isIntOrFloat() || accumulator.isInteger(1))
    return op.emitOpError("has an accumulator of type ")
           << op.getBlock()->getArgument(0).getType()
           << ", expected an integer or floating-point type";
  ContractEmitter(e, op, ContractSchedule::make(e, op)).emit();
  return success();
}

ContractEmitter::ContractEmitter(Emission &e, kernel::ContractOp op,
                                 ContractSchedule schedule)
    : e(e), op(op), s(std::move(schedule)),
      accumulator(e.computeType(op.getBlock()->getArgument(0).getType())),
      extras(op.getExtras().size()) {
  auto extentOf = [&](ArrayRef<unsigned> dims) {
    return e.product(
        llvm::map_to_vector(dims, [&](unsigned dim) { return e.sizes[dim]; }));
  };
  batchSize = extentOf(s.batch);
  rowCount = extentOf(s.rows);
  columnCount = extentOf(s.columns);
  depth = extentOf(s.depth);
}

void ContractEmitter::emit() {
  e.setThreads(s.threads);
  if (s.tiled)
    emitTiles();
  else
    emitSums();
}

SmallVector<OpFoldResult> ContractEmitter::position(ArrayRef<unsigned> dims,
                                                    OpFoldResult linear) {
  return e.delinearize(linear, llvm::map_to_vector(dims, [&](unsigned dim) {
                         return e.sizes[dim];
                       }));
}

OpFoldResult ContractEmitter::offsetAlong(const LinearAccess &access,
                                          ArrayRef<unsigned> dims,
                                          OpFoldResult linear) {
  OpFoldResult offset = e.attr(0);
  for (auto [dim, index] : llvm::zip_equal(dims, position(dims, linear)))
    offset = e.add(offset, e.mul(index, access.strides[dim]));
  return offset;
}

Value ContractEmitter::toAccumulator(Value value, Type elementType) {
  Type from = value.getType();
  if (from == accumulator)
    return value;
  bool isUnsigned = scalar::isUnsigned(elementType);
  bool narrows =
      from.getIntOrFloatBitWidth() > accumulator.getIntOrFloatBitWidth();
  auto convert = [&](auto tag) -> Value {
    return decltype(tag)::create(e.b, e.loc, accumulator, value);
  };
  if (isa<FloatType>(accumulator)) {
    if (isa<FloatType>(from))
      return narrows ? convert(arith::TruncFOp()) : convert(arith::ExtFOp());
    return isUnsigned ? convert(arith::UIToFPOp()) : convert(arith::SIToFPOp());
  }
  if (narrows)
    return convert(arith::TruncIOp());
  return isUnsigned ? convert(arith::ExtUIOp()) : convert(arith::ExtSIOp());
}

Value ContractEmitter::multiplyAdd(Value x, Value y, Value sum) {
  if (isa<FloatType>(accumulator))
    return math::FmaOp::create(e.b, e.loc, x, y, sum);
  return arith::AddIOp::create(e.b, e.loc, sum,
                               arith::MulIOp::create(e.b, e.loc, x, y));
}

//===----------------------------------------------------------------------===//
// From sums to the outputs
//===----------------------------------------------------------------------===//

void ContractEmitter::emitResults(ArrayRef<OpFoldResult> indices,
                                  std::optional<unsigned> dim,
                                  ValueRange sums) {
  int64_t count = sums.size();
  auto strideOf = [&](const LinearAccess &access) {
    return dim ? access.strides[*dim] : e.attr(0);
  };
  auto isPacked = [&](const LinearAccess &access) {
    return dim && e.isPackable(access, *dim, count);
  };
  SmallVector<SmallVector<Value>> arguments;
  for (Value sum : sums)
    arguments.push_back({sum});
  for (unsigned extra = 2; extra < 2 + extras; ++extra) {
    const LinearAccess &access = e.operands[extra];
    auto loaded = e.loadPack(access, e.linearIndex(access, indices),
                             strideOf(access), count, isPacked(access));
    for (auto [list, value] : llvm::zip_equal(arguments, loaded))
      list.push_back(value);
  }
  SmallVector<SmallVector<Value>> results(op.getOutputs().size());
  for (auto [lane, list] : llvm::enumerate(arguments)) {
    BodyPoint point;
    point.position = [&, lane = lane](int64_t asked) {
      OpFoldResult index = indices[asked];
      return e.value(dim == asked ? e.add(index, e.attr(lane)) : index);
    };
    for (auto [output, value] :
         llvm::enumerate(e.emitBody(*op.getBlock(), list, point)))
      results[output].push_back(value);
  }
  for (auto [output, values] : llvm::enumerate(results)) {
    const LinearAccess &access = e.operands[2 + extras + output];
    e.storePack(access, e.linearIndex(access, indices), strideOf(access),
                values, isPacked(access));
  }
}

//===----------------------------------------------------------------------===//
// A team of threads for each sum
//===----------------------------------------------------------------------===//

void ContractEmitter::emitSums() {
  int64_t perBlock = s.threads / s.team;
  OpFoldResult count = e.product({batchSize, rowCount, columnCount});
  e.forBlocks(e.ceilDiv(count, perBlock), [&](OpFoldResult block) {
    OpFoldResult thread = e.thread();
    OpFoldResult number =
        e.add(e.mul(block, e.attr(perBlock)), e.div(thread, e.attr(s.team)));
    Value member = e.value(e.rem(thread, e.attr(s.team)));
    if (perBlock == 1) {
      number = block;
      member = e.thread();
    }
    Value isActive = e.below(number, count);
    // Who has no sum repeats the last one, for the shuffles' sake.
    if (perBlock > 1)
      number = e.min(number, e.sub(count, e.attr(1)));
    else
      isActive = {};
    auto parts = e.delinearize(number, {batchSize, rowCount, columnCount});
    SmallVector<OpFoldResult> indices(e.sizes.size(), e.attr(0));
    auto set = [&](ArrayRef<unsigned> dims, OpFoldResult linear) {
      for (auto [dim, index] : llvm::zip_equal(dims, position(dims, linear)))
        indices[dim] = index;
    };
    set(s.batch, parts[0]);
    set(s.rows, parts[1]);
    set(s.columns, parts[2]);
    OpFoldResult bases[2];
    for (unsigned operand : {0, 1})
      bases[operand] = e.linearIndex(e.operands[operand], indices);

    Value zero = e.zero(accumulator);
    auto loop = scf::ForOp::create(e.b, e.loc, member, e.value(depth),
                                   e.index(s.team), ValueRange{zero});
    {
      OpBuilder::InsertionGuard guard(e.b);
      e.b.setInsertionPointToEnd(loop.getBody());
      OpFoldResult k(loop.getInductionVar());
      Value factors[2];
      for (unsigned operand : {0, 1}) {
        const LinearAccess &access = e.operands[operand];
        OpFoldResult index =
            e.add(bases[operand], offsetAlong(access, s.depth, k));
        factors[operand] =
            toAccumulator(e.loadScalar(access, index), access.elementType);
      }
      Value sum =
          multiplyAdd(factors[0], factors[1], loop.getRegionIterArgs().front());
      scf::YieldOp::create(e.b, e.loc, sum);
    }
    SmallVector<Value> sum{loop.getResult(0)};
    if (s.team == s.threads)
      e.combineBlock({scalar::Combiner::Add}, sum);
    else
      sum[0] = e.combineWarp(scalar::Combiner::Add, sum[0], s.team);
    Value isFirst = arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::eq,
                                          member, e.index(0));
    if (isActive)
      isFirst = arith::AndIOp::create(e.b, e.loc, isFirst, isActive);
    e.ifThen(isFirst, [&] { emitResults(indices, std::nullopt, sum); });
  });
}
