//===- Library.h - libclc's functions of f64 --------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_CODEGEN_PTX_LIBRARY_H
#define TENSORC_COMPILER_CODEGEN_PTX_LIBRARY_H

#include "llvm/ADT/StringRef.h"
#include <memory>

namespace llvm {
class LLVMContext;
class Module;
} // namespace llvm

namespace mlir {
class Operation;
} // namespace mlir

namespace tensorc::ptx {

/// The library's function of f64 for an op; empty where there is none.
llvm::StringRef libraryFunction(mlir::Operation *op);

/// All of the library, a copy of the bitcode in this program: pure functions of
/// scalars, with tables in global memory, which any target can compile.
std::unique_ptr<llvm::Module> loadLibrary(llvm::LLVMContext &context);

/// Puts those of the library's functions that `module` calls into it, to be
/// inlined.
void linkLibrary(llvm::Module &module);

} // namespace tensorc::ptx

#endif // TENSORC_COMPILER_CODEGEN_PTX_LIBRARY_H
