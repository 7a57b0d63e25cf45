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
  return cast<RankedTensorType>(value.getType()).getShape();
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

IterationSpace graph::reductionSpace(Operation *op, ArrayRef<int64_t> dims,
                                     bool keepdim) {
  SpaceBuilder space(op);
  SmallVector<AffineExpr> point, result;
  AffineExpr position;
  for (auto [dim, size] : llvm::enumerate(shapeOf(op->getOperand(0)))) {
    bool reduced = llvm::is_contained(dims, static_cast<int64_t>(dim));
    point.push_back(space.dim(size, reduced));
    if (!reduced)
      result.push_back(point.back());
    else if (keepdim)
      result.push_back(space.constant(0));
    if (reduced)
      position = point.back();
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

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

/// A window for each element of `pooled`, its points being reduced. With
/// `scatters`, the result has the windows' points, else `pooled`'s elements.
static IterationSpace windowSpace(Operation *op, Value pooled, bool scatters,
                                  ArrayRef<int64_t> kernel,
                                  ArrayRef<int64_t> stride,
                                  ArrayRef<int64_t> dilation) {
  SpaceBuilder space(op);
  SmallVector<AffineExpr> point;
  for (int64_t size : shapeOf(pooled))
    point.push_back(space.dim(size));
  SmallVector<AffineExpr> window = point;
  AffineExpr position = space.constant(0);
  size_t lead = point.size() - kernel.size();
  for (auto [i, size] : llvm::enumerate(kernel)) {
    AffineExpr offset = space.dim(size, /*reduced=*/true);
    window[lead + i] = point[lead + i] * stride[i] + offset * dilation[i];
    position = position * size + offset;
  }
  if (scatters)
    return space.finish(window, {point, window}, position);
  return space.finish(point, {window});
}

static bool isZero(ArrayRef<int64_t> numbers) {
  return llvm::all_of(numbers, [](int64_t n) { return n == 0; });
}

FailureOr<IterationSpace> MaxPool2dOp::getIterationSpace() {
  if (!isZero(getPadding()) || getCeilMode())
    return failure();
  return windowSpace(*this, getResult(), /*scatters=*/false, getKernelSize(),
                     getStride(), getDilation());
}

Value MaxPool2dOp::emitPoint(PointBuilder &point) {
  return emitReduction(point, Combiner::Maximum);
}

FailureOr<IterationSpace> AvgPool2dOp::getIterationSpace() {
  if (!isZero(getPadding()) || getCeilMode())
    return failure();
  return windowSpace(*this, getResult(), /*scatters=*/false, getKernelSize(),
                     getStride(), SmallVector<int64_t>(2, 1));
}

Value AvgPool2dOp::emitPoint(PointBuilder &point) {
  OpBuilder &b = point.b;
  Value element = point.operand(0);
  Type type = element.getType(), wide = scalar::wideType(type);
  Value sum =
      point.combine(Combiner::Add, emitCast(b, point.loc, element, wide));
  int64_t count = getKernelSize()[0] * getKernelSize()[1];
  Value mean = emitDiv(b, point.loc, sum, splat(b, point.loc, wide, count));
  return emitCast(b, point.loc, mean, type);
}

/// The gradient is scattered to the windows' points, which must not overlap.
FailureOr<IterationSpace> MaxPool2dBackwardOp::getIterationSpace() {
  if (!isZero(getPadding()) || getCeilMode())
    return failure();
  for (auto [kernel, stride, dilation] :
       llvm::zip_equal(getKernelSize(), getStride(), getDilation()))
    if (stride < (kernel - 1) * dilation + 1 || (dilation != 1 && kernel != 1))
      return failure();
  return windowSpace(*this, getGradOutput(), /*scatters=*/true, getKernelSize(),
                     getStride(), getDilation());
}

/// The gradient goes to the first maximum of each window.
Value MaxPool2dBackwardOp::emitPoint(PointBuilder &point) {
  OpBuilder &b = point.b;
  Value gradient = point.operand(0), element = point.operand(1);
  Value maximum = point.combine(maximumOf(element.getType()), element);
  Value position = point.position(b.getI32Type());
  Value first = emitFirst(point, element, maximum, position);
  Value isFirst = emitCompare(b, point.loc, Compare::Eq, position, first);
  return emitSelect(b, point.loc, isFirst, gradient,
                    splat(b, point.loc, gradient.getType(), 0));
}

TypedAttr MaxPool2dBackwardOp::getFill() {
  return scalar::elementAttr(getElementTypeOrSelf(getResult()), 0);
}

//===----------------------------------------------------------------------===//
// Creation
//===----------------------------------------------------------------------===//

Value FullOp::emitPoint(PointBuilder &point) {
  return splat(point.b, point.loc, getElementTypeOrSelf(getResult()),
               getValue().convertToDouble());
}

Value IotaOp::emitPoint(PointBuilder &point) {
  return point.index(getDim(), getElementTypeOrSelf(getResult()));
}
