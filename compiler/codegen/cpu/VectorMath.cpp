//===- VectorMath.cpp - Transcendental functions as vector arithmetic -----===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/cpu/Passes.h"
#include "compiler/codegen/math/MathPatterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
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
    codegen::populateMathPatterns(patterns);
    math::populateExpansionPatterns(patterns, {"rsqrt", "round", "clampf"});
    arith::populateExpandBFloat16Patterns(patterns);
    // Functions of constants are to have the bits that they have at run time.
    GreedyRewriteConfig config;
    config.enableFolding(false);
    if (failed(
            applyPatternsGreedily(getOperation(), std::move(patterns), config)))
      signalPassFailure();
  }
};
} // namespace
