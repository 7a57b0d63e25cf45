//===- IndexMaps.h - Linear index maps --------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DIALECTS_KERNEL_INDEXMAPS_H
#define TENSORC_DIALECTS_KERNEL_INDEXMAPS_H

#include "dialects/scalar/LinearExpr.h"

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/TypeRange.h"

#include <optional>
#include <utility>

namespace tensorc::kernel {

using scalar::LinearExpr;

/// The sizes of a structured op's dimensions: `dimSizes`, where they have one
/// (not -1), else that of an axis which is the dimension; `kDynamic`
/// where it isn't known.
llvm::SmallVector<int64_t> loopSizes(llvm::ArrayRef<mlir::AffineMap> maps,
                                     mlir::TypeRange operands,
                                     llvm::ArrayRef<int64_t> dimSizes);

/// `map` with dimensions of size 1 at 0 and terms in order: equal maps of a
/// space compare equal.
mlir::AffineMap canonicalMap(mlir::AffineMap map,
                             llvm::ArrayRef<int64_t> sizes);

/// True where a result of `map` depends on one of `dims`.
bool usesAnyDim(mlir::AffineMap map, llvm::ArrayRef<int64_t> dims);

/// True where points that differ in `dims` have different images under the
/// linear `map`. Sound, not complete: sees that each result separates the
/// dimensions in it like the digits of a number.
bool isInjective(mlir::AffineMap map, llvm::ArrayRef<int64_t> sizes,
                 llvm::ArrayRef<unsigned> dims);

} // namespace tensorc::kernel

#endif // TENSORC_DIALECTS_KERNEL_INDEXMAPS_H
