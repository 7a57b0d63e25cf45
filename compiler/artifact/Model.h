//===- Model.h - What an artifact says about itself -------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_ARTIFACT_MODEL_H
#define TENSORC_COMPILER_ARTIFACT_MODEL_H

#include "compiler/support/StateLayout.h"

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
  std::vector<ModelBuffer> inputs, outputs;
  std::vector<std::string> state; ///< names of the state that it uses
  bool updatesState = false;
  int64_t workspaceBytes = 0;
  int64_t launches = 0;
};

/// Everything that the header, the manifest and the object's entry points say
/// about a compiled model.
struct Model {
  std::string prefix;
  std::vector<ModelFunction> functions;
  StateLayout state;
  std::vector<int> levels;        ///< x86-64 levels with code inside, ascending
  std::vector<std::string> chips; ///< GPUs with code inside: `sm_80`
  std::string contentHash;        ///< of everything compiled in
  std::vector<std::string> checks; ///< what numbered checks say, 1 first

  /// The lowest level that can call it; 0 where there is no code for a CPU.
  int minLevel() const { return levels.empty() ? 0 : levels.front(); }
};

/// Reads the description off a module of planned `kernel.program`s.
mlir::FailureOr<Model> describeModel(mlir::ModuleOp module,
                                     llvm::StringRef prefix,
                                     llvm::ArrayRef<int> levels,
                                     llvm::ArrayRef<std::string> chips = {});

/// Gives each check with words of its own a number, for GPUs.
void numberChecks(mlir::ModuleOp module);

/// The C name of `name`: `conv1.weight` → `conv1_weight`; one that a parameter
/// can have, where it is no keyword.
std::string identifier(llvm::StringRef name);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_ARTIFACT_MODEL_H
