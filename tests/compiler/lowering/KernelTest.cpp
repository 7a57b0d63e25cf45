//===- KernelTest.cpp - Compile kernels, run them, compare ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/lowering/KernelTest.h"
#include "compiler/codegen/cpu/Codegen.h"
#include "compiler/lowering/cpu/Passes.h"
#include "compiler/target/Variant.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "tensorc/abi.h"
#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"
#include <cmath>

using namespace mlir;
using namespace tensorc;
using namespace tensorc::test;

MLIRContext &test::context() {
  static MLIRContext *context = [] {
    DialectRegistry registry;
    registry.insert<kernel::KernelDialect, arith::ArithDialect,
                    math::MathDialect, func::FuncDialect>();
    cpu::registerTranslations(registry);
    auto *made = new MLIRContext(registry, MLIRContext::Threading::DISABLED);
    made->loadAllAvailableDialects();
    return made;
  }();
  return *context;
}

OwningOpRef<ModuleOp> test::parse(llvm::StringRef text) {
  auto module = parseSourceString<ModuleOp>(text, &context());
  EXPECT_TRUE(module) << "in the kernel\n" << text.str();
  return module;
}

OwningOpRef<ModuleOp> test::firstVariant(ModuleOp planned) {
  ModuleOp variant = *planned.getOps<ModuleOp>().begin();
  OwningOpRef<ModuleOp> result = variant.clone();
  (*result)->removeAttr(target::targetAttribute);
  return result;
}

llvm::ArrayRef<target::Cpu> test::hostCpus() {
  return target::cpus().take_while(
      [](const target::Cpu &cpu) { return cpu.architecture.name == "x86-64"; });
}

llvm::ArrayRef<target::Cpu> test::runnableCpus() {
  const target::Cpu *best = target::hostCpu();
  return hostCpus().take_while(
      [&](const target::Cpu &cpu) { return best && cpu.id <= best->id; });
}

CompiledKernel::~CompiledKernel() = default;

CompiledKernel::CompiledKernel(ModuleOp source, const target::Cpu &cpu,
                               int optLevel) {
  OwningOpRef<ModuleOp> module = source.clone();
  cpu::LowerCpuPassOptions options;
  options.cpu = cpu.name.str();
  PassManager lower(&context()), toLLVM(&context());
  lower.addPass(cpu::createLowerCpuPass(options));
  cpu::buildLLVMPipeline(toLLVM);
  if (failed(lower.run(*module))) {
    ADD_FAILURE() << "lowering failed";
    return;
  }
  llvm::raw_string_ostream(loweredText) << *module;
  if (failed(toLLVM.run(*module))) {
    ADD_FAILURE() << "conversion to LLVM failed";
    return;
  }
  cpu::setTarget(*module, cpu);
  cpu::CodegenOptions codegen{optLevel};
  auto assembly = cpu::emitAssembly(*module, codegen);
  auto object = cpu::emitObject(*module, codegen);
  if (failed(assembly) || failed(object)) {
    ADD_FAILURE() << "code generation failed";
    return;
  }
  assemblyText = *assembly;
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  jit = llvm::cantFail(llvm::orc::LLJITBuilder().create());
  jit->getMainJITDylib().addGenerator(llvm::cantFail(
      llvm::orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(
          jit->getDataLayout().getGlobalPrefix())));
  // Called where a check fails.
  llvm::orc::SymbolMap runtime;
  runtime[jit->mangleAndIntern("tensorc_rt_fail")] = {
      llvm::orc::ExecutorAddr::fromPtr(&tensorc_rt_fail),
      llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
  llvm::cantFail(jit->getMainJITDylib().define(
      llvm::orc::absoluteSymbols(std::move(runtime))));
  llvm::cantFail(jit->addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(
      llvm::StringRef(object->data(), object->size()))));
}

void *CompiledKernel::address(llvm::StringRef kernel) const {
  return llvm::cantFail(jit->lookup(kernel)).toPtr<void *>();
}

int32_t CompiledKernel::run(llvm::StringRef kernel,
                            llvm::ArrayRef<HostBuffer *> buffers,
                            llvm::ArrayRef<int64_t> sizes, int64_t task,
                            int64_t taskCount) const {
  std::vector<void *> pointers;
  for (HostBuffer *buffer : buffers)
    pointers.push_back(buffer->data());
  auto function = reinterpret_cast<tensorc_kernel_fn>(address(kernel));
  return function(pointers.data(), sizes.data(), task, taskCount);
}

static void addSpecials(HostBuffer &buffer, std::mt19937 &generator) {
  if (!isa<FloatType>(buffer.elementType))
    return;
  static constexpr double specials[] = {NAN, INFINITY, -INFINITY};
  for (int64_t i = 0; i < buffer.extent(); ++i)
    if (generator() % 6 == 0)
      buffer.store(i, {specials[generator() % 3], 0});
}

Arguments test::makeArguments(kernel::FuncOp func,
                              const CheckOptions &options) {
  Arguments arguments;
  std::mt19937 generator(options.seed);
  for (auto [i, type] : llvm::enumerate(func.getArgumentTypes())) {
    auto dynamic = i < options.dynamic.size() ? options.dynamic[i]
                                              : std::vector<int64_t>();
    arguments.storage.emplace_back(cast<MemRefType>(type), dynamic);
    arguments.storage.back().randomize(generator, options.integerLimit);
    if (options.specials)
      addSpecials(arguments.storage.back(), generator);
    arguments.owner.push_back(unsigned(i));
  }
  for (auto [output, input] : options.inPlace)
    arguments.owner[output] = input;
  return arguments;
}
