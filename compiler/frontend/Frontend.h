//===- Frontend.h - Model files become graph modules ------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_FRONTEND_FRONTEND_H
#define TENSORC_COMPILER_FRONTEND_FRONTEND_H

#include "compiler/frontend/HostCompiler.h"
#include "compiler/support/StateLayout.h"
#include "tensorc/export.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <memory>

namespace tensorc::compiler {

/// Compiles and loads the model file `path` and collects its exports. Errors
/// are emitted as diagnostics of `context`, at the user's line where known.
/// `dependencies`, unless null, gets the files that it was compiled from.
mlir::FailureOr<std::unique_ptr<ModelExport>>
exportModelFile(mlir::MLIRContext *context, llvm::StringRef path,
                const HostCompilerOptions &options,
                std::vector<std::string> *dependencies = nullptr);

/// Records those of the functions that `functions` names (all, where empty).
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>>
traceModel(mlir::MLIRContext *context, const ModelExport &model,
           llvm::ArrayRef<std::string> functions = {});

/// Writes the initial values of the state in `layout` to the safetensors file
/// `path`, which says in its metadata that it holds such. Atomic: on an error
/// the old file, if any, is intact.
llvm::Error writeInitialState(const ModelExport &model,
                              const StateLayout &layout, llvm::StringRef path);

/// Whether the file `path` can be written anew: it holds initial values, which
/// `writeInitialState` has marked as such, or none but those of `model`.
bool holdsInitialState(const ModelExport &model, llvm::StringRef path);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_FRONTEND_FRONTEND_H
