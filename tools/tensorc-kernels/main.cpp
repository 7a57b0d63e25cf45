//===- main.cpp - Compiles the kernels of eager mode ----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// usage: tensorc-kernels STRUCTURED.mlir.in -o kernels.o
//
// Eager mode runs on kernels that tensorc compiles itself, so that an op's
// arithmetic is written once. For every elementwise op and every reduction of
// the op table this makes a function of that one op with dynamic sizes, for
// each element type that it has; the structured kernels (copies, contractions,
// windows) are read from a file. All go through the phases that models go
// through. The object holds one table, `tensorc_kernels`.
//
//===----------------------------------------------------------------------===//

#include "tools/tensorc-kernels/KernelModule.h"

#include "compiler/codegen/cpu/Codegen.h"
#include "compiler/pipeline/Levels.h"
#include "compiler/pipeline/Pipeline.h"

#include "mlir/IR/Verifier.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;
using namespace tensorc::compiler;

static constexpr int kLevels[] = {3, 4};

static LogicalResult compile(MLIRContext &context, llvm::StringRef structured,
                             llvm::StringRef output) {
  KernelList kernels;
  OwningOpRef<ModuleOp> module = buildKernels(context, structured, kernels);
  if (!module || failed(splitLevels(module, kLevels)) ||
      failed(mergeLevels(*module, StateLayout(), "")))
    return failure();
  addKernelTable(*module, kernels, kLevels);
  if (failed(verify(*module)))
    return failure();
  auto object = tensorc::cpu::emitObject(*module);
  if (failed(object))
    return failure();
  std::error_code error;
  llvm::ToolOutputFile file(output, error, llvm::sys::fs::OF_None);
  if (error)
    return emitError(UnknownLoc::get(&context))
           << output << ": " << error.message();
  file.os().write(object->data(), object->size());
  file.os().close();
  if (file.os().has_error())
    return emitError(UnknownLoc::get(&context)) << output << ": write failed";
  file.keep();
  return success();
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  llvm::cl::opt<std::string> structured(llvm::cl::Positional,
                                        llvm::cl::Required,
                                        llvm::cl::desc("STRUCTURED.mlir.in"));
  llvm::cl::opt<std::string> output("o", llvm::cl::Required,
                                    llvm::cl::desc("the object to write"));
  llvm::cl::ParseCommandLineOptions(argc, argv,
                                    "Compiles the kernels of eager mode\n");
  DialectRegistry registry;
  registerDialects(registry);
  MLIRContext context(registry);
  context.loadAllAvailableDialects();
  return failed(compile(context, structured, output));
}
