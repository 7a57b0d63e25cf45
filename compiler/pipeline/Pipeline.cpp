//===- Pipeline.cpp - The phases, in order --------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/pipeline/Pipeline.h"

#include "compiler/artifact/Entry.h"
#include "compiler/artifact/Names.h"
#include "compiler/autodiff/Passes.h"
#include "compiler/codegen/cpu/Codegen.h"
#include "compiler/codegen/ptx/Codegen.h"
#include "compiler/fusion/Passes.h"
#include "compiler/legalize/Passes.h"
#include "compiler/pipeline/Passes.h"
#include "compiler/simplify/Passes.h"
#include "dialects/graph/GraphDialect.h"
#include "dialects/kernel/KernelDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"

#include <chrono>

using namespace mlir;

namespace tensorc::compiler {

static constexpr std::pair<llvm::StringRef, Phase> kPhases[] = {
    {"graph", Phase::Graph},
    {"backward", Phase::Backward},
    {"simplified", Phase::Simplified},
    {"legalized", Phase::Legalized},
    {"kernels", Phase::Kernels},
    {"planned", Phase::Planned},
    {"lowered", Phase::Lowered},
    {"translated", Phase::Translated},
    {"llvm", Phase::LLVM},
    {"object", Phase::Object}};

ArrayRef<std::pair<StringRef, Phase>> phaseNames() { return kPhases; }

StringRef phaseName(Phase phase) { return kPhases[size_t(phase)].first; }

std::optional<Phase> parsePhase(StringRef name) {
  for (auto [known, phase] : kPhases)
    if (known == name)
      return phase;
  return std::nullopt;
}

static cpu::CodegenOptions codegenOptions(const Options &options) {
  cpu::CodegenOptions result;
  result.optLevel = options.optLevel;
  result.verify = options.verify;
  return result;
}

Compilation::Compilation(OwningOpRef<ModuleOp> graph, Options options)
    : module_(std::move(graph)), options_(std::move(options)) {}
Compilation::~Compilation() = default;

LogicalResult Compilation::runTo(Phase last) {
  while (!started_ || reached_ < last) {
    Phase next = started_ ? Phase(size_t(reached_) + 1) : Phase::Graph;
    auto begin = std::chrono::steady_clock::now();
    if (failed(runPhase(next)))
      return failure();
    std::chrono::duration<double> seconds =
        std::chrono::steady_clock::now() - begin;
    started_ = true;
    reached_ = next;
    times_.emplace_back(next, seconds.count());
    if (options_.afterPhase)
      options_.afterPhase(next, *module_);
  }
  return success();
}

LogicalResult Compilation::runPhase(Phase phase) {
  PassManager pm(module_->getContext());
  pm.enableVerifier(options_.verify);
  switch (phase) {
  case Phase::Graph:
    return selectFunctions();
  case Phase::Backward:
    pm.addPass(createDifferentiatePass());
    return pm.run(*module_);
  case Phase::Simplified:
    if (failed(addSpecialized(*module_, options_.specialize)))
      return failure();
    buildSimplifyPipeline(pm);
    return pm.run(*module_);
  case Phase::Legalized:
    pm.addPass(createLegalizePass());
    return pm.run(*module_);
  case Phase::Kernels:
    pm.addPass(createFusePass({options_.excessPrecision}));
    return pm.run(*module_);
  case Phase::Planned:
    return plan();
  case Phase::Lowered:
    buildLoweringPipeline(pm, options_.tf32);
    return pm.run(*module_);
  case Phase::Translated:
    // The next phase ends with it.
    pm.enableVerifier(false);
    buildTranslationPipeline(pm);
    return pm.run(*module_);
  case Phase::LLVM:
    return linkVariants();
  case Phase::Object: {
    FailureOr<SmallVector<char, 0>> object =
        cpu::emitObject(*module_, codegenOptions(options_));
    if (failed(object))
      return failure();
    object_.assign(object->begin(), object->end());
    return success();
  }
  }
  llvm_unreachable("all phases are handled");
}

/// Keeps the functions that were asked for, and checks these.
LogicalResult Compilation::selectFunctions() {
  auto check = [&] {
    return success(succeeded(verify(*module_)) &&
                   succeeded(checkNames(*module_, options_.prefix)));
  };
  if (options_.functions.empty())
    return check();
  SymbolTable symbols(*module_);
  llvm::SmallPtrSet<Operation *, 8> wanted;
  for (const std::string &name : options_.functions) {
    Operation *function = symbols.lookup(name);
    if (!function) {
      InFlightDiagnostic error =
          emitError(UnknownLoc::get(module_->getContext()));
      error << "no function `" << name << "` in the model; it has";
      llvm::ListSeparator comma(",");
      for (auto known : module_->getOps<func::FuncOp>())
        error << StringRef(comma) << " `" << known.getSymName() << "`";
      return error;
    }
    wanted.insert(function);
  }
  for (auto function :
       llvm::make_early_inc_range(module_->getOps<func::FuncOp>()))
    if (!wanted.contains(function))
      function.erase();
  return check();
}

LogicalResult Compilation::plan() {
  if (!options_.target.gpus.empty())
    numberChecks(*module_);
  makeVariants(module_, options_.target);
  PassManager pm(module_->getContext());
  pm.enableVerifier(options_.verify);
  buildPlanPipeline(pm);
  if (failed(pm.run(*module_)))
    return failure();
  FailureOr<Model> model = describeModel(*module_, options_.prefix);
  if (failed(model))
    return failure();
  model_ = std::move(*model);
  return success();
}

LogicalResult Compilation::linkVariants() {
  FailureOr<CudaCodes> cuda = takeGpuVariants(*module_, model_);
  if (failed(cuda))
    return failure();
  cuda_ = std::move(*cuda);
  PassManager pm(module_->getContext());
  pm.enableVerifier(false);
  pm.addPass(createMergeVariantsPass({options_.target.tune}));
  if (failed(pm.run(*module_)))
    return failure();
  addEntryPoints(*module_, model_);
  if (!cuda_.codes.empty())
    addCudaProgram(*module_, model_, cuda_);
  return success(!options_.verify || succeeded(verify(*module_)));
}

FailureOr<std::string> Compilation::llvmText() {
  return cpu::emitLLVM(*module_, codegenOptions(options_));
}

FailureOr<std::string> Compilation::assembly() {
  return cpu::emitAssembly(*module_, codegenOptions(options_));
}

const DialectRegistry &dialects() {
  static const DialectRegistry all = [] {
    DialectRegistry registry;
    registry.insert<
        graph::GraphDialect, kernel::KernelDialect, scalar::ScalarDialect,
        arith::ArithDialect, cf::ControlFlowDialect, func::FuncDialect,
        LLVM::LLVMDialect, gpu::GPUDialect, math::MathDialect,
        memref::MemRefDialect, nvgpu::NVGPUDialect, NVVM::NVVMDialect,
        scf::SCFDialect, vector::VectorDialect>();
    cpu::registerTranslations(registry);
    ptx::registerTranslations(registry);
    return registry;
  }();
  return all;
}

} // namespace tensorc::compiler
