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
#include "mlir/IR/OwningOpRef.h"

namespace tensorc::compiler {

/// The program of one GPU.
struct ChipPlan {
  std::string chip;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

/// For each chip, `kernels` (programs and kernels) with long reductions split
/// as its size asks for, and memory planned.
mlir::FailureOr<std::vector<ChipPlan>>
planChips(mlir::ModuleOp kernels, llvm::ArrayRef<std::string> chips);

/// Adds to `module` a nested module for each plan, with the kernels lowered to
/// `gpu.module`s. With `tf32`, f32 is multiplied on tensor cores.
mlir::LogicalResult lowerChips(mlir::ModuleOp module,
                               std::vector<ChipPlan> plans, bool tf32);

/// Takes the nested modules that `lowerChips` made out of `module`, as PTX and
/// launches. Where `ptxas` is found, there are cubins too; what it refuses is a
/// warning, as the driver compiles PTX itself.
mlir::FailureOr<std::vector<CudaCode>> compileChips(mlir::ModuleOp module,
                                                    const Model &model);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_PIPELINE_CUDA_H
