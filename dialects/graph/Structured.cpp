//===- Structured.cpp - Ops as work on an iteration space -----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/GraphDialect.h"
#include "dialects/graph/ScalarBodies.h"
#include "dialects/scalar/ScalarDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::graph;
using tensorc::scalar::Combiner;

static ArrayRef<int64_t> shapeOf(Value value) {
  return scalar::rawSizesOf(cast<ShapedType>(value.getType()));
}

//===----------------------------------------------------------------------===//
// Spaces
//===----------------------------------------------------------------------===//

AffineExpr SpaceBuilder::dim(int64_t size, bool reduced) {
  space.sizes.push_back(size);
  // Combining one element is no reduction.
  space.reduced.push_back(reduced && size != 1);
  return getAffineDimExpr(space.sizes.size() - 1, context);
}

AffineExpr SpaceBuilder::constant(int64_t value) {
  return getAffineConstantExpr(value, context);
}

IterationSpace SpaceBuilder::finish(ArrayRef<AffineExpr> result,
                                    ArrayRef<SmallVector<AffineExpr>> operands,
                                    AffineExpr position) {
  auto map = [&](ArrayRef<AffineExpr> exprs) {
    return AffineMap::get(space.sizes.size(), 0, exprs, context);
  };
  space.result = map(result);
  for (ArrayRef<AffineExpr> operand : operands)
    space.operands.push_back(map(operand));
  if (position)
    space.position = map(position);
  return std::move(space);
}

IterationSpace graph::parallelSpace(Operation *op) {
  SpaceBuilder space(op);
  SmallVector<AffineExpr> point;
  for (int64_t size : shapeOf(op->getResult(0)))
    point.push_back(space.dim(size));
  return space.finish(
      point, SmallVector<SmallVector<AffineExpr>>(op->getNumOperands(), point));
}

/// The row-major number of `index` in a dimension behind those of `position`;
/// null where the size isn't known.
static AffineExpr numberIn(AffineExpr position, int64_t size,
                           AffineExpr index) {
  if (!position || position == 0)
    return position ? index : position;
  return scalar::isNumber(size) ? position * size + index : AffineExpr();
}

IterationSpace graph::reductionSpace(Operation *op, ArrayRef<int64_t> dims,
                                     bool keepdim) {
  SpaceBuilder space(op);
  SmallVector<AffineExpr> point, result;
  AffineExpr position = space.constant(0);
  for (auto [dim, size] : llvm::enumerate(shapeOf(op->getOperand(0)))) {
    bool reduced = llvm::is_contained(dims, static_cast<int64_t>(dim));
    point.push_back(space.dim(size, reduced));
    if (!reduced)
      result.push_back(point.back());
    else if (keepdim)
      result.push_back(space.constant(0));
    if (reduced)
      position = numberIn(position, size, point.back());
  }
  return space.finish(result, {point}, position);
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

static Combiner maximumOf(Type type) {
  return type.isUnsignedInteger() ? Combiner::UMaximum : Combiner::Maximum;
}
static Combiner minimumOf(Type type) {
  return type.isUnsignedInteger() ? Combiner::UMinimum : Combiner::Minimum;
}

Value graph::emitReduction(PointBuilder &point, Combiner combiner) {
  Value element = point.operand(0);
  Type type = element.getType(), wide = type;
  if (combiner == Combiner::Add || combiner == Combiner::Mul)
    wide = scalar::wideType(type);
  else if (combiner == Combiner::Maximum)
    combiner = maximumOf(type);
  else if (combiner == Combiner::Minimum)
    combiner = minimumOf(type);
  Value combined =
      point.combine(combiner, emitCast(point.b, point.loc, element, wide));
  return emitCast(point.b, point.loc, combined, type);
}

/// The least position at which `element` is the `maximum`; NaN is greater than
/// everything.
static Value emitFirst(PointBuilder &point, Value element, Value maximum,
                       Value position) {
  OpBuilder &b = point.b;
  Location loc = point.loc;
  Value hit;
  if (isa<FloatType>(element.getType())) {
    Value equal = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OEQ,
                                        element, maximum);
    hit = arith::OrIOp::create(b, loc, equal, emitIsNan(b, loc, element));
  } else {
    hit = emitCompare(b, loc, Compare::Eq, element, maximum);
  }
  Type type = position.getType();
  Value beyond = arith::ConstantOp::create(
      b, loc,
      IntegerAttr::get(type,
                       APInt::getSignedMaxValue(type.getIntOrFloatBitWidth())));
  return point.combine(Combiner::Minimum,
                       emitSelect(b, loc, hit, position, beyond));
}

FailureOr<IterationSpace> ArgmaxOp::getIterationSpace() {
  return reductionSpace(*this, {static_cast<int64_t>(getDim())}, getKeepdim());
}

Value ArgmaxOp::emitPoint(PointBuilder &point) {
  Value element = point.operand(0);
  Value maximum = point.combine(maximumOf(element.getType()), element);
  return emitFirst(point, element, maximum,
                   point.position(point.b.getI64Type()));
}

/// Over several dimensions, their sizes are in the place's number.
FailureOr<IterationSpace> FirstMaxOp::getIterationSpace() {
  IterationSpace space = reductionSpace(*this, getDims(), getKeepdim());
  if (!space.position)
    return failure();
  return space;
}

Value FirstMaxOp::emitPoint(PointBuilder &point) {
  Value element = point.operand(0);
  Value maximum = point.combine(maximumOf(element.getType()), element);
  return emitFirst(point, element, maximum,
                   point.position(point.b.getI32Type()));
}

/// The points of `self`, some of whose dimensions the gradient doesn't have.
/// What numbers the places doesn't matter, so that sizes are taken to be their
/// greatest, and less than 1024 where nothing is known, in eager kernels.
FailureOr<IterationSpace> FirstMaxBackwardOp::getIterationSpace() {
  SpaceBuilder space(*this);
  SmallVector<AffineExpr> point, kept;
  AffineExpr position = space.constant(0);
  for (auto [dim, size] : llvm::enumerate(shapeOf(getSelf()))) {
    bool reduced = llvm::is_contained(getDims(), static_cast<int64_t>(dim));
    point.push_back(space.dim(size, reduced));
    if (reduced)
      position = numberIn(
          position, ShapedType::isDynamic(size) ? 1024 : SymInt(size).max(),
          point.back());
    else
      kept.push_back(point.back());
  }
  return space.finish(point, {kept, point}, position);
}

Value FirstMaxBackwardOp::emitPoint(PointBuilder &point) {
  OpBuilder &b = point.b;
  Value gradient = point.operand(0), element = point.operand(1);
  Value maximum = point.combine(maximumOf(element.getType()), element);
  Value position = point.position(b.getI32Type());
  Value first = emitFirst(point, element, maximum, position);
  Value isFirst = emitCompare(b, point.loc, Compare::Eq, position, first);
  return emitSelect(b, point.loc, isFirst, gradient,
                    splat(b, point.loc, gradient.getType(), 0));
}

//===----------------------------------------------------------------------===//
// Creation
//===----------------------------------------------------------------------===//

Value FullOp::emitPoint(PointBuilder &point) {
  return splat(point.b, point.loc, getElementTypeOrSelf(getResult()),
               getValue().convertToDouble());
}

Value SizeValueOp::emitPoint(PointBuilder &point) {
  return point.size(getSize()[0]);
}

Value IotaOp::emitPoint(PointBuilder &point) {
  return point.index(getDim(), getElementTypeOrSelf(getResult()));
}
