//===- Cuda.cpp - GPU code beside the CPU's in one module -----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/pipeline/Cuda.h"

#include "compiler/codegen/ptx/Codegen.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"

using namespace mlir;

namespace tensorc::compiler {

/// What a GPU's binary holds; nothing where there is none, as without kernels.
static void readBinary(gpu::BinaryOp binary, CudaCode &code) {
  if (!binary)
    return;
  for (auto object : binary.getObjects().getAsRange<gpu::ObjectAttr>())
    (object.getFormat() == gpu::CompilationTarget::Binary ? code.cubin
                                                          : code.ptx) =
        object.getObject().str();
  for (NamedAttribute each :
       binary->getAttrOfType<DictionaryAttr>(ptx::launchesAttribute)) {
    auto launch = cast<DictionaryAttr>(each.getValue());
    CudaKernel &kernel = code.kernels[each.getName().str()];
    if (auto blocks = launch.getAs<AffineMapAttr>("blocks"))
      kernel.blocks = blocks.getValue();
    else
      llvm::copy(launch.getAs<DenseI32ArrayAttr>("grid").asArrayRef(),
                 kernel.grid.begin());
    llvm::copy(launch.getAs<DenseI32ArrayAttr>("block").asArrayRef(),
               kernel.block.begin());
    kernel.canFail = launch.contains("can_fail");
    if (auto bytes = launch.getAs<IntegerAttr>("shared"))
      kernel.sharedBytes = static_cast<int32_t>(bytes.getInt());
  }
}

FailureOr<CudaCodes> takeGpuVariants(ModuleOp module, const Model &model) {
  CudaCodes cuda;
  for (const ModelFunction &function : model.functions)
    cuda.sizes.emplace_back(function);
  for (ModuleOp inner : llvm::make_early_inc_range(module.getOps<ModuleOp>())) {
    const target::Gpu *gpu = target::gpuOf(inner);
    if (!gpu)
      continue;
    CudaCode code;
    code.gpu = gpu;
    readBinary(inner.lookupSymbol<gpu::BinaryOp>(ptx::binaryName), code);
    if (failed(planLaunches(inner, model, cuda.sizes, code)))
      return failure();
    cuda.codes.push_back(std::move(code));
    inner.erase();
  }
  return cuda;
}

} // namespace tensorc::compiler
