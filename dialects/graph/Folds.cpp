//===- Folds.cpp - Folds of single ops ----------------------- -*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/GraphDialect.h"
#include "dialects/graph/Patterns.h"

#include <cmath>
#include <numeric>

using namespace mlir;
using namespace tensorc::graph;

std::optional<double> tensorc::graph::uniformValue(Value tensor) {
  if (auto full = tensor.getDefiningOp<FullOp>()) {
    // What the elements hold, which is `value` rounded to their type.
    Type element = full.getResult().getType().getElementType();
    APFloat value = full.getValue();
    if (auto type = dyn_cast<FloatType>(element)) {
      bool loses;
      value.convert(type.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                    &loses);
      value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                    &loses);
      return value.convertToDouble();
    }
    double number = value.convertToDouble();
    if (element.isInteger(1))
      return number != 0;
    return number;
  }
  auto constant = tensor.getDefiningOp<ConstantOp>();
  auto elements =
      constant ? dyn_cast<DenseElementsAttr>(constant.getValue()) : nullptr;
  if (!elements || !elements.isSplat())
    return std::nullopt;
  Type element = elements.getElementType();
  if (isa<FloatType>(element)) {
    bool loses;
    APFloat value = elements.getSplatValue<APFloat>();
    value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &loses);
    return value.convertToDouble();
  }
  APInt value = elements.getSplatValue<APInt>();
  if (element.isInteger(1) || element.isUnsignedInteger())
    return value.roundToDouble(/*isSigned=*/false);
  if (value.getSignificantBits() > 53)
    return std::nullopt;
  return value.roundToDouble(/*isSigned=*/true);
}

/// Whether all elements of `tensor` are `value`, zeros by their sign too.
static bool isUniform(Value tensor, double value) {
  std::optional<double> uniform = uniformValue(tensor);
  return uniform && *uniform == value &&
         std::signbit(*uniform) == std::signbit(value);
}

static bool isFloat(Value tensor) {
  return isa<FloatType>(
      cast<RankedTensorType>(tensor.getType()).getElementType());
}

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

OpFoldResult SizeValueOp::fold(FoldAdaptor) {
  tensorc::SymInt size = getSize()[0];
  if (size.is_symbolic())
    return {};
  return DenseElementsAttr::get(getType(), int64_t(size));
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

OpFoldResult NegOp::fold(FoldAdaptor) {
  if (auto inner = getSelf().getDefiningOp<NegOp>())
    return inner.getSelf();
  return {};
}

OpFoldResult ReluOp::fold(FoldAdaptor) {
  if (getSelf().getDefiningOp<ReluOp>())
    return getSelf();
  return {};
}

OpFoldResult LogicalNotOp::fold(FoldAdaptor) {
  if (auto inner = getSelf().getDefiningOp<LogicalNotOp>())
    return inner.getSelf();
  return {};
}

/// Whether every value of `from` is one of `to`, both floating-point.
static bool holds(Type to, Type from) {
  auto wide = dyn_cast<FloatType>(to), narrow = dyn_cast<FloatType>(from);
  if (!wide || !narrow)
    return false;
  return llvm::APFloat::isRepresentableBy(narrow.getFloatSemantics(),
                                          wide.getFloatSemantics());
}

OpFoldResult ToOp::fold(FoldAdaptor) {
  if (getSelf().getType() == getType())
    return getSelf();
  // There and back, where nothing is lost on the way.
  auto inner = getSelf().getDefiningOp<ToOp>();
  if (inner && inner.getSelf().getType() == getType() &&
      holds(getElementTypeOrSelf(inner.getType()),
            getElementTypeOrSelf(getType())))
    return inner.getSelf();
  return {};
}

OpFoldResult AddOp::fold(FoldAdaptor) {
  // Of floating-point zeros only -0 is neutral: -0 + 0 is 0.
  double zero = isFloat(getSelf()) ? -0.0 : 0.0;
  if (isUniform(getOther(), zero))
    return getSelf();
  if (isUniform(getSelf(), zero))
    return getOther();
  return {};
}

OpFoldResult SubOp::fold(FoldAdaptor) {
  if (isUniform(getOther(), 0))
    return getSelf();
  return {};
}

OpFoldResult MulOp::fold(FoldAdaptor) {
  // x * 0 stays: it may be NaN or -0.
  if (isUniform(getOther(), 1))
    return getSelf();
  if (isUniform(getSelf(), 1))
    return getOther();
  return {};
}

OpFoldResult DivOp::fold(FoldAdaptor) {
  if (isUniform(getOther(), 1))
    return getSelf();
  return {};
}

OpFoldResult WhereOp::fold(FoldAdaptor) {
  if (getSelf() == getOther())
    return getSelf();
  if (std::optional<double> condition = uniformValue(getCondition()))
    return *condition != 0 ? getSelf() : getOther();
  return {};
}

//===----------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------===//

bool tensorc::graph::saysSizes(RankedTensorType type) {
  return llvm::none_of(scalar::sizesOf(type), [](tensorc::SymInt size) {
    return size.is(tensorc::kDynamic);
  });
}

OpFoldResult BroadcastToOp::fold(FoldAdaptor) {
  if (getSelf().getType() == getType() && saysSizes(getType()))
    return getSelf();
  if (auto inner = getSelf().getDefiningOp<BroadcastToOp>()) {
    getSelfMutable().assign(inner.getSelf());
    return getResult();
  }
  return {};
}

OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  if (getSelf().getType() == getType() && saysSizes(getType()))
    return getSelf();
  if (auto inner = getSelf().getDefiningOp<ReshapeOp>()) {
    getSelfMutable().assign(inner.getSelf());
    return getResult();
  }
  return {};
}

