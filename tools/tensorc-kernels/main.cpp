//===- main.cpp - Compiles the kernels of eager mode ----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// usage: tensorc-kernels [FILE.mlir.in…] [--target=cpu|cuda]
// [--emit=obj|mlir|ptx]
//            -o FILE
//
// Eager mode runs on kernels that tensorc compiles itself, so that an op's
// arithmetic is written once. For every elementwise op and every reduction of
// the op table this makes a function of that one op with dynamic sizes, for
// each element type that it has, and fuses it; for products and windows, too,
// whose arguments are then laid out with strides. What the host does by loops
// of its own, GPUs do by kernels that are read from files. All go through the
// phases that models go through. The object holds one table, for CPUs
// `tensorc_eager_kernels`, for GPUs `tensorc_eager_cuda_kernels`.
//
//===----------------------------------------------------------------------===//

#include "tools/tensorc-kernels/CudaKernels.h"

#include "compiler/codegen/cpu/Codegen.h"
#include "compiler/codegen/ptx/Codegen.h"
#include "compiler/pipeline/Passes.h"
#include "compiler/pipeline/Pipeline.h"

#include "mlir/IR/Verifier.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;
using namespace tensorc::compiler;

namespace {
enum class Machine { Cpu, Cuda };
enum class Emit { Object, Mlir, Ptx };
} // namespace

static LogicalResult write(MLIRContext &context, llvm::StringRef output,
                           llvm::StringRef contents) {
  std::error_code error;
  llvm::ToolOutputFile file(output, error, llvm::sys::fs::OF_None);
  if (error)
    return emitError(UnknownLoc::get(&context))
           << output << ": " << error.message();
  file.os() << contents;
  file.os().close();
  if (file.os().has_error())
    return emitError(UnknownLoc::get(&context)) << output << ": write failed";
  file.keep();
  return success();
}

/// Turns the module of `kernel.func`s into one in the LLVM dialect.
static LogicalResult lower(OwningOpRef<ModuleOp> &module,
                           const KernelList &kernels, Machine target) {
  if (target == Machine::Cpu) {
    Target all = llvm::cantFail(parseTarget("fat"));
    makeVariants(module, all);
    PassManager pm(module->getContext());
    buildLoweringPipeline(pm, /*tf32=*/false);
    buildTranslationPipeline(pm);
    pm.addPass(createMergeVariantsPass());
    if (failed(pm.run(*module)))
      return failure();
    addKernelTable(*module, kernels, all.cpus);
    return success();
  }
  CudaKernelCodes codes = compileCudaKernels(*module);
  module = ModuleOp::create(module->getLoc());
  addCudaKernelTable(*module, kernels, codes);
  return success();
}

static LogicalResult compile(MLIRContext &context,
                             llvm::ArrayRef<std::string> files, Machine target,
                             Emit emit, llvm::StringRef output) {
  KernelList kernels;
  OwningOpRef<ModuleOp> module = buildKernels(context, files, kernels);
  if (!module)
    return failure();
  if (emit == Emit::Mlir) {
    std::string text;
    llvm::raw_string_ostream(text) << *module;
    return write(context, output, text);
  }
  if (emit == Emit::Ptx) {
    std::vector<std::string> texts;
    for (const auto &[symbol, code] : compileCudaKernels(*module))
      if (!code.ptx.empty())
        texts.push_back(code.ptx);
    return write(context, output, tensorc::ptx::joinPtx(texts));
  }
  if (failed(lower(module, kernels, target)) || failed(verify(*module)))
    return failure();
  auto object = tensorc::cpu::emitObject(*module);
  if (failed(object))
    return failure();
  return write(context, output,
               llvm::StringRef(object->data(), object->size()));
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  llvm::cl::list<std::string> files(llvm::cl::Positional, llvm::cl::ZeroOrMore,
                                    llvm::cl::desc("FILE.mlir.in…"));
  llvm::cl::opt<Machine> target(
      "target", llvm::cl::desc("what the code is for"),
      llvm::cl::values(clEnumValN(Machine::Cpu, "cpu", "x86-64 CPUs"),
                       clEnumValN(Machine::Cuda, "cuda", "NVIDIA GPUs")),
      llvm::cl::init(Machine::Cpu));
  llvm::cl::opt<Emit> emit(
      "emit", llvm::cl::desc("what to write"),
      llvm::cl::values(clEnumValN(Emit::Object, "obj", "an object"),
                       clEnumValN(Emit::Mlir, "mlir", "the kernel.funcs"),
                       clEnumValN(Emit::Ptx, "ptx", "the GPU code, as text")),
      llvm::cl::init(Emit::Object));
  llvm::cl::opt<std::string> output("o", llvm::cl::Required,
                                    llvm::cl::desc("the file to write"));
  llvm::cl::ParseCommandLineOptions(argc, argv,
                                    "Compiles the kernels of eager mode\n");
  MLIRContext context(dialects());
  context.loadAllAvailableDialects();
  return failed(compile(context, files, target, emit, output));
}
