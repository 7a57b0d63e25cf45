//===- IndexMaps.h - How values are indexed --------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_FUSION_INDEXMAPS_H
#define TENSORC_COMPILER_FUSION_INDEXMAPS_H

#include "mlir/IR/AffineMap.h"
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
/// the one is reading the other: broadcast_to, permute, slice, flip, reshape.
/// (A reshape counts although some of its maps aren't linear.)
bool isIndexing(mlir::Operation *op);

/// Where the operand of an indexing op is read for its result to be read at
/// `map`, over a space of `sizes`. Fails for a reshape or flip that isn't
/// linear in these dimensions.
llvm::FailureOr<mlir::AffineMap> operandMap(mlir::Operation *op,
                                            mlir::AffineMap map,
                                            llvm::ArrayRef<int64_t> sizes);

/// Follows indexing ops from `access` to the value that they read.
Access resolve(Access access, llvm::ArrayRef<int64_t> sizes);

/// `map` with dimensions of size 1 at 0 and terms in order: equal maps of a
/// space compare equal.
mlir::AffineMap canonicalMap(mlir::AffineMap map,
                             llvm::ArrayRef<int64_t> sizes);

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

/// The static sizes' product; none where one is dynamic.
std::optional<int64_t> product(llvm::ArrayRef<int64_t> sizes);

/// The shape of a ranked tensor value.
llvm::ArrayRef<int64_t> shapeOf(mlir::Value value);

/// Attributes of a `graph` op, which must be there.
llvm::ArrayRef<int64_t> intsOf(mlir::Operation *op, llvm::StringRef name);
int64_t intOf(mlir::Operation *op, llvm::StringRef name);

} // namespace tensorc::compiler::fusion

#endif // TENSORC_COMPILER_FUSION_INDEXMAPS_H
