//===- CudaProgram.h - GPU code as data of an object ------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `tensorc/abi_cuda.h` describes, as the compiler makes it.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_ARTIFACT_CUDAPROGRAM_H
#define TENSORC_COMPILER_ARTIFACT_CUDAPROGRAM_H

#include "compiler/artifact/Model.h"
#include "tensorc/abi_cuda.h"

#include "llvm/ADT/StringMap.h"

#include <array>
#include <map>

namespace tensorc::compiler {

/// How a kernel is launched.
struct CudaKernel {
  std::array<int32_t, 3> grid{1, 1, 1}, block{1, 1, 1};
  int32_t sharedBytes = 0; ///< that the launch has to ask for
  bool canFail = false;    ///< its last parameter is the status
};

struct CudaLaunch {
  std::string kernel;
  std::vector<tensorc_cuda_argument> arguments;
};

/// A function of the model, in the model's order.
struct CudaFunction {
  std::vector<CudaLaunch> launches;
  int64_t workspaceBytes = 0;
};

/// All code for one GPU.
struct CudaCode {
  const target::Gpu *gpu = nullptr;
  std::map<std::string, CudaKernel> kernels;
  std::vector<CudaFunction> functions;
  std::string constants;
  std::string ptx;
  std::string cubin; ///< empty: none
};

/// Fills `functions` and `constants` from a module's planned programs; the
/// kernels are known already. Launches of no blocks are left out.
mlir::LogicalResult planLaunches(mlir::ModuleOp module, const Model &model,
                                 CudaCode &code);

/// Adds `<prefix>_cuda` to `module`, which has `<prefix>_model`.
void addCudaProgram(mlir::ModuleOp module, const Model &model,
                    llvm::ArrayRef<CudaCode> codes);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_ARTIFACT_CUDAPROGRAM_H
