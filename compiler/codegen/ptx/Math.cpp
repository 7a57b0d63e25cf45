//===- Math.cpp - Transcendental functions as arithmetic ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Math/IR/Math.h"
#include "compiler/codegen/math/MathPatterns.h"
#include "compiler/codegen/ptx/Library.h"
#include "compiler/codegen/ptx/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace tensorc::ptx {
#define GEN_PASS_DEF_GPUMATHPASS
#include "compiler/codegen/ptx/Passes.h.inc"
} // namespace tensorc::ptx

using namespace mlir;
using namespace tensorc;

/// The library's function `name`, declared in `module`.
static LLVM::LLVMFuncOp declare(gpu::GPUModuleOp module, StringRef name,
                                unsigned operands) {
  if (auto known = module.lookupSymbol<LLVM::LLVMFuncOp>(name))
    return known;
  OpBuilder b = OpBuilder::atBlockBegin(module.getBody());
  SmallVector<Type> types(operands, b.getF64Type());
  return LLVM::LLVMFuncOp::create(
      b, module.getLoc(), name,
      LLVM::LLVMFunctionType::get(b.getF64Type(), types));
}

/// Replaces an op by a call of the library's function `name`, of f64, and mends
/// two points where that differs from IEEE 754.
static void callLibrary(Operation *op, StringRef name,
                        gpu::GPUModuleOp module) {
  OpBuilder b(op);
  Type type = op->getResult(0).getType(), f64 = b.getF64Type();
  Location loc = op->getLoc();
  auto constant = [&](double value) -> Value {
    return arith::ConstantOp::create(b, loc, b.getF64FloatAttr(value));
  };
  SmallVector<Value> operands = op->getOperands();
  if (isa<math::PowFOp>(op)) {
    // Its sums overflow beyond. These exponents are even, and large enough.
    Value &exponent = operands[1];
    exponent = arith::MinimumFOp::create(b, loc, exponent, constant(0x1p64));
    exponent = arith::MaximumFOp::create(b, loc, exponent, constant(-0x1p64));
  }
  if (type != f64)
    for (Value &operand : operands)
      operand = arith::ExtFOp::create(b, loc, f64, operand);
  LLVM::LLVMFuncOp function = declare(module, name, operands.size());
  Value result = LLVM::CallOp::create(b, loc, function, operands).getResult();
  if (isa<math::AsinOp, math::AtanOp, math::ErfOp, math::ExpM1Op, math::SinOp,
          math::TanOp>(op)) {
    // It loses the sign of zero.
    Value x = operands[0];
    Value isZero = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OEQ, x,
                                         constant(0));
    result = arith::SelectOp::create(b, loc, isZero, x, result);
  }
  if (type != f64)
    result = arith::TruncFOp::create(b, loc, type, result);
  op->getResult(0).replaceAllUsesWith(result);
  op->erase();
}

namespace {
/// A bound that lets NaN through, which GPUs have an instruction for. Not of
/// zero, whose sign would be another.
struct BoundLowering : OpRewritePattern<arith::SelectOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::SelectOp op,
                                PatternRewriter &rewriter) const override {
    auto test = op.getCondition().getDefiningOp<arith::CmpFOp>();
    FloatAttr bound;
    if (!op.getType().isF32() || !test || test.getLhs() != op.getFalseValue() ||
        test.getRhs() != op.getTrueValue() ||
        !matchPattern(op.getTrueValue(), m_Constant(&bound)) ||
        bound.getValue().isZero() || bound.getValue().isNaN())
      return failure();
    if (test.getPredicate() == arith::CmpFPredicate::OLT)
      rewriter.replaceOpWithNewOp<arith::MaximumFOp>(op, test.getLhs(),
                                                     test.getRhs());
    else if (test.getPredicate() == arith::CmpFPredicate::OGT)
      rewriter.replaceOpWithNewOp<arith::MinimumFOp>(op, test.getLhs(),
                                                     test.getRhs());
    else
      return failure();
    return success();
  }
};

struct GpuMath : ptx::impl::GpuMathPassBase<GpuMath> {
  void runOnOperation() override {
    // First, as expansions are less accurate.
    getOperation().walk([&](Operation *op) {
      StringRef name = ptx::libraryFunction(op);
      // The rest of a division of f32 is exact so, too; LLVM's is x minus a
      // rounded quotient times y.
      if (!name.empty() &&
          (op->getResult(0).getType().isF64() || isa<arith::RemFOp>(op)))
        callLibrary(op, name, getOperation());
    });
    RewritePatternSet patterns(&getContext());
    codegen::populateMathPatterns(patterns);
    patterns.add<BoundLowering>(&getContext());
    // The machine has an instruction for fma, square roots and rounding.
    math::populateExpansionPatterns(patterns,
                                    {"sinh", "cosh", "asinh", "acosh", "atanh",
                                     "rsqrt", "round", "clampf", "fpowi"});
    populateMathPolynomialApproximationPatterns(
        patterns, MathPolynomialApproximationOptions());
    // Functions of constants are to have the bits that they have at run time.
    GreedyRewriteConfig config;
    config.enableFolding(false);
    if (failed(
            applyPatternsGreedily(getOperation(), std::move(patterns), config)))
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
                         << "` has no code for a GPU, expected `f32` or `f64`";
      signalPassFailure();
    });
  }
};
} // namespace
