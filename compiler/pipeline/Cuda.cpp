//===- Cuda.cpp - GPU code beside the CPU's in one module -----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/pipeline/Cuda.h"

#include "compiler/codegen/ptx/Codegen.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/Threading.h"
#include "mlir/Pass/PassManager.h"

using namespace mlir;

namespace tensorc::compiler {

/// How the kernels of a lowered module are launched.
static LogicalResult describeKernels(ModuleOp module, CudaCode &code) {
  for (auto gpuModule : module.getOps<gpu::GPUModuleOp>())
    for (auto func : gpuModule.getOps<gpu::GPUFuncOp>()) {
      DenseI32ArrayAttr grid = func.getKnownGridSizeAttr(),
                        block = func.getKnownBlockSizeAttr();
      if (!grid || !block)
        return func.emitOpError("has no fixed number of threads, expected "
                                "sizes that are known at compile time");
      CudaKernel kernel;
      for (int i = 0; i < 3; ++i) {
        kernel.grid[i] = grid[i];
        kernel.block[i] = block[i];
      }
      kernel.canFail = func->hasAttr("kernel.can_fail");
      if (auto bytes = func->getAttrOfType<IntegerAttr>("kernel.shared_bytes"))
        kernel.sharedBytes = static_cast<int32_t>(bytes.getInt());
      code.kernels[func.getName().str()] = kernel;
    }
  return success();
}

static FailureOr<std::string> compileKernels(ModuleOp module,
                                             const target::Gpu &gpu) {
  PassManager pm(module.getContext(), ModuleOp::getOperationName());
  ptx::buildNVVMPipeline(pm);
  if (failed(pm.run(module)))
    return failure();
  auto kernels = llvm::to_vector(module.getOps<gpu::GPUModuleOp>());
  std::vector<std::string> texts(kernels.size());
  auto compile = [&](size_t i) -> LogicalResult {
    FailureOr<std::string> text = ptx::emitPtx(kernels[i], gpu);
    if (failed(text))
      return failure();
    texts[i] = std::move(*text);
    return success();
  };
  if (failed(failableParallelForEachN(module.getContext(), 0, kernels.size(),
                                      compile)))
    return failure();
  return ptx::joinPtx(texts);
}

/// Assembles with `ptxas`, if there is one.
static void addCubin(ModuleOp module, const target::Gpu &gpu, CudaCode &code) {
  static const std::string ptxas = ptx::findPtxas();
  if (ptxas.empty() || code.kernels.empty())
    return;
  llvm::Expected<ptx::Cubin> cubin = ptx::assemble(code.ptx, gpu, ptxas);
  if (cubin) {
    code.cubin.assign(cubin->bytes.begin(), cubin->bytes.end());
    return;
  }
  std::string words = llvm::toString(cubin.takeError());
  emitWarning(UnknownLoc::get(module.getContext()))
      << "no machine code for `" << gpu.name
      << "` in the object, the driver will compile its PTX: "
      << StringRef(words).trim();
}

FailureOr<std::vector<CudaCode>> compileGpuVariants(ModuleOp module,
                                                    const Model &model) {
  std::vector<CudaCode> codes;
  for (ModuleOp inner : llvm::make_early_inc_range(module.getOps<ModuleOp>())) {
    const target::Gpu *gpu = target::gpuOf(inner);
    if (!gpu)
      continue;
    CudaCode code;
    code.gpu = gpu;
    if (failed(describeKernels(inner, code)) ||
        failed(planLaunches(inner, model, code)))
      return failure();
    FailureOr<std::string> text = compileKernels(inner, *gpu);
    if (failed(text))
      return failure();
    code.ptx = std::move(*text);
    addCubin(inner, *gpu, code);
    codes.push_back(std::move(code));
    inner.erase();
  }
  return codes;
}

} // namespace tensorc::compiler
