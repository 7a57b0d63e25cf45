//===- Seeds.cpp - The cluster of each op ---------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/fusion/Clusters.h"

#include "dialects/graph/GraphDialect.h"

using namespace mlir;
using tensorc::graph::IterationSpace;

namespace tensorc::compiler::fusion {

ClusterKind kindOf(Operation *op) {
  if (isa<graph::ContractionOpInterface>(op))
    return ClusterKind::Contract;
  if (auto placement = dyn_cast<graph::PlacementOpInterface>(op))
    return op->getNumOperands() == 1 && placement.getFill() ? ClusterKind::Pad
                                                            : ClusterKind::Cat;
  return ClusterKind::Generic;
}

bool Cluster::keepsDims() const {
  AffineMap place = members.front().second.map;
  if (place.getNumDims() != place.getNumResults())
    return false;
  for (auto [dim, result] : llvm::enumerate(place.getResults()))
    for (unsigned other = 0; other < place.getNumDims(); ++other)
      if (other != dim && result.isFunctionOfDim(other))
        return false;
  return true;
}

/// A point for each element of the operand, which goes to its place.
static FailureOr<IterationSpace> spaceOfPad(graph::PlacementOpInterface op) {
  FailureOr<AffineMap> place = op.getPlace(0);
  if (failed(place))
    return failure();
  ArrayRef<int64_t> sizes = shapeOf(op->getOperand(0));
  return IterationSpace{
      SmallVector<int64_t>(sizes),
      SmallVector<bool>(sizes.size(), false),
      *place,
      {AffineMap::getMultiDimIdentityMap(sizes.size(), op.getContext())},
      {}};
}

/// A cat has no space of its own, as each operand has one; this one stands for
/// all of them.
static FailureOr<IterationSpace> spaceOf(Operation *op) {
  if (auto structured = dyn_cast<graph::StructuredOpInterface>(op))
    return structured.getIterationSpace();
  if (auto contraction = dyn_cast<graph::ContractionOpInterface>(op))
    return contraction.getIterationSpace();
  if (kindOf(op) == ClusterKind::Pad)
    return spaceOfPad(cast<graph::PlacementOpInterface>(op));
  if (isa<graph::ElementwiseOpInterface, graph::PlacementOpInterface>(op))
    return graph::parallelSpace(op);
  return failure();
}

bool hasSpace(Operation *op) { return succeeded(spaceOf(op)); }

Cluster seedCluster(Operation *op) {
  FailureOr<IterationSpace> space = spaceOf(op);
  assert(succeeded(space) && "all ops have been checked");
  Cluster cluster;
  cluster.kind = kindOf(op);
  cluster.sizes = std::move(space->sizes);
  cluster.reduced = std::move(space->reduced);
  if (cluster.kind != ClusterKind::Generic)
    cluster.anchor = op;
  cluster.members.insert(
      {op, {space->result, std::move(space->operands), space->position}});
  return cluster;
}

} // namespace tensorc::compiler::fusion
