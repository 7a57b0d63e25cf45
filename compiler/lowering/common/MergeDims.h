//===- MergeDims.h - Dimensions of a kernel.generic ------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LOWERING_COMMON_MERGEDIMS_H
#define TENSORC_COMPILER_LOWERING_COMMON_MERGEDIMS_H

#include "compiler/lowering/common/Emission.h"

namespace tensorc::lowering {

/// What the dimensions of a `kernel.generic` are like.
struct DimKinds {
  explicit DimKinds(kernel::GenericOp op);

  /// Reduced ones; those whose position the body asks for.
  llvm::SmallVector<bool> reduced, indexed;
};

/// Makes one dimension of those that continue each other in all operands, in
/// `e.sizes`: what is merged into a neighbour gets size 1.
void mergeDims(Emission &e, const DimKinds &dims);

} // namespace tensorc::lowering

#endif // TENSORC_COMPILER_LOWERING_COMMON_MERGEDIMS_H
