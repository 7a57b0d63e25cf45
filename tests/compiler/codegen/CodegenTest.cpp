//===- CodegenTest.cpp - What the machine code looks like -----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/cpu/Codegen.h"
#include "compiler/codegen/cpu/Parts.h"
#include "compiler/lowering/cpu/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "tests/compiler/lowering/GenericText.h"
#include "tests/compiler/lowering/KernelTest.h"
#include "llvm/Object/ObjectFile.h"
#include <set>
#include <sstream>

using namespace tensorc;
using namespace tensorc::test;

static std::string addRelu() {
  return generic(2, {{"64x1000", "d0, d1"}, {"64x1000", "d0, d1"}},
                 {{"64x1000", "d0, d1"}}, "", R"mlir(
    %s = arith.addf %x0, %x1 : f32
    %zero = arith.constant 0.0 : f32
    %y = arith.maximumf %s, %zero : f32
    kernel.yield %y : f32)mlir");
}

/// The lines of the innermost loop: from a label to the first jump back to it.
static std::vector<std::string> innerLoop(const std::string &assembly) {
  std::vector<std::string> lines, best;
  std::istringstream stream(assembly);
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  for (size_t i = 0; i < lines.size(); ++i) {
    size_t jump = lines[i].find("\tj");
    if (jump == std::string::npos)
      continue;
    std::string label = lines[i].substr(lines[i].find_last_of("\t ") + 1) + ":";
    for (size_t k = i; k-- > 0;) {
      if (lines[k].rfind(label, 0) == 0) {
        std::vector<std::string> loop(lines.begin() + long(k) + 1,
                                      lines.begin() + long(i) + 1);
        if (best.empty() || loop.size() < best.size())
          best = loop;
        break;
      }
      if (lines[k].rfind(".LBB", 0) == 0)
        break;
    }
  }
  return best;
}

TEST(Codegen, LoopsOverNativeVectors) {
  for (const target::Cpu &cpu : hostCpus()) {
    CompiledKernel kernel(*parse(addRelu()), cpu);
    ASSERT_TRUE(kernel.valid());
    std::vector<std::string> loop = innerLoop(kernel.assembly());
    ASSERT_FALSE(loop.empty()) << kernel.assembly();
    std::string text;
    int stores = 0, sums = 0, maxima = 0;
    for (const std::string &line : loop) {
      text += line + "\n";
      std::string reg = cpu.hasMasks ? "%zmm" : "%ymm";
      sums += line.find("vaddps") != std::string::npos &&
              line.find(reg) != std::string::npos;
      maxima += line.find("vmaxps") != std::string::npos;
      stores += line.find("vmov") != std::string::npos && line.back() == ')';
    }
    EXPECT_EQ(sums, 4) << text;
    // One instruction for a ReLU that keeps NaN.
    EXPECT_EQ(maxima, 4) << text;
    EXPECT_EQ(stores, 4) << text;
    EXPECT_EQ(text.find("rsp"), std::string::npos) << text;
    EXPECT_LE(loop.size(), 4u * 4 + 3) << text;
  }
}

static std::string object(llvm::StringRef name, int optLevel) {
  auto module = parse(addRelu());
  mlir::PassManager pm(&context());
  cpu::LowerCpuPassOptions options;
  options.cpu = name.str();
  pm.addPass(cpu::createLowerCpuPass(options));
  cpu::buildLLVMPipeline(pm);
  EXPECT_TRUE(succeeded(pm.run(*module)));
  cpu::setTarget(*module, *target::findCpu(name));
  auto bytes = cpu::emitObject(*module, {optLevel});
  EXPECT_TRUE(succeeded(bytes));
  return std::string(bytes->begin(), bytes->end());
}

TEST(Codegen, GivesTheSameBytes) {
  for (int optLevel : {0, 3}) {
    std::string first = object("x86-64-v4", optLevel);
    EXPECT_EQ(first.substr(0, 4), "\x7f"
                                  "ELF");
    for (int i = 0; i < 3; ++i)
      EXPECT_TRUE(first == object("x86-64-v4", optLevel));
  }
  EXPECT_FALSE(object("x86-64-v4", 3) == object("x86-64-v3", 3));
}