OpFoldResult PermuteOp::fold(FoldAdaptor) {
  SmallVector<int64_t> dims(getDims());
  if (llvm::is_sorted(dims))
    return getSelf();
  auto inner = getSelf().getDefiningOp<PermuteOp>();
  if (!inner)
    return {};
  for (int64_t &dim : dims)
    dim = inner.getDims()[dim];
  getSelfMutable().assign(inner.getSelf());
  setDims(dims);
  return getResult();
}

static bool areAll(const tensorc::Shape &values, int64_t value) {
  return llvm::all_of(values,
                      [&](tensorc::SymInt each) { return each.is(value); });
}

OpFoldResult SliceOp::fold(FoldAdaptor) {
  auto type = cast<RankedTensorType>(getSelf().getType());
  if (type == getType() && saysSizes(type) && areAll(getStarts(), 0) &&
      llvm::all_of(getSteps(), [](int64_t step) { return step == 1; }))
    return getSelf();
  return {};
}

OpFoldResult PadOp::fold(FoldAdaptor) {
  if (areAll(getLow(), 0) && areAll(getHigh(), 0) &&
      llvm::all_of(getInterior(), [](int64_t step) { return step == 0; }))
    return getSelf();
  return {};
}

OpFoldResult CatOp::fold(FoldAdaptor) {
  if (getTensors().size() == 1)
    return getTensors().front();
  return {};
}

OpFoldResult FlipOp::fold(FoldAdaptor) {
  if (getDims().empty())
    return getSelf();
  auto inner = getSelf().getDefiningOp<FlipOp>();
  if (inner && inner.getDims() == getDims())
    return inner.getSelf();
  return {};
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

/// Over no dimensions, a reduction is the identity.
template <typename OpT> static OpFoldResult foldReduction(OpT op) {
  if (op.getDims().empty())
    return op.getSelf();
  return {};
}

OpFoldResult SumOp::fold(FoldAdaptor) { return foldReduction(*this); }
OpFoldResult ProdOp::fold(FoldAdaptor) { return foldReduction(*this); }
OpFoldResult AmaxOp::fold(FoldAdaptor) { return foldReduction(*this); }
OpFoldResult AminOp::fold(FoldAdaptor) { return foldReduction(*this); }
OpFoldResult AnyOp::fold(FoldAdaptor) { return foldReduction(*this); }
OpFoldResult AllOp::fold(FoldAdaptor) { return foldReduction(*this); }
OpFoldResult MeanOp::fold(FoldAdaptor) { return foldReduction(*this); }
