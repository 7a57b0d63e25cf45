//===- Uncovered.cpp - What no point of a kernel writes -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/fusion/Emit.h"

#include "dialects/graph/GraphDialect.h"
#include "dialects/kernel/IndexMaps.h"
#include "dialects/scalar/Elements.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace tensorc::compiler::fusion {

/// What an op has at the elements that it neither computes nor is given.
static TypedAttr fillOf(Operation *op) {
  if (auto placement = dyn_cast<graph::PlacementOpInterface>(op))
    return placement.getFill();
  auto structured = dyn_cast<graph::StructuredOpInterface>(op);
  return structured ? structured.getFill() : TypedAttr();
}

namespace {

/// A point at which no place is known.
class CreationPoint : public graph::PointBuilder {
public:
  using PointBuilder::PointBuilder;

  Value index(unsigned, Type type) override {
    return b.getBlock()->addArgument(type, loc);
  }
  Value size(SymInt) override {
    return b.getBlock()->addArgument(b.getI64Type(), loc);
  }
  Value operand(unsigned) override { llvm_unreachable("has no operands"); }
  Value position(Type) override { llvm_unreachable("reduces nothing"); }
  Value combine(scalar::Combiner, Value) override {
    llvm_unreachable("reduces nothing");
  }
};

/// Builds what an output of a cluster is at those of its elements that no point
/// of the cluster writes, from the constants that padded and scattered members
/// have there. What isn't known is an argument of the block.
class UncoveredBody {
public:
  UncoveredBody(const Clustering &clustering, const Cluster &cluster,
                Value output)
      : clustering(clustering), cluster(cluster), sizes(shapeOf(output)),
        outputMap(cluster.members.find(output.getDefiningOp())->second.map),
        b(output.getContext()) {
    b.setInsertionPointToEnd(&body);
  }

  /// `value`'s element at `map`, which goes from the output's axes.
  Value emit(Value value, AffineMap map);
  /// `element` as a constant, if that is what it folds to.
  TypedAttr folded(Value element);

private:
  Value emitOp(Operation *op, AffineMap map);
  TypedAttr partialValue(Operation *op, AffineMap map);

  const Clustering &clustering;
  const Cluster &cluster;
  ArrayRef<int64_t> sizes;
  AffineMap outputMap;
  Block body;
  OpBuilder b;
  llvm::DenseMap<std::pair<Value, AffineMap>, Value> known;
};

} // namespace

/// The constant that a padded or scattered member has at `map` wherever the
/// output isn't covered; null for other ops, and where it may be covered there.
TypedAttr UncoveredBody::partialValue(Operation *op, AffineMap map) {
  auto *member = cluster.members.find(op);
  if (member == cluster.members.end() || !fillOf(op))
    return {};
  // Elements of the output are its elements, one for one, and written by the
  // same points.
  auto dims = llvm::to_vector(llvm::seq<unsigned>(0, sizes.size()));
  if (!kernel::isInjective(map, sizes, dims) ||
      canonicalMap(map.compose(outputMap), cluster.sizes) !=
          canonicalMap(member->second.map, cluster.sizes))
    return {};
  return valueOfUncovered(clustering, cluster, op->getResult(0));
}

Value UncoveredBody::emitOp(Operation *op, AffineMap map) {
  Type type = getElementTypeOrSelf(op->getResult(0));
  if (TypedAttr value = partialValue(op, map))
    return scalar::elementConstant(b, op->getLoc(), value);
  if (TypedAttr value = splatOf(op))
    return scalar::elementConstant(b, op->getLoc(), value);
  if (isCreation(op)) {
    CreationPoint point(b, op->getLoc());
    return cast<graph::StructuredOpInterface>(op).emitPoint(point);
  }
  auto elementwise = dyn_cast<graph::ElementwiseOpInterface>(op);
  if (!elementwise || (!cluster.members.count(op) && !clustering.isInlined(op)))
    return {};
  SmallVector<Value> operands;
  for (Value operand : op->getOperands())
    operands.push_back(emit(operand, map));
  return elementwise.emitScalar(b, op->getLoc(), operands, type);
}

Value UncoveredBody::emit(Value value, AffineMap map) {
  Access access = resolve({value, map}, sizes);
  std::pair key(access.value, canonicalMap(access.map, sizes));
  if (Value element = known.lookup(key))
    return element;
  Operation *op = access.value.getDefiningOp();
  Value element = op ? emitOp(op, key.second) : Value();
  if (!element)
    element = body.addArgument(getElementTypeOrSelf(access.value),
                               access.value.getLoc());
  return known[key] = element;
}

TypedAttr UncoveredBody::folded(Value element) {
  llvm::DenseMap<Value, Attribute> constants;
  auto constantOf = [&](Value value) {
    Attribute attribute;
    matchPattern(value, m_Constant(&attribute));
    return attribute ? attribute : constants.lookup(value);
  };
  for (Operation &scalar : llvm::make_early_inc_range(body)) {
    if (scalar.getNumResults() != 1 || scalar.getNumRegions() != 0)
      continue;
    SmallVector<Attribute> operands;
    for (Value operand : scalar.getOperands())
      operands.push_back(constantOf(operand));
    // A selection between equal constants needs no condition.
    if (isa<arith::SelectOp>(scalar) && operands[1] &&
        operands[1] == operands[2]) {
      constants[scalar.getResult(0)] = operands[1];
      continue;
    }
    if (isa<UnrealizedConversionCastOp>(scalar)) {
      if (auto known = dyn_cast_or_null<TypedAttr>(operands[0]))
        constants[scalar.getResult(0)] =
            scalar::reinterpret(known, scalar.getResult(0).getType());
      continue;
    }
    SmallVector<OpFoldResult> folded;
    if (failed(scalar.fold(operands, folded)) || folded.empty())
      continue;
    if (auto attribute = dyn_cast<Attribute>(folded[0]))
      constants[scalar.getResult(0)] = attribute;
    else if (Attribute attribute = constantOf(cast<Value>(folded[0])))
      constants[scalar.getResult(0)] = attribute;
  }
  return dyn_cast_or_null<TypedAttr>(constantOf(element));
}

TypedAttr valueOfUncovered(const Clustering &clustering, const Cluster &cluster,
                           Value output) {
  Operation *op = output.getDefiningOp();
  if (TypedAttr fill = fillOf(op)) {
    // What is put at its place may itself have elements that nobody writes.
    if (!isa<graph::PlacementOpInterface>(op))
      return fill;
    Value placed = op->getOperand(0);
    const Member &member = cluster.members.find(op)->second;
    return coverage(member.operandMaps[0], cluster.sizes, cluster.reduced,
                    shapeOf(placed)) == Coverage::Full ||
                   (cluster.contains(placed) &&
                    valueOfUncovered(clustering, cluster, placed) == fill)
               ? fill
               : TypedAttr();
  }
  UncoveredBody body(clustering, cluster, output);
  return body.folded(
      body.emit(output, AffineMap::getMultiDimIdentityMap(
                            shapeOf(output).size(), output.getContext())));
}

} // namespace tensorc::compiler::fusion
