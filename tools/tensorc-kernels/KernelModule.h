//===- KernelModule.h - The kernels of eager mode ---------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TOOLS_TENSORC_KERNELS_KERNELMODULE_H
#define TENSORC_TOOLS_TENSORC_KERNELS_KERNELMODULE_H

#include "compiler/target/Cpu.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OwningOpRef.h"

#include <array>
#include <map>
#include <string>

namespace tensorc::compiler {

/// A kernel of eager mode.
struct EagerKernel {
  std::string symbol; ///< its `kernel.func`; several may share one
  llvm::SmallVector<mlir::MemRefType> arguments;
  std::string failure = {}; ///< what is wrong where it fails; empty: it can't
};
/// By the names that the runtime asks for: `add.f32`.
using KernelList = std::map<std::string, EagerKernel>;

/// The `kernel.func`s of eager mode: one for each elementwise op and reduction
/// and element type, those of products and windows, and those in `files`, for
/// the element types that these name. Null after a diagnostic.
mlir::OwningOpRef<mlir::ModuleOp>
buildKernels(mlir::MLIRContext &context, llvm::ArrayRef<std::string> files,
             KernelList &kernels);

/// An argument as the runtime's tables describe it: rank, which sizes are
/// passed, which strides (`tensorc_eager_argument`).
std::array<int32_t, 3> describeArgument(mlir::MemRefType type);

/// Adds `tensorc_eager_kernels` (runtime/eager/Kernels.h) to a module in the
/// LLVM dialect that holds every kernel for each of `cpus`.
void addKernelTable(mlir::ModuleOp module, const KernelList &kernels,
                    llvm::ArrayRef<const target::Cpu *> cpus);

} // namespace tensorc::compiler

#endif // TENSORC_TOOLS_TENSORC_KERNELS_KERNELMODULE_H
