//===- Pad.cpp - Rows of fills and copies ---------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/cpu/Emission.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::cpu;

/// Rows of up to this many vectors are unrolled, with constant masks.
static constexpr int64_t maxUnrolledVectors = 8;
static constexpr int64_t fewestTaskIterations = 64;

namespace {
class PadEmitter {
public:
  PadEmitter(Emission &e, kernel::PadOp op)
      : e(e), op(op), input(e.operands[0]), output(e.operands[1]),
        rank(e.sizes.size()) {
    Type type = e.computeType(input.elementType);
    lanes = std::min<int64_t>(
        e.target.lanes(std::max(8u, type.getIntOrFloatBitWidth())), 32);
    scalar = arith::ConstantOp::create(e.b, e.loc,
                                       scalar::computeAttr(op.getValue()));
    fill = e.broadcast(scalar, lanes);
  }

  void run();

private:
  /// The part of an axis that comes from the input.
  struct Span {
    OpFoldResult firstInput; ///< input index of its first element
    OpFoldResult begin, end; ///< where it lies in the output
  };
  int64_t stepOf(unsigned axis) { return op.getInterior()[axis] + 1; }
  Span spanOf(unsigned axis);

  void emitRow(OpFoldResult inputBase, OpFoldResult outputBase, Value inside);
  void fillRange(OpFoldResult base, OpFoldResult begin, OpFoldResult end);
  void copyRange(OpFoldResult inputBase, OpFoldResult outputBase,
                 OpFoldResult count, int64_t step);
  bool unrollRow(OpFoldResult inputBase, OpFoldResult outputBase);
  /// A loop over vectors of [0, count), and a masked rest.
  void forVectors(OpFoldResult count,
                  function_ref<void(OpFoldResult, Value)> body);

  Emission &e;
  kernel::PadOp op;
  const LinearAccess &input, &output;
  unsigned rank;
  int64_t lanes;
  Value scalar, fill;
};
} // namespace

PadEmitter::Span PadEmitter::spanOf(unsigned axis) {
  int64_t low = op.getLow()[axis], step = stepOf(axis);
  int64_t first = low < 0 ? llvm::divideCeil(-low, step) : 0;
  Span span;
  span.firstInput = e.attr(first);
  span.begin = e.attr(low + first * step);
  // One past the last input element's place, at most the output's end.
  OpFoldResult end =
      e.add(e.mul(e.sub(input.extents[axis], e.attr(1)), e.attr(step)),
            e.attr(low + 1));
  span.end = e.min(end, e.sizes[axis]);
  return span;
}

void PadEmitter::forVectors(OpFoldResult count,
                            function_ref<void(OpFoldResult, Value)> body) {
  OpFoldResult tail = e.rem(count, e.attr(lanes));
  OpFoldResult whole = e.sub(count, tail);
  e.forLoop(e.attr(0), whole, lanes,
            [&](OpFoldResult first) { body(first, {}); });
  if (isConstant(tail, 0))
    return;
  auto rest = [&] { body(whole, e.tailMask(tail, lanes)); };
  if (constantOf(tail))
    return rest();
  e.ifThen(arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::ne,
                                 e.value(tail), e.index(0)),
           rest);
}

void PadEmitter::fillRange(OpFoldResult base, OpFoldResult begin,
                           OpFoldResult end) {
  base = e.add(base, e.mul(begin, output.strides.back()));
  forVectors(
      e.atLeastZero(e.sub(end, begin)), [&](OpFoldResult first, Value mask) {
        e.storeVector(output, e.add(base, e.mul(first, output.strides.back())),
                      output.strides.back(), fill, mask);
      });
}

/// `count` elements to places `step` apart.
void PadEmitter::copyRange(OpFoldResult inputBase, OpFoldResult outputBase,
                           OpFoldResult count, int64_t step) {
  OpFoldResult from = input.strides.back();
  OpFoldResult to = e.mul(output.strides.back(), e.attr(step));
  forVectors(count, [&](OpFoldResult first, Value mask) {
    Value vector = e.loadVector(input, e.add(inputBase, e.mul(first, from)),
                                from, lanes, mask);
    e.storeVector(output, e.add(outputBase, e.mul(first, to)), to, vector,
                  mask);
  });
}

