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

/// Takes the lowered variants for GPUs out of `module`, as PTX and launches.
/// Where `ptxas` is found, there are cubins too; what it refuses is a warning,
/// as the driver compiles PTX itself.
mlir::FailureOr<std::vector<CudaCode>> compileGpuVariants(mlir::ModuleOp module,
                                                          const Model &model);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_PIPELINE_CUDA_H
