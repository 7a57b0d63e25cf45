//===- Codegen.h - Lowered kernels to machine code --------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_CODEGEN_CPU_CODEGEN_H
#define TENSORC_COMPILER_CODEGEN_CPU_CODEGEN_H

#include "compiler/target/Cpu.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/SmallVector.h"
#include <memory>
#include <string>

namespace llvm {
class LLVMContext;
class Module;
} // namespace llvm

namespace tensorc::cpu {

struct CodegenOptions {
  /// 0: nothing is optimized, the code is correct all the same; else a lean set
  /// of passes (the emitters have vectorized and unrolled already).
  int optLevel = 3;
  /// Whether LLVM checks what it is given.
  bool verify = true;
};

/// Passes that turn the `func.func`s of a module (func, scf, vector, memref,
/// arith, math, ub, `kernel.binding`, `kernel.size`) into `llvm.func`s; other
/// ops stay. Transcendental functions of f32 become polynomials.
void buildLLVMPipeline(mlir::OpPassManager &pm);

/// Interfaces that the functions below need; also loads no dialect.
void registerTranslations(mlir::DialectRegistry &registry);

/// Says for which CPU the `llvm.func`s of `module` are, and LLVM's name of the
/// CPU to tune for (empty: none in particular).
void setTarget(mlir::ModuleOp module, const target::Cpu &cpu,
               llvm::StringRef tune = {});

/// What a module's code runs on: the architecture of its functions' CPU, or
/// x86-64 where none says.
const target::Architecture &architectureOf(mlir::ModuleOp module);

/// The LLVM IR of a module in the LLVM dialect, optimized; null after a
/// diagnostic.
std::unique_ptr<llvm::Module> translateToLLVM(mlir::ModuleOp module,
                                              llvm::LLVMContext &context,
                                              const CodegenOptions &options);

/// LLVM IR as text, after optimization.
mlir::FailureOr<std::string> emitLLVM(mlir::ModuleOp module,
                                      const CodegenOptions &options = {});
/// Assembly in AT&T syntax.
mlir::FailureOr<std::string> emitAssembly(mlir::ModuleOp module,
                                          const CodegenOptions &options = {});
/// A relocatable ELF object, each function in a section of its own. The same
/// module gives the same bytes.
mlir::FailureOr<llvm::SmallVector<char, 0>>
emitObject(mlir::ModuleOp module, const CodegenOptions &options = {});

} // namespace tensorc::cpu

#endif // TENSORC_COMPILER_CODEGEN_CPU_CODEGEN_H
