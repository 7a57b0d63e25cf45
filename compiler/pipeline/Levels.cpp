//===- Levels.cpp - Code for several CPUs in one module -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/pipeline/Levels.h"

#include "compiler/artifact/Entry.h"
#include "compiler/codegen/cpu/Codegen.h"
#include "compiler/lowering/cpu/Passes.h"
#include "compiler/lowering/host/LowerProgram.h"
#include "dialects/kernel/KernelDialect.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Pass/PassManager.h"

using namespace mlir;

namespace tensorc::compiler {

static constexpr llvm::StringLiteral kLevel = "kernel.level";

/// Gives every symbol of `module` the suffix of its level.
static void addSuffix(ModuleOp module, int level) {
  for (Operation &op : *module.getBody())
    if (auto symbol = dyn_cast<SymbolOpInterface>(op))
      symbol.setName(leveledName(symbol.getName(), level));
  module.walk([&](kernel::LaunchOp launch) {
    launch.setKernel(leveledName(launch.getKernel(), level));
  });
}

LogicalResult splitLevels(OwningOpRef<ModuleOp> &module, ArrayRef<int> levels) {
  OwningOpRef<ModuleOp> outer =
      ModuleOp::create(UnknownLoc::get(module->getContext()));
  for (int level : levels) {
    ModuleOp inner = module->clone();
    outer->push_back(inner);
    inner.setSymName("v" + std::to_string(level));
    addSuffix(inner, level);
    inner->setAttr(kLevel, OpBuilder(inner).getI64IntegerAttr(level));
  }
  module = std::move(outer);
  PassManager pm(module->getContext());
  pm.nest<ModuleOp>().addPass(cpu::createScheduleCpuPass());
  pm.nest<ModuleOp>().addPass(cpu::createLowerCpuPass());
  return pm.run(*module);
}

LogicalResult mergeLevels(ModuleOp module, const StateLayout &state,
                          StringRef tune) {
  PassManager pm(module.getContext());
  // The phase ends with it.
  pm.enableVerifier(false);
  cpu::buildLLVMPipeline(pm.nest<ModuleOp>());
  if (failed(pm.run(module)))
    return failure();
  for (ModuleOp inner : llvm::make_early_inc_range(module.getOps<ModuleOp>())) {
    if (failed(lowerPrograms(inner, state)))
      return failure();
    int64_t level = inner->getAttrOfType<IntegerAttr>(kLevel).getInt();
    cpu::setTarget(inner, level, tune);
    for (Operation &op : llvm::make_early_inc_range(*inner.getBody())) {
      if (auto function = dyn_cast<LLVM::LLVMFuncOp>(op)) {
        if (!function.isExternal())
          function.setLinkage(LLVM::Linkage::Internal);
        else if (module.lookupSymbol(function.getSymName()))
          continue; // another level has declared it
      }
      op.moveBefore(inner);
    }
    inner.erase();
  }
  return success();
}

} // namespace tensorc::compiler
