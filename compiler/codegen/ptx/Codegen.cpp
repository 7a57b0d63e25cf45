//===- Codegen.cpp - LLVM dialect to PTX ----------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/ptx/Codegen.h"
#include "compiler/codegen/ptx/Library.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/GPU/GPUToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/NVVM/NVVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include <mutex>

using namespace mlir;
using namespace tensorc;
using namespace tensorc::ptx;

static constexpr llvm::StringLiteral targetTriple = "nvptx64-nvidia-cuda";

void ptx::registerTranslations(DialectRegistry &registry) {
  registerBuiltinDialectTranslation(registry);
  registerGPUDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
  registerNVVMDialectTranslation(registry);
}

static std::unique_ptr<llvm::TargetMachine>
makeTargetMachine(const target::Gpu &gpu) {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeNVPTXTargetInfo();
    LLVMInitializeNVPTXTarget();
    LLVMInitializeNVPTXTargetMC();
    LLVMInitializeNVPTXAsmPrinter();
  });
  llvm::Triple triple(targetTriple);
  std::string error;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, error);
  assert(target && "LLVM has been built without NVPTX");
  llvm::TargetOptions options;
  // Products are fused into sums where the code says that they may be.
  options.AllowFPOpFusion = llvm::FPOpFusion::Standard;
  return std::unique_ptr<llvm::TargetMachine>(target->createTargetMachine(
      triple, gpu.name, gpu.features, options, std::nullopt, std::nullopt,
      llvm::CodeGenOptLevel::Aggressive));
}

static void optimize(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = false;
  tuning.SLPVectorization = false;
  llvm::PassBuilder builder(&machine, tuning);
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager graphs;
  llvm::ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(graphs);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, graphs, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2)
      .run(module, modules);
}

FailureOr<std::string> ptx::emitPtx(gpu::GPUModuleOp module,
                                    const target::Gpu &gpu) {
  llvm::LLVMContext context;
  // Names of values would only take space.
  context.setDiscardValueNames(true);
  std::unique_ptr<llvm::Module> translated =
      translateModuleToLLVMIR(module, context, module.getName());
  if (!translated)
    return failure();
  std::unique_ptr<llvm::TargetMachine> machine = makeTargetMachine(gpu);
  translated->setTargetTriple(llvm::Triple(targetTriple));
  translated->setDataLayout(machine->createDataLayout());
  linkLibrary(*translated);
  optimize(*translated, *machine);
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  llvm::legacy::PassManager passes;
  [[maybe_unused]] bool isUnsupported = machine->addPassesToEmitFile(
      passes, stream, nullptr, llvm::CodeGenFileType::AssemblyFile);
  assert(!isUnsupported && "NVPTX has assembly");
  passes.run(*translated);
  return std::string(bytes.begin(), bytes.end());
}

std::string ptx::joinPtx(llvm::ArrayRef<std::string> texts) {
  std::string joined;
  for (const std::string &text : texts) {
    llvm::StringRef rest = text;
    if (!joined.empty()) {
      constexpr llvm::StringLiteral last = ".address_size 64\n";
      size_t position = rest.find(last);
      assert(position != llvm::StringRef::npos && "PTX without a header");
      rest = rest.drop_front(position + last.size());
    }
    joined += rest;
  }
  return joined;
}
