//===- Passes.h - Legalization ----------------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LEGALIZE_PASSES_H
#define TENSORC_COMPILER_LEGALIZE_PASSES_H

#include "mlir/Pass/Pass.h"

#include <memory>

namespace tensorc::compiler {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/legalize/Passes.h.inc"

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_LEGALIZE_PASSES_H
