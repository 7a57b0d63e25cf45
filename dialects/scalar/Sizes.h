//===- Sizes.h - Sizes that are symbols ------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DIALECTS_SCALAR_SIZES_H
#define TENSORC_DIALECTS_SCALAR_SIZES_H

#include "tensorc/sym_expr.h"
#include "tensorc/tensor_type.h"

#include "mlir/IR/Attributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/TensorEncoding.h"

#define GET_ATTRDEF_CLASSES
#include "dialects/scalar/ScalarAttributes.h.inc"

namespace tensorc::scalar {

SymbolAttr symbolAttr(mlir::MLIRContext *context, const Symbol &symbol);
Symbol toSymbol(SymbolAttr symbol);

/// Sizes as an attribute: an array of numbers, or else `#scalar.sizes`.
mlir::Attribute sizesAttr(mlir::MLIRContext *context, const Shape &sizes);
/// The sizes of such an attribute.
Shape toSizes(mlir::Attribute attribute);

/// Sizes as `SymInt::raw` has them, which passes compute with: numbers, and of
/// expressions a number below all sizes, equal where the expression is the
/// same. Whether it is a number.
inline bool isNumber(int64_t raw) { return !SymInt(raw).is_symbolic(); }
/// Those of a tensor or a buffer; `kDynamic` where the type doesn't say them.
llvm::ArrayRef<int64_t> rawSizesOf(mlir::ShapedType type);
/// As `Shape`.
Shape sizesOf(mlir::ShapedType type);
/// Sizes as MLIR's types have them: `ShapedType::kDynamic` for no numbers.
llvm::SmallVector<int64_t> toMlirShape(const Shape &sizes);
/// The type of a tensor, and of a dense buffer, of these sizes.
mlir::RankedTensorType tensorOf(const Shape &sizes, mlir::Type element);
mlir::MemRefType bufferOf(llvm::ArrayRef<int64_t> raw, mlir::Type element);

} // namespace tensorc::scalar

#endif // TENSORC_DIALECTS_SCALAR_SIZES_H
