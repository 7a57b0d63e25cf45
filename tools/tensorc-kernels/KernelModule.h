//===- KernelModule.h - The kernels of eager mode ---------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TOOLS_TENSORC_KERNELS_KERNELMODULE_H
#define TENSORC_TOOLS_TENSORC_KERNELS_KERNELMODULE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <map>
#include <string>

namespace tensorc::compiler {

/// The name that the runtime asks for (`add.f32`) and the `kernel.func` behind
/// it; several names may share one.
using KernelNames = std::map<std::string, std::string>;

/// The `kernel.func`s of eager mode: one for each elementwise op and reduction
/// and element type, and those in the file `structured`, for each element type.
/// Null after a diagnostic.
mlir::OwningOpRef<mlir::ModuleOp> buildKernels(mlir::MLIRContext &context,
                                               llvm::StringRef structured,
                                               KernelNames &names);

/// Adds `tensorc_kernels` and `tensorc_kernel_count` to a module in the LLVM
/// dialect: entries {name, code for each level}, sorted by name, laid out as
/// `tensorc_eager_kernel` in runtime/eager/KernelTable.h.
void addKernelTable(mlir::ModuleOp module, const KernelNames &names,
                    llvm::ArrayRef<int> levels);

} // namespace tensorc::compiler

#endif // TENSORC_TOOLS_TENSORC_KERNELS_KERNELMODULE_H
