//===- Entry.h - The public symbols of an object ----------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_ARTIFACT_ENTRY_H
#define TENSORC_COMPILER_ARTIFACT_ENTRY_H

#include "compiler/artifact/Model.h"

namespace tensorc::compiler {

/// Name of the code of `function` for one CPU: `infer.v4`.
std::string variantName(llvm::StringRef function, const target::Cpu &cpu);

/// Adds to `module` (LLVM dialect; it holds `variantName(f, cpu)` for every
/// function and CPU) what users link against: `<prefix>_<function>` entry
/// points, which check their arguments and choose the code for this machine
/// (none where there is no code for a CPU); `<prefix>_model`; and the manifest
/// in its section.
void addEntryPoints(mlir::ModuleOp module, const Model &model);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_ARTIFACT_ENTRY_H
