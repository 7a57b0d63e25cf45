//===- Model.h - What an artifact says about itself -------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_ARTIFACT_MODEL_H
#define TENSORC_COMPILER_ARTIFACT_MODEL_H

#include "compiler/support/Specialize.h"
#include "compiler/support/StateLayout.h"
#include "compiler/target/Variant.h"
#include "tensorc/sym_expr.h"

#include "mlir/IR/BuiltinOps.h"

#include <string>
#include <vector>

namespace tensorc::compiler {

/// An input or output of an exported function.
struct ModelBuffer {
  std::string name;
  mlir::MemRefType type;
};

/// An exported function.
struct ModelFunction {
  std::string name;
  /// Sizes that a call says, in the order of its arguments.
  std::vector<Symbol> symbols;
  std::vector<ModelBuffer> inputs, outputs;
  std::vector<std::string> state; ///< names of the state that it uses
  bool updatesState = false;
  int64_t workspaceBytes = 0;
  int64_t launches = 0;
  /// What there is code of its own for, the first that fits being called.
  std::vector<SymbolValues> specialized;
};

/// Everything that the header, the manifest and the object's entry points say
/// about a compiled model.
struct Model {
  std::string prefix;
  std::vector<ModelFunction> functions;
  StateLayout state;
  /// With code inside, ascending; CPUs are of one architecture.
  std::vector<const target::Cpu *> cpus;
  std::vector<const target::Gpu *> gpus;
  std::string contentHash;         ///< of everything compiled in
  std::vector<std::string> checks; ///< what numbered checks say, 1 first

  /// The `tensorc_cpu` that can call it at least; 0 where there is no code for
  /// CPUs.
  int32_t leastCpu() const { return cpus.empty() ? 0 : cpus.front()->id; }
};

/// Reads the description off a module of variants with planned programs.
mlir::FailureOr<Model> describeModel(mlir::ModuleOp module,
                                     llvm::StringRef prefix);

/// Gives each check with words of its own a number, for GPUs.
void numberChecks(mlir::ModuleOp module);

/// The C name of `name`: `conv1.weight` → `conv1_weight`; one that a parameter
/// can have, where it is no keyword.
std::string identifier(llvm::StringRef name);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_ARTIFACT_MODEL_H
