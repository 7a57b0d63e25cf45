//===- Codegen.cpp - LLVM dialect to machine code -------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/cpu/Codegen.h"
#include "compiler/codegen/cpu/Parts.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "mlir/Target/LLVMIR/LLVMTranslationInterface.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/LICM.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"
#include "llvm/Transforms/Scalar/LoopRotation.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"
#include <atomic>
#include <thread>

using namespace mlir;
using namespace tensorc;
using namespace tensorc::cpu;

void cpu::registerTranslations(DialectRegistry &registry) {
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

/// Lets `context` translate to LLVM IR, if it can't yet.
static void prepare(MLIRContext *context) {
  if (context->getOrLoadDialect<LLVM::LLVMDialect>()
          ->getRegisteredInterface<LLVMTranslationDialectInterface>())
    return;
  DialectRegistry registry;
  cpu::registerTranslations(registry);
  context->appendDialectRegistry(registry);
}

void cpu::setTarget(ModuleOp module, const target::Cpu &cpu,
                    llvm::StringRef tune) {
  Builder b(module.getContext());
  module->setAttr(LLVM::LLVMDialect::getTargetTripleAttrName(),
                  b.getStringAttr(cpu.architecture.triple));
  // Emitters choose the vectors; LLVM is not to split them.
  Attribute width = b.getStrArrayAttr({"prefer-vector-width", "512"});
  Attribute noUnwind = b.getStringAttr("nounwind");
  for (auto func : module.getOps<LLVM::LLVMFuncOp>()) {
    if (func.isExternal())
      continue;
    func.setTargetCpu(cpu.llvmName);
    if (!tune.empty())
      func.setTuneCpu(tune);
    func.setPassthroughAttr(cpu.vectorBytes == 64
                                ? b.getArrayAttr({noUnwind, width})
                                : b.getArrayAttr({noUnwind}));
  }
}

const target::Architecture &cpu::architectureOf(ModuleOp module) {
  auto triple = module->getAttrOfType<StringAttr>(
      LLVM::LLVMDialect::getTargetTripleAttrName());
  for (const target::Cpu &known : target::cpus())
    if (triple && known.architecture.triple == triple.getValue())
      return known.architecture;
  return target::cpus().front().architecture;
}

/// A target machine; what a function is compiled for stands in its attributes.
static std::unique_ptr<llvm::TargetMachine>
makeTargetMachine(const target::Architecture &architecture,
                  const CodegenOptions &options) {
  architecture.initialize();
  llvm::Triple triple(architecture.triple);
  std::string error;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, error);
  assert(target && "LLVM has been built without this architecture");
  llvm::TargetOptions targetOptions;
  targetOptions.FunctionSections = true;
  targetOptions.DataSections = true;
  return std::unique_ptr<llvm::TargetMachine>(target->createTargetMachine(
      triple, architecture.baseCpu, "", targetOptions, llvm::Reloc::PIC_,
      llvm::CodeModel::Small,
      options.optLevel == 0 ? llvm::CodeGenOptLevel::None
                            : llvm::CodeGenOptLevel::Default));
}

/// The passes that emitted code gains from: addresses and invariants out of
/// loops, constants folded. No vectorizer, no unroller: those make it slower.
static void optimize(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::PassBuilder builder(&machine);
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager graphs;
  llvm::ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(graphs);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, graphs, modules);

  llvm::FunctionPassManager passes;
  passes.addPass(llvm::SROAPass(llvm::SROAOptions::ModifyCFG));
  passes.addPass(llvm::InstCombinePass());
  passes.addPass(llvm::SimplifyCFGPass());
  llvm::LoopPassManager loopPasses;
  loopPasses.addPass(llvm::LoopRotatePass());
  loopPasses.addPass(llvm::LICMPass(llvm::LICMOptions()));
  passes.addPass(llvm::createFunctionToLoopPassAdaptor(std::move(loopPasses),
                                                       /*UseMemorySSA=*/true));
  passes.addPass(llvm::EarlyCSEPass(/*UseMemorySSA=*/true));
  passes.addPass(llvm::InstCombinePass());
  passes.addPass(llvm::SimplifyCFGPass());
  llvm::ModulePassManager all;
  all.addPass(llvm::createModuleToFunctionPassAdaptor(std::move(passes)));
  all.run(module, modules);
}

