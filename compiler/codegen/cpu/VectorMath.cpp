//===- VectorMath.cpp - Transcendental functions as vector arithmetic -----===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/cpu/MathPatterns.h"
#include "compiler/codegen/cpu/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace tensorc::cpu {
#define GEN_PASS_DEF_VECTORMATHPASS
#include "compiler/codegen/cpu/Passes.h.inc"
} // namespace tensorc::cpu

using namespace mlir;
using namespace tensorc;

namespace {
struct VectorMath : cpu::impl::VectorMathPassBase<VectorMath> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    cpu::populateAccurateMathPatterns(patterns);
    math::populateExpansionPatterns(patterns,
                                    {"sinh", "cosh", "asinh", "acosh", "atanh",
                                     "rsqrt", "round", "clampf"});
    populateMathPolynomialApproximationPatterns(
        patterns, MathPolynomialApproximationOptions());
    arith::populateExpandBFloat16Patterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
