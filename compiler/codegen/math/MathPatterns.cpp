//===- MathPatterns.cpp - All expansions ----------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/math/MathPatterns.h"

void tensorc::codegen::populateMathPatterns(mlir::RewritePatternSet &patterns) {
  populateExponentialPatterns(patterns);
  populateLogarithmPatterns(patterns);
  populateTrigonometricPatterns(patterns);
  populateArcTangentPatterns(patterns);
  populatePowerPatterns(patterns);
}
