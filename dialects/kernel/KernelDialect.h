//===- KernelDialect.h - The kernel dialect ---------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DIALECTS_KERNEL_KERNELDIALECT_H
#define TENSORC_DIALECTS_KERNEL_KERNELDIALECT_H

#include "dialects/scalar/ScalarDialect.h"
#include "dialects/scalar/Sizes.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/kernel/KernelDialect.h.inc"

#define GET_OP_CLASSES
#include "dialects/kernel/KernelOps.h.inc"

namespace tensorc::kernel {

/// Marks a `kernel.func` whose body need not round f16 and bf16 between
/// arithmetic ops.
inline constexpr llvm::StringLiteral excessPrecisionName =
    "kernel.excess_precision";

/// On a structured op: what schedules take its dimensions' sizes to be, where
/// they are unknown (`kDynamic` where nobody knows).
inline constexpr llvm::StringLiteral expectedSizesName =
    "kernel.expected_sizes";
/// What they are at most.
inline constexpr llvm::StringLiteral greatestSizesName =
    "kernel.greatest_sizes";

/// The symbols of a `kernel.program`: an array of `#scalar.symbol`.
inline constexpr llvm::StringLiteral symbolsName = "kernel.symbols";

} // namespace tensorc::kernel

#endif // TENSORC_DIALECTS_KERNEL_KERNELDIALECT_H
