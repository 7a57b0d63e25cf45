//===- Cuda.cpp - GPU code beside the CPU's in one module -----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/pipeline/Cuda.h"

#include "compiler/codegen/ptx/Codegen.h"
#include "compiler/fusion/Passes.h"
#include "compiler/lowering/gpu/Passes.h"
#include "compiler/memory/Passes.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/Threading.h"
#include "mlir/Pass/PassManager.h"

using namespace mlir;

namespace tensorc::compiler {

static constexpr llvm::StringLiteral kChip = "kernel.chip";

/// Blocks that keep a multiprocessor busy: one computes while another waits for
/// memory.
static constexpr int64_t kBlocksAtOnce = 2;

FailureOr<std::vector<ChipPlan>> planChips(ModuleOp kernels,
                                           ArrayRef<std::string> chips) {
  std::vector<ChipPlan> plans;
  for (const std::string &chip : chips) {
    ChipPlan plan{chip, kernels.clone()};
    PassManager pm(kernels.getContext(), ModuleOp::getOperationName());
    SplitReductionsPassOptions options;
    options.workers =
        kBlocksAtOnce * simt::TargetInfo::forChip(chip).multiprocessors;
    pm.addPass(createSplitReductionsPass(options));
    pm.addPass(createPlanMemoryPass());
    if (failed(pm.run(*plan.module)))
      return failure();
    plans.push_back(std::move(plan));
  }
  return plans;
}

LogicalResult lowerChips(ModuleOp module, std::vector<ChipPlan> plans,
                         bool tf32) {
  for (ChipPlan &plan : plans) {
    ModuleOp inner = plan.module.release();
    module.push_back(inner);
    inner.setSymName(plan.chip);
    inner->setAttr(kChip, StringAttr::get(module.getContext(), plan.chip));
    PassManager pm(module.getContext(), ModuleOp::getOperationName());
    simt::TargetInfo target = simt::TargetInfo::forChip(plan.chip);
    target.tf32 = tf32;
    pm.addPass(simt::createLowerGpuPass(target));
    if (failed(pm.run(inner)))
      return failure();
  }
  return success();
}

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
                                             const ptx::Chip &chip) {
  PassManager pm(module.getContext(), ModuleOp::getOperationName());
  ptx::buildNVVMPipeline(pm);
  if (failed(pm.run(module)))
    return failure();
  auto kernels = llvm::to_vector(module.getOps<gpu::GPUModuleOp>());
  std::vector<std::string> texts(kernels.size());
  auto compile = [&](size_t i) -> LogicalResult {
    FailureOr<std::string> text = ptx::emitPtx(kernels[i], chip);
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
static void addCubin(ModuleOp module, const ptx::Chip &chip, CudaCode &code) {
  static const std::string ptxas = ptx::findPtxas();
  if (ptxas.empty() || code.kernels.empty())
    return;
  llvm::Expected<ptx::Cubin> cubin = ptx::assemble(code.ptx, chip, ptxas);
  if (cubin) {
    code.cubin.assign(cubin->bytes.begin(), cubin->bytes.end());
    return;
  }
  std::string words = llvm::toString(cubin.takeError());
  emitWarning(UnknownLoc::get(module.getContext()))
      << "no machine code for `" << chip.name
      << "` in the object, the driver will compile its PTX: "
      << StringRef(words).trim();
}

FailureOr<std::vector<CudaCode>> compileChips(ModuleOp module,
                                              const Model &model) {
  std::vector<CudaCode> codes;
  for (ModuleOp inner : llvm::make_early_inc_range(module.getOps<ModuleOp>())) {
    auto name = inner->getAttrOfType<StringAttr>(kChip);
    if (!name)
      continue;
    FailureOr<ptx::Chip> chip = ptx::Chip::named(name);
    if (failed(chip))
      return inner.emitError("the GPU is `")
             << name.getValue() << "`, expected one of " << ptx::Chip::known();
    CudaCode code;
    code.chip = chip->name;
    if (failed(describeKernels(inner, code)) ||
        failed(planLaunches(inner, model, code)))
      return failure();
    FailureOr<std::string> text = compileKernels(inner, *chip);
    if (failed(text))
      return failure();
    code.ptx = std::move(*text);
    addCubin(inner, *chip, code);
    codes.push_back(std::move(code));
    inner.erase();
  }
  return codes;
}

} // namespace tensorc::compiler