/// Enough kernels for several parts.
static std::string manyKernels() {
  std::string text;
  for (int i = 0; i < 30; ++i) {
    std::string n = std::to_string(100 + i),
                kernel = generic(2, {{n + "x33", "d0, d1"}},
                                 {{n + "x33", "d0, d1"}}, "1",
                                 "%m = kernel.reduce add %x0 : f32\n"
                                 "%c = arith.constant " +
                                     n + R"mlir(.0 : f32
    %d = arith.divf %x0, %c : f32
    %e = math.exp %d : f32
    %f = arith.addf %e, %m : f32
    kernel.yield %f : f32)mlir");
    kernel.replace(kernel.find("@k"), 2, "@k" + std::to_string(i));
    text += kernel;
  }
  return text;
}

/// A function that calls all of the module's, and one outside.
static void addCaller(mlir::ModuleOp module) {
  using namespace mlir;
  auto b = OpBuilder::atBlockEnd(module.getBody());
  Location loc = module.getLoc();
  auto funcs = llvm::to_vector(module.getOps<LLVM::LLVMFuncOp>());
  LLVM::LLVMFunctionType type = funcs.front().getFunctionType();
  funcs.push_back(LLVM::LLVMFuncOp::create(b, loc, "outside", type));
  auto caller = LLVM::LLVMFuncOp::create(b, loc, "caller", type);
  b.setInsertionPointToStart(caller.addEntryBlock(b));
  Value last;
  for (LLVM::LLVMFuncOp func : funcs) {
    if (!func.isExternal())
      func.setLinkage(LLVM::Linkage::Internal);
    last =
        LLVM::CallOp::create(b, loc, func, caller.getArguments()).getResult();
  }
  LLVM::ReturnOp::create(b, loc, last);

  // And a global that refers to one.
  b.setInsertionPointToEnd(module.getBody());
  auto global = LLVM::GlobalOp::create(
      b, loc, LLVM::LLVMPointerType::get(b.getContext()), /*isConstant=*/true,
      LLVM::Linkage::External, "table", Attribute());
  b.createBlock(&global.getInitializerRegion());
  LLVM::ReturnOp::create(
      b, loc, LLVM::AddressOfOp::create(b, loc, funcs[1]).getResult());
}

/// `manyKernels` and their caller in LLVM's dialect.
static mlir::OwningOpRef<mlir::ModuleOp>
lowered(mlir::MLIRContext &own, const char *cpu = "x86-64-v4") {
  auto module = mlir::parseSourceString<mlir::ModuleOp>(manyKernels(), &own);
  EXPECT_TRUE(module);
  mlir::PassManager pm(&own);
  cpu::LowerCpuPassOptions options;
  options.cpu = cpu;
  pm.addPass(cpu::createLowerCpuPass(options));
  cpu::buildLLVMPipeline(pm);
  EXPECT_TRUE(succeeded(pm.run(*module)));
  addCaller(*module);
  cpu::setTarget(*module, *target::findCpu(cpu));
  return module;
}

/// The object of `manyKernels`, compiled in a context of its own.
static std::string largeObject(mlir::MLIRContext::Threading threading,
                               const char *cpu = "x86-64-v4") {
  mlir::MLIRContext own(context().getDialectRegistry(), threading);
  own.loadAllAvailableDialects();
  auto module = lowered(own, cpu);
  auto bytes = cpu::emitObject(*module);
  EXPECT_TRUE(succeeded(bytes));
  return std::string(bytes->begin(), bytes->end());
}

TEST(Parts, GiveTheSameBytesOnAnyNumberOfThreads) {
  std::string one = largeObject(mlir::MLIRContext::Threading::DISABLED);
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(one == largeObject(mlir::MLIRContext::Threading::ENABLED));
}

