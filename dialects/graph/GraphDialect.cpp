//===- GraphDialect.cpp - Registration and verifiers --------- -*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/GraphDialect.h"
#include "dialects/graph/Inference.h"
#include "dialects/graph/Patterns.h"
#include "dialects/graph/ScalarBodies.h"
#include "dialects/scalar/ScalarDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace tensorc::graph;

#include "dialects/graph/GraphDialect.cpp.inc"
#include "dialects/graph/GraphInterfaces.cpp.inc"

void GraphDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialects/graph/GraphOps.cpp.inc"
      >();
}

void GraphDialect::getCanonicalizationPatterns(
    RewritePatternSet &patterns) const {
  addGraphPatterns(patterns);
}

Operation *GraphDialect::materializeConstant(OpBuilder &builder,
                                             Attribute value, Type type,
                                             Location loc) {
  auto elements = dyn_cast<ElementsAttr>(value);
  if (!elements || elements.getType() != type)
    return nullptr;
  return ConstantOp::create(builder, loc, type, elements);
}

/// The attributes that a traced function's arguments and results carry.
static LogicalResult verifyValueAttribute(Operation *op,
                                          NamedAttribute attribute) {
  StringRef name = attribute.getName();
  auto text = dyn_cast<StringAttr>(attribute.getValue());
  // (C1)
  if (!text ||
      !llvm::is_contained({"graph.name", "graph.state", "graph.role"}, name))
    return op->emitOpError("has `")
           << name << " = " << attribute.getValue()
           << "`, expected a string for `graph.name`, `graph.state` or "
           << "`graph.role`";
  // (C2)
  if (name == "graph.role" &&
      !llvm::is_contained({"parameter", "buffer", "optimizer"},
                          text.getValue()))
    return op->emitOpError("has `graph.role` \"")
           << text.getValue()
           << "\", expected \"parameter\", \"buffer\" or \"optimizer\"";
  return success();
}

LogicalResult GraphDialect::verifyRegionArgAttribute(Operation *op, unsigned,
                                                     unsigned,
                                                     NamedAttribute attribute) {
  return verifyValueAttribute(op, attribute);
}

LogicalResult
GraphDialect::verifyRegionResultAttribute(Operation *op, unsigned, unsigned,
                                          NamedAttribute attribute) {
  return verifyValueAttribute(op, attribute);
}

LogicalResult GeluOp::verify() {
  // (C2)
  if (!llvm::is_contained({"none", "tanh"}, getApproximate()))
    return emitOpError("has `approximate` \"")
           << getApproximate() << "\", expected \"none\" or \"tanh\"";
  return success();
}

LogicalResult GradientsOp::verify() {
  // (C1)
  if (getWrt().getTypes() != getGradients().getTypes())
    return emitOpError("has results of types (")
           << getGradients().getTypes() << "), expected those of `wrt` ("
           << getWrt().getTypes() << ")";
  // (C2)
  auto root = cast<RankedTensorType>(getRoot().getType());
  if (getSeed() && getSeed().getType() != root)
    return emitOpError("has a seed of type ")
           << getSeed().getType() << ", expected the root's " << root;
  if (!getSeed() && (!root.hasStaticShape() || root.getNumElements() != 1))
    return emitOpError("has the root ")
           << root << " and no seed, expected one element";
  return success();
}

#include "dialects/graph/GraphScalarBodies.cpp.inc"

#define GET_OP_CLASSES
#include "dialects/graph/GraphOps.cpp.inc"
