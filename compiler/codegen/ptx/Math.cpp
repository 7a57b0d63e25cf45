//===- Math.cpp - Transcendental functions as arithmetic ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Math/IR/Math.h"
#include "compiler/codegen/cpu/MathPatterns.h"
#include "compiler/codegen/ptx/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace tensorc::ptx {
#define GEN_PASS_DEF_GPUMATHPASS
#include "compiler/codegen/ptx/Passes.h.inc"
} // namespace tensorc::ptx

using namespace mlir;
using namespace tensorc;

namespace {
struct GpuMath : ptx::impl::GpuMathPassBase<GpuMath> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    cpu::populateAccurateMathPatterns(patterns);
    // The machine has an instruction for fma, square roots and rounding.
    math::populateExpansionPatterns(patterns, {"sinh", "cosh", "asinh", "acosh",
                                               "atanh", "rsqrt", "round",
                                               "clampf", "powf", "fpowi"});
    populateMathPolynomialApproximationPatterns(
        patterns, MathPolynomialApproximationOptions());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    getOperation().walk([&](Operation *op) {
      if (!isa<math::MathDialect>(op->getDialect()) ||
          isa<math::AbsFOp, math::AbsIOp, math::CeilOp, math::CopySignOp,
              math::CountLeadingZerosOp, math::CountTrailingZerosOp,
              math::CtPopOp, math::FloorOp, math::FmaOp, math::IsFiniteOp,
              math::IsInfOp, math::IsNaNOp, math::IsNormalOp, math::RoundEvenOp,
              math::SqrtOp, math::TruncOp>(op))
        return;
      std::string type;
      llvm::raw_string_ostream(type) << op->getOperand(0).getType();
      op->emitError("`") << op->getName().getStringRef() << "` of `" << type
                         << "` has no code for a GPU, expected `f32`";
      signalPassFailure();
    });
  }
};
} // namespace
