//===- Power.h - Powers as exponentials of logarithms -----------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_CODEGEN_PTX_POWER_H
#define TENSORC_COMPILER_CODEGEN_PTX_POWER_H

#include "mlir/IR/PatternMatch.h"

namespace tensorc::ptx {

/// `math.powf` of f32 with the special cases of C's `powf` (ISO C, F.10.4.4).
void populatePowerPattern(mlir::RewritePatternSet &patterns);

} // namespace tensorc::ptx

#endif // TENSORC_COMPILER_CODEGEN_PTX_POWER_H