/// Stores the element of each masked store of one element by itself. LLVM 22
/// does so, too, in x86's instruction selection, but where a truncation comes
/// before it stores the element in front of that, with bytes that are others'.
static void storeSingleElements(llvm::Module &module) {
  llvm::SmallVector<llvm::IntrinsicInst *> stores;
  for (llvm::Function &function : module)
    for (llvm::Instruction &instruction : llvm::instructions(function))
      if (auto *call = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
          call && call->getIntrinsicID() == llvm::Intrinsic::masked_store)
        stores.push_back(call);
  for (llvm::IntrinsicInst *call : stores) {
    // (value, pointer, mask)
    auto *mask = llvm::dyn_cast<llvm::Constant>(
        call->getArgOperand(call->arg_size() - 1));
    auto *type = llvm::dyn_cast<llvm::FixedVectorType>(
        call->getArgOperand(0)->getType());
    if (!mask || !type)
      continue;
    llvm::SmallVector<unsigned> lanes;
    for (unsigned i = 0; i < type->getNumElements(); ++i)
      if (llvm::Constant *bit = mask->getAggregateElement(i);
          !bit || !bit->isNullValue())
        lanes.push_back(i);
    if (lanes.size() != 1)
      continue;
    llvm::IRBuilder<> b(call);
    llvm::Value *element =
        b.CreateExtractElement(call->getArgOperand(0), lanes.front());
    llvm::Value *place = b.CreateConstInBoundsGEP1_64(
        type->getElementType(), call->getArgOperand(1), lanes.front());
    b.CreateAlignedStore(element, place, llvm::Align(1));
    call->eraseFromParent();
  }
}

static std::unique_ptr<llvm::Module> translate(ModuleOp module,
                                               llvm::LLVMContext &context,
                                               llvm::TargetMachine &machine,
                                               const CodegenOptions &options) {
  prepare(module.getContext());
  std::unique_ptr<llvm::Module> result =
      translateModuleToLLVMIR(module, context, "tensorc",
                              /*disableVerification=*/!options.verify);
  if (!result)
    return nullptr;
  result->setTargetTriple(machine.getTargetTriple());
  result->setDataLayout(machine.createDataLayout());
  if (options.optLevel > 0)
    optimize(*result, machine);
  storeSingleElements(*result);
  return result;
}

std::unique_ptr<llvm::Module>
cpu::translateToLLVM(ModuleOp module, llvm::LLVMContext &context,
                     const CodegenOptions &options) {
  auto machine = makeTargetMachine(architectureOf(module), options);
  return translate(module, context, *machine, options);
}

FailureOr<std::string> cpu::emitLLVM(ModuleOp module,
                                     const CodegenOptions &options) {
  llvm::LLVMContext context;
  auto translated = translateToLLVM(module, context, options);
  if (!translated)
    return failure();
  std::string text;
  llvm::raw_string_ostream stream(text);
  translated->print(stream, nullptr);
  return text;
}

static FailureOr<llvm::SmallVector<char, 0>>
emitFile(ModuleOp module, const CodegenOptions &options,
         llvm::CodeGenFileType type) {
  llvm::LLVMContext context;
  auto machine = makeTargetMachine(architectureOf(module), options);
  auto translated = translate(module, context, *machine, options);
  if (!translated)
    return failure();
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  llvm::legacy::PassManager passes;
  [[maybe_unused]] bool isUnsupported = machine->addPassesToEmitFile(
      passes, stream, nullptr, type, /*DisableVerify=*/true);
  assert(!isUnsupported && "CPUs have objects and assembly");
  passes.run(*translated);
  return bytes;
}

FailureOr<std::string> cpu::emitAssembly(ModuleOp module,
                                         const CodegenOptions &options) {
  auto bytes = emitFile(module, options, llvm::CodeGenFileType::AssemblyFile);
  if (failed(bytes))
    return failure();
  return std::string(bytes->begin(), bytes->end());
}

/// Runs `body` for [0, count), on several threads where the context allows it.
static void forEachPart(MLIRContext *context, size_t count,
                        llvm::function_ref<void(size_t)> body) {
  std::atomic<size_t> next = 0;
  auto work = [&] {
    for (size_t i; (i = next++) < count;)
      body(i);
  };
  size_t threads =
      context->isMultithreadingEnabled()
          ? std::min<size_t>(count,
                             std::max(1u, std::thread::hardware_concurrency()))
          : 1;
  context->enterMultiThreadedExecution();
  std::vector<std::thread> others;
  for (size_t i = 1; i < threads; ++i)
    others.emplace_back(work);
  work();
  for (std::thread &thread : others)
    thread.join();
  context->exitMultiThreadedExecution();
}

FailureOr<llvm::SmallVector<char, 0>>
cpu::emitObject(ModuleOp module, const CodegenOptions &options) {
  prepare(module.getContext());
  ModuleParts parts(module);
  std::vector<llvm::SmallVector<char, 0>> objects(parts.size());
  std::atomic<bool> isValid = true;
  forEachPart(module.getContext(), parts.size(), [&](size_t i) {
    auto object =
        emitFile(parts[i], options, llvm::CodeGenFileType::ObjectFile);
    if (failed(object))
      isValid = false;
    else
      objects[i] = std::move(*object);
  });
  if (!isValid)
    return failure();
  if (objects.size() == 1)
    return std::move(objects.front());
  return joinObjects(objects);
}
