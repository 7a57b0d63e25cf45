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

/// Adds to `module` a nested module for each chip: `planned` (programs and
/// kernels) with the kernels lowered to `gpu.module`s. With `tf32`, f32 is
/// multiplied on tensor cores.
mlir::LogicalResult lowerChips(mlir::ModuleOp module, mlir::ModuleOp planned,
                               llvm::ArrayRef<std::string> chips, bool tf32);

/// Takes the nested modules that `lowerChips` made out of `module`, as PTX and
/// launches. Where `ptxas` is found, there are cubins too; what it refuses is a
/// warning, as the driver compiles PTX itself.
mlir::FailureOr<std::vector<CudaCode>> compileChips(mlir::ModuleOp module,
                                                    const Model &model);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_PIPELINE_CUDA_H
