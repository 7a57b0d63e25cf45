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

#include "compiler/artifact/CudaSizes.h"

#include "mlir/IR/AffineMap.h"

#include <array>
#include <map>

namespace tensorc::compiler {

/// How a kernel is launched.
struct CudaKernel {
  std::array<int32_t, 3> grid{1, 1, 1}, block{1, 1, 1};
  /// How many blocks, a map from the sizes that it is told; null where `grid`
  /// says it.
  mlir::AffineMap blocks;
  int32_t sharedBytes = 0; ///< that the launch has to ask for
  bool canFail = false;    ///< its last parameter is the status
};

struct CudaLaunch {
  std::string kernel;
  std::vector<tensorc_cuda_argument> arguments;
  uint32_t blocks = 0; ///< as in `tensorc_cuda_launch`
  int32_t grid = 1;    ///< in blocks, where that is a number
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

/// All that is for GPUs.
struct CudaCodes {
  std::vector<CudaCode> codes;
  std::vector<CudaSizes> sizes; ///< of each function, in the model's order
};

/// Fills `functions` and `constants` from a module's planned programs, and adds
/// to `sizes`; the kernels are known already. Launches of no blocks are left
/// out.
mlir::LogicalResult planLaunches(mlir::ModuleOp module, const Model &model,
                                 std::vector<CudaSizes> &sizes, CudaCode &code);

/// Adds `<prefix>_cuda` to `module`, which has `<prefix>_model`.
void addCudaProgram(mlir::ModuleOp module, const Model &model,
                    const CudaCodes &cuda);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_ARTIFACT_CUDAPROGRAM_H
