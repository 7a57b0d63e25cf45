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

/// Runs a `kernel.func` on `buffers` (one for each argument that is one), point
/// by point, in double. `sizes` are what the function is passed as such: its
/// `index` arguments are the last of them. Returns the status: that of the
/// first `scalar.check` that fails, or -1 where the kernel doesn't fit its
/// buffers.
int32_t interpret(kernel::FuncOp func, llvm::ArrayRef<HostBuffer *> buffers,
                  llvm::ArrayRef<int64_t> sizes = {});

} // namespace tensorc::test

#endif // TENSORC_TESTS_COMPILER_LOWERING_REFERENCE_H
