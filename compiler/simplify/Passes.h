//===- Passes.h - Simplification --------------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_SIMPLIFY_PASSES_H
#define TENSORC_COMPILER_SIMPLIFY_PASSES_H

#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"

#include <memory>

namespace tensorc::compiler {

#define GEN_PASS_DECL
#include "compiler/simplify/Passes.h.inc"

/// Adds what brings a differentiated `graph` module into the form that fusion
/// takes: primitive ops only, folded, without repeated or unused ones.
void buildSimplifyPipeline(mlir::OpPassManager &pm);

/// Registers the pipeline as `tensorc-simplify`.
void registerSimplifyPipeline();

#define GEN_PASS_REGISTRATION
#include "compiler/simplify/Passes.h.inc"

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_SIMPLIFY_PASSES_H
