//===- MathPatterns.h - Functions of f32 as arithmetic ----------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_CODEGEN_MATH_MATHPATTERNS_H
#define TENSORC_COMPILER_CODEGEN_MATH_MATHPATTERNS_H

#include "mlir/IR/PatternMatch.h"

namespace tensorc::codegen {

/// Expansions of the functions of f32 scalars and vectors that the `graph`
/// dialect has, preferred to MLIR's own approximations. Operands that are
/// constants must not be folded before: a folder asks the host's libm.
void populateMathPatterns(mlir::RewritePatternSet &patterns);

/// The families.
void populateExponentialPatterns(mlir::RewritePatternSet &patterns);
void populateLogarithmPatterns(mlir::RewritePatternSet &patterns);
void populateTrigonometricPatterns(mlir::RewritePatternSet &patterns);
void populateArcTangentPatterns(mlir::RewritePatternSet &patterns);
void populatePowerPatterns(mlir::RewritePatternSet &patterns);

} // namespace tensorc::codegen

#endif // TENSORC_COMPILER_CODEGEN_MATH_MATHPATTERNS_H
