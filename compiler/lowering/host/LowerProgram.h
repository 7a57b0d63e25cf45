//===- LowerProgram.h - kernel.program to host code -------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LOWERING_HOST_LOWERPROGRAM_H
#define TENSORC_COMPILER_LOWERING_HOST_LOWERPROGRAM_H

#include "compiler/support/StateLayout.h"

#include "mlir/IR/BuiltinOps.h"

namespace tensorc::compiler {

/// Replaces every `kernel.program` of a module whose kernels are `llvm.func`s
/// already by an `llvm.func` of the same name:
///
///     i32 program(ptr state, ptr workspace, ptr inputs…, ptr outputs…)
///
/// A launch of one task calls its kernel directly; more go through
/// `tensorc_rt_launch`. The first status other than 0 is returned at once. A
/// long program calls functions of some launches each, one after the other.
mlir::LogicalResult lowerPrograms(mlir::ModuleOp module,
                                  const StateLayout &state);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_LOWERING_HOST_LOWERPROGRAM_H
