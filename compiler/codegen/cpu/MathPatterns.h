//===- MathPatterns.h - Functions of f32 as arithmetic ----------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_CODEGEN_CPU_MATHPATTERNS_H
#define TENSORC_COMPILER_CODEGEN_CPU_MATHPATTERNS_H

#include "mlir/IR/PatternMatch.h"

namespace tensorc::cpu {

/// exp2, tanh, sin, cos, tan and atan of f32 scalars and vectors, within 2 ulp
/// (tan 3; sin, cos and tan for |x| < 1e9), where MLIR's own approximations are
/// less accurate.
void populateAccurateMathPatterns(mlir::RewritePatternSet &patterns);

} // namespace tensorc::cpu

#endif // TENSORC_COMPILER_CODEGEN_CPU_MATHPATTERNS_H
