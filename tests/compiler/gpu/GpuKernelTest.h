//===- GpuKernelTest.h - GPU code of kernels in tests ---------- -*- C++
//-*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_COMPILER_GPU_GPUKERNELTEST_H
#define TENSORC_TESTS_COMPILER_GPU_GPUKERNELTEST_H

#include "compiler/lowering/gpu/Target.h"
#include "mlir/IR/BuiltinOps.h"
#include <string>

namespace tensorc::test {

/// The tests' context, with the dialects of GPU code.
mlir::MLIRContext &gpuContext();

/// Makes PTX of the kernels of `module`, for all chips that have what `target`
/// has: the same text when
/// repeated, without calls or local memory; what `ptxas`, where there is one,
/// makes of it has no stack and no spills.
void checkPtx(mlir::ModuleOp module, const simt::TargetInfo &target,
              const std::string &where);

} // namespace tensorc::test

#endif // TENSORC_TESTS_COMPILER_GPU_GPUKERNELTEST_H
