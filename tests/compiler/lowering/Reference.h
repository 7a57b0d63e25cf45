//===- Reference.h - Kernels, interpreted naively ---------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_COMPILER_LOWERING_REFERENCE_H
#define TENSORC_TESTS_COMPILER_LOWERING_REFERENCE_H

#include "dialects/kernel/KernelDialect.h"
#include "tests/compiler/lowering/HostBuffer.h"

namespace tensorc::test {

/// Runs a `kernel.func` on `buffers` (one for each argument), point by point,
/// in double. Returns the status: that of the first `scalar.check` that fails.
int32_t interpret(kernel::FuncOp func, llvm::ArrayRef<HostBuffer *> buffers);

} // namespace tensorc::test

#endif // TENSORC_TESTS_COMPILER_LOWERING_REFERENCE_H