/// A short row of static size: each vector is one load whose mask leaves the
/// padding in.
bool PadEmitter::unrollRow(OpFoldResult inputBase, OpFoldResult outputBase) {
  unsigned axis = rank - 1;
  auto width = constantOf(e.sizes[axis]);
  auto count = constantOf(input.extents[axis]);
  int64_t low = op.getLow()[axis];
  if (!width || !count || stepOf(axis) != 1 ||
      *width > maxUnrolledVectors * lanes ||
      !isConstant(input.strides.back(), 1) ||
      !isConstant(output.strides.back(), 1))
    return false;
  for (int64_t first = 0; first < *width; first += lanes) {
    SmallVector<bool> bits;
    for (int64_t p = first; p < first + lanes; ++p)
      bits.push_back(p >= low && p - low < *count && p < *width);
    Value vector = fill;
    if (llvm::is_contained(bits, true)) {
      Value mask;
      if (llvm::is_contained(bits, false))
        mask = arith::ConstantOp::create(
            e.b, e.loc,
            DenseElementsAttr::get(VectorType::get(lanes, e.b.getI1Type()),
                                   bits));
      vector = e.loadVector(input, e.add(inputBase, e.attr(first - low)),
                            e.attr(1), lanes, mask, fill);
    }
    e.storeVector(output, e.add(outputBase, e.attr(first)), e.attr(1), vector,
                  e.tailMask(e.attr(*width - first), lanes));
  }
  return true;
}

/// One row of the output; `inside` (null: true) says if it has input in it.
void PadEmitter::emitRow(OpFoldResult inputBase, OpFoldResult outputBase,
                         Value inside) {
  unsigned axis = rank - 1;
  auto copy = [&] {
    if (unrollRow(inputBase, outputBase))
      return;
    Span span = spanOf(axis);
    int64_t step = stepOf(axis);
    OpFoldResult begin = e.min(span.begin, e.sizes[axis]);
    OpFoldResult count = e.ceilDiv(e.atLeastZero(e.sub(span.end, begin)), step);
    if (step == 1) {
      fillRange(outputBase, e.attr(0), begin);
      fillRange(outputBase, e.add(begin, count), e.sizes[axis]);
    } else {
      fillRange(outputBase, e.attr(0), e.sizes[axis]);
    }
    copyRange(e.add(inputBase, e.mul(span.firstInput, input.strides.back())),
              e.add(outputBase, e.mul(begin, output.strides.back())), count,
              step);
  };
  if (!inside)
    return copy();
  auto branch = scf::IfOp::create(e.b, e.loc, inside, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(e.b);
  e.b.setInsertionPointToStart(branch.thenBlock());
  copy();
  e.b.setInsertionPointToStart(branch.elseBlock());
  fillRange(outputBase, e.attr(0), e.sizes[axis]);
}

void PadEmitter::run() {
  if (rank == 0) {
    e.forTask(e.attr(1), [&](OpFoldResult) {
      e.storeScalar(output, output.offset, e.loadScalar(input, input.offset));
    });
    return;
  }
  auto axes = ArrayRef(e.sizes).drop_back();
  unsigned taskAxes = 0;
  for (int64_t iterations = 1;
       taskAxes < axes.size() &&
       iterations < std::max(e.expectedTasks, fewestTaskIterations);)
    iterations *= constantOf(axes[taskAxes++]).value_or(1);
  auto taskExtents = axes.take_front(taskAxes);
  e.forTask(e.product(taskExtents), [&](OpFoldResult linear) {
    auto position = e.delinearize(linear, taskExtents);
    e.forNest(
        axes.drop_front(taskAxes), {},
        [&](ArrayRef<OpFoldResult> ivs, ValueRange) {
          auto indices = position;
          indices.append(ivs.begin(), ivs.end());
          OpFoldResult inputBase = input.offset, outputBase = output.offset;
          Value inside;
          auto require = [&](Value condition) {
            inside = inside
                         ? arith::AndIOp::create(e.b, e.loc, inside, condition)
                               .getResult()
                         : condition;
          };
          for (unsigned axis = 0; axis + 1 < rank; ++axis) {
            int64_t low = op.getLow()[axis], step = stepOf(axis);
            OpFoldResult distance = e.sub(indices[axis], e.attr(low));
            Span span = spanOf(axis);
            bool always = low <= 0 && step == 1 && constantOf(span.end) &&
                          constantOf(span.end) == constantOf(e.sizes[axis]);
            // Unsigned: what lies before `low` is large.
            OpFoldResult reach = e.atLeastZero(e.add(
                e.mul(e.sub(input.extents[axis], e.attr(1)), e.attr(step)),
                e.attr(1)));
            if (!always)
              require(arith::CmpIOp::create(e.b, e.loc,
                                            arith::CmpIPredicate::ult,
                                            e.value(distance), e.value(reach)));
            if (step != 1)
              require(arith::CmpIOp::create(
                  e.b, e.loc, arith::CmpIPredicate::eq,
                  e.value(e.rem(distance, e.attr(step))), e.index(0)));
            inputBase = e.add(inputBase, e.mul(e.div(distance, e.attr(step)),
                                               input.strides[axis]));
            outputBase =
                e.add(outputBase, e.mul(indices[axis], output.strides[axis]));
          }
          emitRow(inputBase, outputBase, inside);
          return SmallVector<Value>();
        });
  });
}

LogicalResult cpu::emitPad(Emission &e, kernel::PadOp op) {
  if (llvm::any_of(e.sizes,
                   [](OpFoldResult size) { return isConstant(size, 0); }))
    return success();
  PadEmitter(e, op).run();
  return success();
}
