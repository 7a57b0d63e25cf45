//===- Codegen.h - Lowered GPU kernels to PTX and cubin ---------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_CODEGEN_PTX_CODEGEN_H
#define TENSORC_COMPILER_CODEGEN_PTX_CODEGEN_H

#include "compiler/target/Gpu.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"
#include <string>

namespace tensorc::ptx {

/// Passes that turn the functions of `gpu.module`s into `llvm.func`s with nvvm
/// ops; other ops stay. Transcendental functions of f32 become polynomials, the
/// same as on a CPU; those of f64, calls of functions that `emitPtx` adds.
void buildNVVMPipeline(mlir::OpPassManager &pm);

/// What a `gpu.module` and the `gpu.binary` made of it say of their kernels:
/// see `tensorc-gpu-describe`.
inline constexpr llvm::StringLiteral launchesAttribute = "kernel.launches";
/// The binary of all kernels of a GPU's variant.
inline constexpr llvm::StringLiteral binaryName = "kernels";

/// All of these: from a GPU's variant with lowered kernels to one with a binary
/// for each and one of all. Other variants are left alone.
void buildPtxPipeline(mlir::OpPassManager &pm);

/// Interfaces that the functions below need.
void registerTranslations(mlir::DialectRegistry &registry);

/// The PTX of a module that has been through the pipeline. The same module
/// gives the same text.
mlir::FailureOr<std::string> emitPtx(mlir::gpu::GPUModuleOp module,
                                     const target::Gpu &gpu);

/// One text of several: their headers are the same, and names are the kernels'.
std::string joinPtx(llvm::ArrayRef<std::string> texts);

/// The path of `ptxas`: in PATH, or where the toolkit installs it; empty where
/// there is none.
std::string findPtxas();

/// What ptxas makes of a text.
struct Cubin {
  llvm::SmallVector<char, 0> bytes;
  /// What `-v` reports, for each kernel: registers, shared memory, spills.
  std::string report;
};
/// Assembles with `ptxas`; its words come back as the error.
llvm::Expected<Cubin> assemble(llvm::StringRef ptx, const target::Gpu &gpu,
                               llvm::StringRef ptxas);

} // namespace tensorc::ptx

#endif // TENSORC_COMPILER_CODEGEN_PTX_CODEGEN_H
