//===- IndexMaps.h - How values are indexed --------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_FUSION_INDEXMAPS_H
#define TENSORC_COMPILER_FUSION_INDEXMAPS_H

#include "dialects/kernel/IndexMaps.h"

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Operation.h"
#include "mlir/IR/Value.h"

namespace tensorc::compiler::fusion {

/// A tensor and where an iteration space reads or writes it: the map goes from
/// the space's dimensions to the tensor's.
struct Access {
  mlir::Value value;
  mlir::AffineMap map;
};

/// True for ops whose result is the operand at other indices, so that reading
/// the one is reading the other. (A reshape counts although some of its maps
/// aren't linear.)
bool isIndexing(mlir::Operation *op);

/// True for ops that each reader computes for itself: constants of one value,
/// and other values that take no tensor.
bool isCreation(mlir::Operation *op);
/// The elements of a constant, null for other ops; those that are one value.
mlir::ElementsAttr constantOf(mlir::Operation *op);
mlir::TypedAttr splatOf(mlir::Operation *op);

/// Follows indexing ops from `access` to the value that they read.
Access resolve(Access access, llvm::ArrayRef<int64_t> sizes);

using kernel::canonicalMap;

/// How much of a tensor a space writes through a map.
enum class Coverage {
  None,    ///< some element twice, or not by all of the space
  Partial, ///< no element twice
  Full     ///< every element once
};

/// What `map` covers of `shape`. The space's `reduced` dimensions are either
/// all in the map or none.
Coverage coverage(mlir::AffineMap map, llvm::ArrayRef<int64_t> sizes,
                  llvm::ArrayRef<bool> reduced, llvm::ArrayRef<int64_t> shape);

/// The sizes' product, where symbols are their hints: what decides for or
/// against a kernel. None where one is unknown.
std::optional<int64_t> expectedProduct(llvm::ArrayRef<int64_t> sizes);

/// The sizes of a ranked tensor value, as all of fusion has them: see
/// `scalar::isNumber`.
llvm::ArrayRef<int64_t> shapeOf(mlir::Value value);

} // namespace tensorc::compiler::fusion

#endif // TENSORC_COMPILER_FUSION_INDEXMAPS_H
