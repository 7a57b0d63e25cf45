//===- Variants.cpp - Code for several targets in one module --------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/pipeline/Variants.h"

#include "compiler/artifact/Entry.h"
#include "compiler/codegen/cpu/Codegen.h"
#include "compiler/codegen/ptx/Codegen.h"
#include "compiler/fusion/Passes.h"
#include "compiler/lowering/cpu/Passes.h"
#include "compiler/lowering/gpu/Passes.h"
#include "compiler/lowering/host/Passes.h"
#include "compiler/memory/Passes.h"
#include "compiler/pipeline/Passes.h"
#include "compiler/support/Specialize.h"
#include "dialects/kernel/KernelDialect.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace tensorc::compiler {

#define GEN_PASS_DEF_MERGEVARIANTSPASS
#include "compiler/pipeline/Passes.h.inc"

/// Calls of certain sizes have code of their own on CPUs alone: no host code
/// runs in front of a GPU's launches that would ask for them.
static void dropSpecialized(ModuleOp variant) {
  auto special = llvm::filter_to_vector(
      variant.getOps<kernel::ProgramOp>(), [](kernel::ProgramOp program) {
        return program->hasAttr(specializesName);
      });
  if (special.empty())
    return;
  for (kernel::ProgramOp program : special)
    program.erase();
  llvm::StringSet<> launched;
  variant.walk(
      [&](kernel::LaunchOp launch) { launched.insert(launch.getKernel()); });
  for (auto kernel :
       llvm::make_early_inc_range(variant.getOps<kernel::FuncOp>()))
    if (!launched.contains(kernel.getSymName()))
      kernel.erase();
}

void makeVariants(OwningOpRef<ModuleOp> &module, const Target &target) {
  Builder b(module->getContext());
  OwningOpRef<ModuleOp> outer =
      ModuleOp::create(UnknownLoc::get(module->getContext()));
  auto add = [&](StringRef name, const Twine &kind) {
    ModuleOp inner = module->clone();
    outer->push_back(inner);
    inner.setSymName(name);
    inner->setAttr(target::targetAttribute, b.getStringAttr(kind));
    return inner;
  };
  for (const target::Cpu *cpu : target.cpus)
    add(cpu->name, cpu->name);
  for (const target::Gpu *gpu : target.gpus)
    dropSpecialized(add(gpu->name, target::gpuPrefix + gpu->name));
  module = std::move(outer);
}

void buildPlanPipeline(OpPassManager &pm) {
  OpPassManager &variants = pm.nest<ModuleOp>();
  variants.addPass(createSplitReductionsPass());
  variants.addPass(createPlanMemoryPass());
  variants.addPass(cpu::createScheduleCpuPass());
}

void buildLoweringPipeline(OpPassManager &pm, bool tf32) {
  OpPassManager &variants = pm.nest<ModuleOp>();
  variants.addPass(cpu::createLowerCpuPass());
  variants.addPass(cpu::createMergeKernelsPass());
  simt::LowerGpuPassOptions options;
  options.tf32 = tf32;
  variants.addPass(simt::createLowerGpuPass(options));
}

void buildTranslationPipeline(OpPassManager &pm) {
  OpPassManager &variants = pm.nest<ModuleOp>();
  ptx::buildPtxPipeline(variants);
  cpu::buildLLVMPipeline(variants);
  variants.addPass(createLowerProgramPass());
}

/// Gives every symbol that `module` defines the suffix of its CPU, in one walk.
static void addSuffix(ModuleOp module, const target::Cpu &cpu) {
  llvm::DenseMap<Attribute, Attribute> names; // references
  for (Operation &op : *module.getBody()) {
    auto function = dyn_cast<FunctionOpInterface>(op);
    auto symbol = dyn_cast<SymbolOpInterface>(op);
    if (!symbol || (function && function.isExternal()))
      continue;
    auto before = FlatSymbolRefAttr::get(symbol.getNameAttr());
    symbol.setName(variantName(symbol.getName(), cpu));
    names[before] = FlatSymbolRefAttr::get(symbol.getNameAttr());
  }
  AttrTypeReplacer replacer;
  replacer.addReplacement(
      [&](FlatSymbolRefAttr name) -> std::optional<Attribute> {
        auto found = names.find(name);
        return found == names.end() ? name : found->second;
      });
  module.walk(
      [&](SymbolUserOpInterface user) { replacer.replaceElementsIn(user); });
}

/// Moves what `variant` holds, as functions that only the object itself sees.
static void takeCode(ModuleOp variant, ModuleOp module, StringRef tune) {
  const target::Cpu &cpu = *target::cpuOf(variant);
  auto triple = LLVM::LLVMDialect::getTargetTripleAttrName();
  addSuffix(variant, cpu);
  cpu::setTarget(variant, cpu, tune);
  module->setAttr(triple, variant->getAttr(triple));
  for (Operation &op : llvm::make_early_inc_range(*variant.getBody())) {
    if (auto function = dyn_cast<LLVM::LLVMFuncOp>(op)) {
      if (!function.isExternal())
        function.setLinkage(LLVM::Linkage::Internal);
      else if (module.lookupSymbol(function.getSymName()))
        continue; // another variant has declared it
    }
    op.moveBefore(variant);
  }
  variant.erase();
}

namespace {

struct MergeVariantsPass : impl::MergeVariantsPassBase<MergeVariantsPass> {
  using Base::Base;
  void runOnOperation() override {
    for (ModuleOp variant :
         llvm::make_early_inc_range(getOperation().getOps<ModuleOp>()))
      if (target::cpuOf(variant))
        takeCode(variant, getOperation(), tune);
  }
};

} // namespace

} // namespace tensorc::compiler
