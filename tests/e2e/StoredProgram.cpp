//===- StoredProgram.cpp - Stored values as a GPU's program ---------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// usage: write-stored-program NAME TARGET OBJECT PLANNED
//
// Compiles `stored_model(NAME)` for TARGET to the object file OBJECT, whose
// symbols begin with `stored_NAME`, and writes its planned kernels to PLANNED,
// for an emulator. Fails where `ptxas` is found and doesn't take the PTX.
//
//===----------------------------------------------------------------------===//

#include "compiler/frontend/Frontend.h"
#include "compiler/pipeline/Pipeline.h"
#include "tests/e2e/StoredModel.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace tensorc;
using namespace tensorc::test;

static llvm::ExitOnError check("write-stored-program: ");

static void write(const char *path, llvm::StringRef text) {
  check(llvm::writeToOutput(path, [&](llvm::raw_ostream &out) {
    out << text;
    return llvm::Error::success();
  }));
}

/// Machine code is for one generation of GPUs, and makes the object twice as
/// large.
static void keep_ptx_alone(mlir::ModuleOp module) {
  module.walk([](mlir::gpu::BinaryOp binary) {
    auto objects = llvm::to_vector(binary.getObjects());
    llvm::erase_if(objects, [](mlir::Attribute object) {
      return llvm::cast<mlir::gpu::ObjectAttr>(object).getFormat() ==
             mlir::gpu::CompilationTarget::Binary;
    });
    binary.setObjectsAttr(mlir::ArrayAttr::get(binary.getContext(), objects));
  });
}

int main(int argc, char **argv) {
  if (argc != 5) {
    llvm::errs() << "usage: write-stored-program NAME TARGET OBJECT PLANNED\n";
    return 2;
  }
  compiler::Options options;
  options.prefix = std::string("stored_") + argv[1];
  options.target = check(compiler::parseTarget(argv[2]));
  options.afterPhase = [&](compiler::Phase phase, mlir::ModuleOp module) {
    if (phase == compiler::Phase::Planned) {
      std::string text;
      llvm::raw_string_ostream(text) << module;
      write(argv[4], text);
    } else if (phase == compiler::Phase::Translated) {
      keep_ptx_alone(module);
    }
  };
  std::unique_ptr<StoredModel> stored = stored_model(argv[1]);
  mlir::MLIRContext context(compiler::dialects());
  // Also warnings, as of what `ptxas` refuses.
  bool silent = true;
  mlir::ScopedDiagnosticHandler handler(
      &context, [&](mlir::Diagnostic &diagnostic) {
        llvm::errs() << "write-stored-program: " << diagnostic.str() << "\n";
        silent = false;
      });
  auto traced = compiler::traceModel(&context, stored->model);
  if (failed(traced))
    return 1;
  compiler::Compilation compilation(std::move(*traced), std::move(options));
  if (failed(compilation.runTo(compiler::Phase::Object)) || !silent)
    return 1;
  llvm::ArrayRef<char> object = compilation.object();
  write(argv[3], llvm::StringRef(object.data(), object.size()));
  return 0;
}
