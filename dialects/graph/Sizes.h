//===- Sizes.h - Sizes that are symbols ------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DIALECTS_GRAPH_SIZES_H
#define TENSORC_DIALECTS_GRAPH_SIZES_H

#include "tensorc/sym_expr.h"
#include "tensorc/tensor_type.h"

#include "mlir/IR/Attributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/TensorEncoding.h"

#define GET_ATTRDEF_CLASSES
#include "dialects/graph/GraphAttributes.h.inc"

namespace tensorc::graph {

SymbolAttr symbolAttr(mlir::MLIRContext *context, const Symbol &symbol);
Symbol toSymbol(SymbolAttr symbol);

/// Sizes as an attribute: an array of numbers, or else `#graph.sizes`.
mlir::Attribute sizesAttr(mlir::MLIRContext *context, const Shape &sizes);
/// The sizes of such an attribute.
Shape toSizes(mlir::Attribute attribute);

/// The sizes of a tensor type; `?` where its encoding doesn't say them.
Shape sizesOf(mlir::RankedTensorType type);
/// Sizes as MLIR's types have them: `ShapedType::kDynamic` for no numbers.
llvm::SmallVector<int64_t> toMlirShape(const Shape &sizes);
/// A tensor type of these sizes.
mlir::RankedTensorType tensorOf(const Shape &sizes, mlir::Type element);

} // namespace tensorc::graph

#endif // TENSORC_DIALECTS_GRAPH_SIZES_H
