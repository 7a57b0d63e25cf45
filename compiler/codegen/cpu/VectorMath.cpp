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
  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet all(context);
    codegen::populateMathPatterns(all);
    math::populateExpansionPatterns(all, {"rsqrt", "round", "clampf"});
    arith::populateExpandBFloat16Patterns(all);
    patterns = std::move(all);
    return success();
  }

  void runOnOperation() override {
    // What the patterns are for: most functions have none of it.
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) {
      if (isa<math::MathDialect>(op->getDialect()) ||
          isa<arith::ExtFOp, arith::TruncFOp>(op))
        ops.push_back(op);
    });
    // Functions of constants are to have the bits that they have at run time.
    GreedyRewriteConfig config;
    config.enableFolding(false);
    if (failed(applyOpPatternsGreedily(ops, patterns, config)))
      signalPassFailure();
  }

  FrozenRewritePatternSet patterns;
};
} // namespace
