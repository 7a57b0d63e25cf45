//===- Patterns.cpp - Canonicalization of graph ops ---------- -*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/Patterns.h"
#include "dialects/graph/GraphDialect.h"
#include "dialects/scalar/Elements.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::graph;

//===----------------------------------------------------------------------===//
// Elements of constants
//===----------------------------------------------------------------------===//

/// More elements than this are left to run time.
static constexpr int64_t kMaxFoldedElements = 64;

/// The elements of `tensor` if they are known: one if they are equal, else all;
/// empty if they are not known, or too many.
static SmallVector<TypedAttr> knownElements(Value tensor) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (std::optional<double> value = uniformValue(tensor))
    return {scalar::elementAttr(type.getElementType(), *value)};
  auto constant = tensor.getDefiningOp<ConstantOp>();
  if (!constant || type.getNumElements() > kMaxFoldedElements)
    return {};
  SmallVector<TypedAttr> elements;
  for (Attribute element : constant.getValue().getValues<Attribute>())
    elements.push_back(cast<TypedAttr>(element));
  return elements;
}

/// Whether `op` gives the same bits here as in compiled code: arithmetic, and
/// the functions that IEEE 754 rounds correctly. `exp` and its like do not.
static bool isExact(Operation *op) {
  return isa<arith::ArithDialect>(op->getDialect()) ||
         isa<UnrealizedConversionCastOp, math::AbsFOp, math::AbsIOp,
             math::CeilOp, math::FloorOp, math::RoundEvenOp, math::SqrtOp,
             math::TruncOp>(op);
}

/// The scalar body of `op` on constants; null if it can't be computed exactly.
static TypedAttr evaluate(ElementwiseOpInterface op,
                          ArrayRef<TypedAttr> operands, Type resultType) {
  // The body is built where nobody sees it, then folded op by op.
  Block scratch;
  OpBuilder builder(op.getContext());
  builder.setInsertionPointToEnd(&scratch);
  Location loc = op.getLoc();
  SmallVector<Value> values;
  for (TypedAttr operand : operands)
    values.push_back(scalar::elementConstant(builder, loc, operand));
  Value result = op.emitScalar(builder, loc, values, resultType);

  llvm::DenseMap<Value, Attribute> known;
  for (Operation &each : scratch) {
    if (!isExact(&each) || each.getNumResults() != 1)
      return nullptr;
    SmallVector<Attribute> inputs;
    for (Value operand : each.getOperands())
      inputs.push_back(known.lookup(operand));
    if (isa<UnrealizedConversionCastOp>(each)) {
      auto operand = dyn_cast_or_null<TypedAttr>(inputs[0]);
      if (!operand)
        return nullptr;
      known[each.getResult(0)] =
          scalar::reinterpret(operand, each.getResult(0).getType());
      continue;
    }
    SmallVector<OpFoldResult> folded;
    if (failed(each.fold(inputs, folded)) || folded.size() != 1)
      return nullptr;
    Attribute value = dyn_cast<Attribute>(folded[0]);
    if (!value)
      value = known.lookup(cast<Value>(folded[0]));
    if (!value)
      return nullptr;
    known[each.getResult(0)] = value;
  }
  return dyn_cast_or_null<TypedAttr>(known.lookup(result));
}

namespace {

/// An elementwise op on known elements is a constant.
struct FoldElementwise : OpInterfaceRewritePattern<ElementwiseOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(ElementwiseOpInterface op,
                                PatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    // Differentiation, which comes later, is to see these.
    if (op->hasTrait<HistoryOp>() || !type.hasStaticShape() ||
        type.getNumElements() == 0)
      return failure();
    SmallVector<SmallVector<TypedAttr>> operands;
    size_t count = 1;
    for (Value operand : op->getOperands()) {
      operands.push_back(knownElements(operand));
      if (operands.back().empty())
        return failure();
      count = std::max(count, operands.back().size());
    }
    SmallVector<Attribute> results;
    for (size_t i = 0; i < count; ++i) {
      SmallVector<TypedAttr> point;
      for (ArrayRef<TypedAttr> elements : operands)
        point.push_back(elements[elements.size() == 1 ? 0 : i]);
      TypedAttr result = evaluate(op, point, type.getElementType());
      if (!result)
        return failure();
      results.push_back(result);
    }
    replaceWithElements(rewriter, op, type, results);
    return success();
  }

private:
  /// By a `full` where one says the same.
  static void replaceWithElements(PatternRewriter &rewriter, Operation *op,
                                  RankedTensorType type,
                                  ArrayRef<Attribute> results) {
    auto value = DenseElementsAttr::get(type, results);
    auto constant = ConstantOp::create(rewriter, op->getLoc(), type, value);
    std::optional<double> uniform = uniformValue(constant);
    if (!uniform) {
      rewriter.replaceOp(op, constant);
      return;
    }
    rewriter.eraseOp(constant);
    rewriter.replaceOpWithNewOp<FullOp>(op, type, *uniform);
  }
};

/// Wherever they go, equal elements stay equal.
template <typename OpT> struct MoveFull : OpRewritePattern<OpT> {
  using OpRewritePattern<OpT>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpT op,
                                PatternRewriter &rewriter) const override {
    auto full = op.getSelf().template getDefiningOp<FullOp>();
    auto type = cast<RankedTensorType>(op.getType());
    if (!full || !saysSizes(type))
      return failure();
    rewriter.replaceOpWithNewOp<FullOp>(op, type,
                                        full.getValue().convertToDouble());
    return success();
  }
};

} // namespace

void tensorc::graph::addGraphPatterns(RewritePatternSet &patterns) {
  patterns.add<FoldElementwise, MoveFull<BroadcastToOp>, MoveFull<ReshapeOp>,
               MoveFull<PermuteOp>, MoveFull<SliceOp>, MoveFull<FlipOp>>(
      patterns.getContext());
}