TEST(Parts, RunAsOneObject) {
  auto module = parse(manyKernels());
  for (const target::Cpu &cpu : runnableCpus()) {
    CompiledKernel compiled(*module, cpu);
    ASSERT_TRUE(compiled.valid());
    for (auto func : module->getOps<kernel::FuncOp>()) {
      std::mt19937 generator(1);
      auto type = mlir::cast<mlir::MemRefType>(func.getArgumentTypes()[0]);
      HostBuffer in(type, {}), out(type, {}), expected(type, {});
      in.randomize(generator);
      interpret(func, {&in, &expected});
      compiled.run(func.getSymName(), {&in, &out}, {});
      EXPECT_EQ(out.difference(expected, 1e-4), "") << func.getSymName().str();
    }
  }
}

TEST(Parts, AreOneValidObject) {
  for (const char *cpu : {"x86-64-v4", "aarch64"}) {
    std::string bytes = largeObject(mlir::MLIRContext::Threading::ENABLED, cpu);
    auto object = llvm::object::ObjectFile::createObjectFile(
        llvm::MemoryBufferRef(bytes, "parts"));
    ASSERT_TRUE(bool(object)) << llvm::toString(object.takeError());
    // What parts call of each other has its name once.
    std::multiset<std::string> defined, undefined;
    for (const llvm::object::SymbolRef &symbol : (*object)->symbols()) {
      std::string name = cantFail(symbol.getName()).str();
      bool isUndefined =
          cantFail(symbol.getFlags()) & llvm::object::SymbolRef::SF_Undefined;
      if (!name.empty() && name[0] != '.')
        (isUndefined ? undefined : defined).insert(name);
    }
    for (int i = 0; i < 30; ++i)
      EXPECT_EQ(defined.count("k" + std::to_string(i)), 1u) << i;
    EXPECT_EQ(undefined, std::multiset<std::string>{"outside"});
    // Each relocation lies in its section.
    int count = 0;
    for (const llvm::object::SectionRef &section : (*object)->sections()) {
      auto target = cantFail(section.getRelocatedSection());
      for (const llvm::object::RelocationRef &place : section.relocations()) {
        EXPECT_LT(place.getOffset(), target->getSize());
        ++count;
      }
    }
    EXPECT_GT(count, 30);
  }
}

TEST(Parts, ReturnToTheModule) {
  mlir::MLIRContext own(context().getDialectRegistry());
  own.loadAllAvailableDialects();
  auto module = lowered(own);
  auto print = [&] {
    std::string text;
    llvm::raw_string_ostream stream(text);
    module->print(stream);
    return text;
  };
  std::string before = print();
  {
    cpu::ModuleParts parts(*module);
    EXPECT_GE(parts.size(), 2u);
    for (size_t i = 0; i < parts.size(); ++i)
      EXPECT_TRUE(succeeded(mlir::verify(parts[i])));
    EXPECT_NE(print(), before);
  }
  EXPECT_EQ(print(), before);
}

TEST(Codegen, PutsFunctionsIntoSections) {
  EXPECT_NE(object("x86-64-v4", 3).find(".text.k"), std::string::npos);
}

TEST(Codegen, KeepsToTheCpu) {
  CompiledKernel kernel(*parse(addRelu()), *target::findCpu("x86-64-v3"));
  ASSERT_TRUE(kernel.valid());
  EXPECT_EQ(kernel.assembly().find("zmm"), std::string::npos);
  EXPECT_EQ(kernel.assembly().find("%k1"), std::string::npos);
}

TEST(Codegen, RefusesOtherCpus) {
  auto module = parse(addRelu());
  std::string words;
  mlir::ScopedDiagnosticHandler handler(&context(),
                                        [&](mlir::Diagnostic &diagnostic) {
                                          words += diagnostic.str();
                                          return mlir::success();
                                        });
  mlir::PassManager pm(&context());
  cpu::LowerCpuPassOptions options;
  options.cpu = "x86-64-v2";
  pm.addPass(cpu::createLowerCpuPass(options));
  EXPECT_TRUE(failed(pm.run(*module)));
  EXPECT_EQ(words,
            "the CPU is `x86-64-v2`, expected one of x86-64-v3, x86-64-v4, "
            "aarch64");
}
