//===- GraphDialect.h - The graph dialect ----------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DIALECTS_GRAPH_GRAPHDIALECT_H
#define TENSORC_DIALECTS_GRAPH_GRAPHDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/graph/Structured.h"
#include "dialects/scalar/Sizes.h"

#include "dialects/graph/GraphDialect.h.inc"
#include "dialects/graph/GraphInterfaces.h.inc"

namespace tensorc::graph {
/// An op with the value of its last operand: see History.td.
template <typename ConcreteType>
class HistoryOp : public mlir::OpTrait::TraitBase<ConcreteType, HistoryOp> {};
} // namespace tensorc::graph

#define GET_OP_CLASSES
#include "dialects/graph/GraphOps.h.inc"

#endif // TENSORC_DIALECTS_GRAPH_GRAPHDIALECT_H
