//===- Conversion.h - Between MLIR's types and the runtime's ---*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DIALECTS_GRAPH_CONVERSION_H
#define TENSORC_DIALECTS_GRAPH_CONVERSION_H

#include "tensorc/op.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

#include <optional>

namespace tensorc::graph {

/// The dtype of an element type; none for types that tensorc doesn't have.
std::optional<DType> toDType(mlir::Type element);
/// The dtype and shape of a ranked tensor type; none for other types.
std::optional<TensorType> toTensorType(mlir::Type type);

/// `i1`, `ui8`, …, `f64`.
mlir::Type toMlirType(DType dtype, mlir::MLIRContext *context);
mlir::RankedTensorType toMlirType(const TensorType &type,
                                  mlir::MLIRContext *context);

/// The value of an attribute of a kind that the op table knows; none for
/// others.
std::optional<Attribute> toAttribute(mlir::Attribute attribute);
mlir::Attribute toMlirAttribute(const Attribute &attribute,
                                mlir::MLIRContext *context);

/// Those of a dictionary that the op table knows.
Attributes toAttributes(mlir::DictionaryAttr dictionary);
/// The attributes of an op of this dialect.
Attributes toAttributes(mlir::Operation *op);
/// As an op takes them.
llvm::SmallVector<mlir::NamedAttribute>
toMlirAttributes(const Attributes &attributes, mlir::MLIRContext *context);

} // namespace tensorc::graph

#endif // TENSORC_DIALECTS_GRAPH_CONVERSION_H
