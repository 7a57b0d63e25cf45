//===- CudaKernels.h - Kernels of eager mode for GPUs -----------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TOOLS_TENSORC_KERNELS_CUDAKERNELS_H
#define TENSORC_TOOLS_TENSORC_KERNELS_CUDAKERNELS_H

#include "tools/tensorc-kernels/KernelModule.h"

#include <vector>

namespace tensorc::compiler {

/// GPU code of one kernel: a module of its own, so that a program loads what it
/// uses alone.
struct CudaKernelCode {
  std::string entry;       ///< the name in the PTX
  std::string ptx;         ///< empty: there is no code
  std::string missing;     ///< why not
  int32_t threads = 0;     ///< of a block; any number of blocks is right
  int32_t sharedBytes = 0; ///< that a launch has to ask for
  bool canFail = false;
};
/// By the symbols of `kernel.func`s.
using CudaKernelCodes = std::map<std::string, CudaKernelCode>;

/// Compiles each `kernel.func` of `kernels` for `sm_80`, which every later GPU
/// takes. A kernel that can't be lowered has no code, for the reason of the
/// first diagnostic.
CudaKernelCodes compileCudaKernels(mlir::ModuleOp kernels);

/// Adds `tensorc_eager_cuda_kernels` (runtime/eager/Kernels.h) to an empty
/// module.
void addCudaKernelTable(mlir::ModuleOp module, const KernelList &kernels,
                        const CudaKernelCodes &codes);

} // namespace tensorc::compiler

#endif // TENSORC_TOOLS_TENSORC_KERNELS_CUDAKERNELS_H
