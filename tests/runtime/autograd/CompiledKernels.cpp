//===- CompiledKernels.cpp - Tests eager mode with its own kernels --------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/autograd/ReferenceKernels.h"

namespace tensorc::test {

void use_reference_kernels() {}

} // namespace tensorc::test
