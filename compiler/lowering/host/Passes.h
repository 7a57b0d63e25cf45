//===- Passes.h - Programs to host code -------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LOWERING_HOST_PASSES_H
#define TENSORC_COMPILER_LOWERING_HOST_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

#include <memory>

namespace tensorc::compiler {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/lowering/host/Passes.h.inc"

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_LOWERING_HOST_PASSES_H
