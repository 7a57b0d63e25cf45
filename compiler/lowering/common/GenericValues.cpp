//===- GenericValues.cpp - When a body's values are computed --------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/common/GenericValues.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::lowering;

GenericValues::GenericValues(Emission &e, kernel::GenericOp op,
                             ArrayRef<unsigned> reduction,
                             std::optional<unsigned> rowDim) {
  classify(e, op, reduction, rowDim);
  findNeeds(op);
}

Level GenericValues::levelOf(Operation *op) const {
  Level level = Level::Outer;
  for (Value operand : op->getOperands())
    level = std::max(level, levelOf(operand));
  return level;
}

int GenericValues::stageOf(Operation *op) const {
  int stage = 0;
  for (Value operand : op->getOperands())
    stage = std::max(stage, stageOf(operand));
  return stage;
}

void GenericValues::classify(Emission &e, kernel::GenericOp op,
                             ArrayRef<unsigned> reduction,
                             std::optional<unsigned> rowDim) {
  auto levelOfDims = [&](auto usesDim) {
    if (llvm::any_of(reduction, usesDim))
      return Level::Point;
    return rowDim && usesDim(*rowDim) ? Level::Row : Level::Outer;
  };
  Block &body = op.getBody().front();
  for (BlockArgument argument : body.getArguments()) {
    const LinearAccess &access = e.operands[argument.getArgNumber()];
    info[argument].level = levelOfDims(
        [&](unsigned dim) { return !isConstant(access.strides[dim], 0); });
  }
  for (Operation &inner : body.without_terminator()) {
    if (auto reduce = dyn_cast<kernel::ReduceOp>(inner)) {
      int pass = stageOf(reduce.getValue());
      info[reduce.getResult()] = {Level::Row, pass + 1};
      if (static_cast<int>(reductions.size()) <= pass)
        reductions.resize(pass + 1);
      reductions[pass].push_back(reduce);
      continue;
    }
    Info result{levelOf(&inner), stageOf(&inner)};
    if (auto index = dyn_cast<kernel::IndexOp>(inner))
      result.level =
          levelOfDims([&](unsigned dim) { return dim == index.getDim(); });
    // What a reduction gave is a row's, wherever it came from.
    if (result.stage > 0)
      result.level = std::max(result.level, Level::Row);
    for (Value value : inner.getResults())
      info[value] = result;
  }
}

void GenericValues::findNeeds(kernel::GenericOp op) {
  Block &body = op.getBody().front();
  int passes = static_cast<int>(reductions.size());
  auto maps = op.getIndexingMapsArray();
  for (auto [i, value] : llvm::enumerate(body.getTerminator()->getOperands())) {
    // An output without reduction dimensions takes a row value. One with them
    // is stored at each point, even if what it stores is the row's.
    AffineMap map = maps[op.getInputs().size() + i];
    bool isPoint = llvm::any_of(op.getReductionDims(), [&](int64_t dim) {
      return map.isFunctionOfDim(dim);
    });
    pointOutputs.push_back(isPoint);
    if (isPoint)
      passes = std::max(passes, stageOf(value) + 1);
  }
  for (Operation &inner : body)
    if (isa<scalar::CheckOp>(inner) && levelOf(&inner) == Level::Point)
      passes = std::max(passes, stageOf(&inner) + 1);

  needed.resize(passes);
  for (int pass = 0; pass < passes; ++pass) {
    DenseSet<Value> &set = needed[pass];
    if (pass < static_cast<int>(reductions.size()))
      for (kernel::ReduceOp reduce : reductions[pass])
        set.insert(reduce.getValue());
    if (pass + 1 == passes)
      for (auto [i, value] :
           llvm::enumerate(body.getTerminator()->getOperands()))
        if (pointOutputs[i])
          set.insert(value);
    for (Operation &inner : llvm::reverse(body)) {
      bool isCheck = isa<scalar::CheckOp>(inner) &&
                     levelOf(&inner) == Level::Point && stageOf(&inner) == pass;
      bool isUsed = llvm::any_of(inner.getResults(), [&](Value result) {
        return set.contains(result) && levelOf(result) == Level::Point;
      });
      if (isCheck || isUsed)
        set.insert_range(inner.getOperands());
    }
  }
}
