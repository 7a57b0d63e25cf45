//===- Cuda.h - GPU code beside the CPU's in one module ---------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_PIPELINE_CUDA_H
#define TENSORC_COMPILER_PIPELINE_CUDA_H

#include "compiler/artifact/CudaProgram.h"

#include "mlir/IR/BuiltinOps.h"

namespace tensorc::compiler {

/// Takes the translated variants for GPUs out of `module`: their binaries, and
/// the launches of their programs.
mlir::FailureOr<CudaCodes> takeGpuVariants(mlir::ModuleOp module,
                                           const Model &model);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_PIPELINE_CUDA_H
