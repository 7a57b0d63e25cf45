//===- Passes.h - Lowering kernels to CPU code ------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LOWERING_CPU_PASSES_H
#define TENSORC_COMPILER_LOWERING_CPU_PASSES_H

#include "compiler/target/Cpu.h"
#include "dialects/kernel/KernelDialect.h"
#include "mlir/Pass/Pass.h"

namespace tensorc::cpu {

/// Lowers one kernel to a `func.func` beside it, and erases it. The module
/// needs the dialects that the pass depends on loaded.
mlir::LogicalResult lowerKernel(kernel::FuncOp func, const target::Cpu &target);

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/lowering/cpu/Passes.h.inc"

} // namespace tensorc::cpu

#endif // TENSORC_COMPILER_LOWERING_CPU_PASSES_H
