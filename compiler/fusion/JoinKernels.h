//===- JoinKernels.h - A kernel with the one that reads it ------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_FUSION_JOINKERNELS_H
#define TENSORC_COMPILER_FUSION_JOINKERNELS_H

#include "dialects/kernel/KernelDialect.h"

namespace tensorc::compiler::fusion {

/// One kernel, outside of a module and without `kernel.return`, that does the
/// work of `producer` and then of `reader`, whose argument `argument` is the
/// producer's only output. Its arguments are the producer's inputs, the
/// reader's but that one, and the reader's outputs.
///
/// Both are generics. Fails where that would compute an element more than once
/// or reduce more than the producer does: the reader is elementwise, more than
/// a copy, and each of its points has an element of its own.
llvm::FailureOr<kernel::FuncOp>
joinKernels(kernel::FuncOp producer, kernel::FuncOp reader, unsigned argument);

} // namespace tensorc::compiler::fusion

#endif // TENSORC_COMPILER_FUSION_JOINKERNELS_H
