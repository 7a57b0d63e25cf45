//===- ReferenceKernels.h - Plain kernels to test eager mode with ---------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_RUNTIME_AUTOGRAD_REFERENCEKERNELS_H
#define TENSORC_TESTS_RUNTIME_AUTOGRAD_REFERENCEKERNELS_H

namespace tensorc::test {

/// Lets eager mode run on scalar loops instead of compiled kernels, so that
/// rules, tape, layers and optimizers are tested by themselves. For float32,
/// float64 and, where it makes sense, whole numbers and bool. The same tests,
/// linked with CompiledKernels.cpp instead, run on the compiled kernels; with
/// those of tests/runtime/eager on device `cuda`. Called in `SetUp`, which
/// skips a test where that isn't there.
void use_reference_kernels();

} // namespace tensorc::test

#endif // TENSORC_TESTS_RUNTIME_AUTOGRAD_REFERENCEKERNELS_H
