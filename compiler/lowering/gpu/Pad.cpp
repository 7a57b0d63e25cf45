//===- Pad.cpp - One thread for each element of the output ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/gpu/Emission.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::simt;

static constexpr int64_t padThreads = 256;

/// The value that surrounds the input, in the compute type.
static Value emitFill(Emission &e, kernel::PadOp op) {
  return arith::ConstantOp::create(e.b, e.loc,
                                   scalar::computeAttr(op.getValue()));
}

/// The input's index for the output's `position`; adds to `inside` whether it
/// has one.
static OpFoldResult emitSource(Emission &e, kernel::PadOp op, unsigned axis,
                               OpFoldResult position, Value &inside) {
  int64_t low = op.getLow()[axis], step = op.getInterior()[axis] + 1;
  OpFoldResult extent = e.operands[0].extents[axis];
  auto require = [&](arith::CmpIPredicate predicate, OpFoldResult x,
                     OpFoldResult y) {
    Value here =
        arith::CmpIOp::create(e.b, e.loc, predicate, e.value(x), e.value(y));
    inside = inside ? arith::AndIOp::create(e.b, e.loc, inside, here) : here;
  };
  OpFoldResult distance = e.sub(position, e.attr(low));
  bool always = low == 0 && step == 1 && constantOf(extent) &&
                constantOf(extent) == constantOf(e.sizes[axis]);
  // Unsigned: what lies before `low` is large.
  if (!always)
    require(arith::CmpIPredicate::ult, distance, e.mul(extent, e.attr(step)));
  if (step != 1)
    require(arith::CmpIPredicate::eq, e.rem(distance, e.attr(step)), e.attr(0));
  return e.div(distance, e.attr(step));
}

LogicalResult simt::emitPad(Emission &e, kernel::PadOp op) {
  const LinearAccess &input = e.operands[0], &output = e.operands[1];
  e.setThreads(padThreads);
  OpFoldResult elements = e.product(e.sizes);
  e.forBlocks(e.ceilDiv(elements, padThreads), [&](OpFoldResult block) {
    OpFoldResult element =
        e.add(e.mul(block, e.attr(padThreads)), OpFoldResult(e.thread()));
    e.ifHolds(e.below(element, elements), [&] {
      auto position = e.delinearize(element, e.sizes);
      OpFoldResult from = input.offset, to = output.offset;
      Value inside;
      for (unsigned axis = 0; axis < e.sizes.size(); ++axis) {
        OpFoldResult source = emitSource(e, op, axis, position[axis], inside);
        from = e.add(from, e.mul(source, input.strides[axis]));
        to = e.add(to, e.mul(position[axis], output.strides[axis]));
      }
      Value result;
      if (inside) {
        Type type = e.computeType(output.elementType);
        auto branch = scf::IfOp::create(e.b, e.loc, type, inside,
                                        /*withElseRegion=*/true);
        OpBuilder::InsertionGuard guard(e.b);
        e.b.setInsertionPointToStart(branch.thenBlock());
        scf::YieldOp::create(e.b, e.loc, e.loadScalar(input, from));
        e.b.setInsertionPointToStart(branch.elseBlock());
        scf::YieldOp::create(e.b, e.loc, emitFill(e, op));
        result = branch.getResult(0);
      } else {
        result = e.loadScalar(input, from);
      }
      e.storeScalar(output, to, result);
    });
  });
  return success();
}
