//===- Emission.cpp - Tasks, arguments and
// status-----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/cpu/Emission.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::cpu;

Value Emission::bind(unsigned position, Type storage) {
  return kernel::BindingOp::create(
      b, loc, MemRefType::get({ShapedType::kDynamic}, storage), buffersArgument,
      position);
}

Value Emission::dynamicSize(unsigned position) {
  return kernel::SizeOp::create(b, loc, b.getIndexType(), sizesArgument,
                                position);
}

void Emission::fail(Value violated, int32_t code) {
  if (isa<VectorType>(violated.getType()))
    violated = vector::ReductionOp::create(b, loc, vector::CombiningKind::OR,
                                           violated);
  Value zero = index(0);
  Value before = memref::LoadOp::create(b, loc, status, ValueRange{zero});
  Value isFirst =
      arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, before,
                            arith::ConstantIntOp::create(b, loc, 0, 32));
  Value fails = arith::AndIOp::create(b, loc, violated, isFirst);
  Value after = arith::SelectOp::create(
      b, loc, fails, arith::ConstantIntOp::create(b, loc, code, 32), before);
  memref::StoreOp::create(b, loc, after, status, ValueRange{zero});
}

std::pair<OpFoldResult, OpFoldResult> Emission::taskShare(OpFoldResult extent) {
  OpFoldResult begin = div(mul(extent, task), taskCount);
  OpFoldResult end = div(mul(extent, add(task, attr(1))), taskCount);
  return {begin, end};
}

void Emission::forTask(OpFoldResult extent,
                       function_ref<void(OpFoldResult)> body) {
  if (isConstant(extent, 0))
    return;
  auto [begin, end] = taskShare(extent);
  forLoop(begin, end, 1, body);
}
