//===- ToLLVM.cpp - Lowered kernels to the LLVM dialect -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/cpu/Codegen.h"
#include "compiler/codegen/cpu/Passes.h"
#include "compiler/support/SideBySide.h"
#include "dialects/kernel/KernelDialect.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/Pattern.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MathToLibm/MathToLibm.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Dialect/Vector/Transforms/LoweringPatterns.h"
#include "mlir/Transforms/DialectConversion.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/TypeSwitch.h"

namespace tensorc::cpu {
#define GEN_PASS_DEF_CPUTOLLVMPASS
#include "compiler/codegen/cpu/Passes.h.inc"
} // namespace tensorc::cpu

using namespace mlir;
using namespace tensorc;

/// Element `position` of an array of the kernel's arguments: it never changes.
static Value loadArgument(OpBuilder &b, Location loc, Type type, Value array,
                          int64_t position) {
  Value place = LLVM::GEPOp::create(b, loc, array.getType(), type, array,
                                    ArrayRef<LLVM::GEPArg>{int32_t(position)});
  return LLVM::LoadOp::create(b, loc, type, place, /*alignment=*/8,
                              /*isVolatile=*/false, /*isNonTemporal=*/false,
                              /*isInvariant=*/true);
}

/// Adds calls of libm for the two functions of f64 that MLIR would make of exp
/// and log, which leaves no digits near 0.
static void addAccurateNearZero(RewritePatternSet &patterns) {
  RewritePatternSet libm(patterns.getContext());
  populateMathToLibmConversionPatterns(libm, /*benefit=*/2);
  for (std::unique_ptr<RewritePattern> &pattern : libm.getNativePatterns()) {
    std::optional<OperationName> root = pattern->getRootKind();
    if (root && llvm::is_contained({math::ExpM1Op::getOperationName(),
                                    math::Log1pOp::getOperationName()},
                                   root->getStringRef()))
      patterns.add(std::move(pattern));
  }
}

namespace {
struct BindingLowering : ConvertOpToLLVMPattern<kernel::BindingOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(kernel::BindingOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Type pointer = LLVM::LLVMPointerType::get(op.getContext());
    Value buffer = loadArgument(rewriter, loc, pointer, adaptor.getBuffers(),
                                op.getPosition());
    auto descriptor = MemRefDescriptor::poison(
        rewriter, loc, getTypeConverter()->convertType(op.getType()));
    descriptor.setAllocatedPtr(rewriter, loc, buffer);
    descriptor.setAlignedPtr(rewriter, loc, buffer);
    descriptor.setConstantOffset(rewriter, loc, 0);
    // How long the buffer is, is never asked.
    descriptor.setConstantSize(rewriter, loc, 0, 0);
    descriptor.setConstantStride(rewriter, loc, 0, 1);
    rewriter.replaceOp(op, Value(descriptor));
    return success();
  }
};

struct SizeLowering : ConvertOpToLLVMPattern<kernel::SizeOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(kernel::SizeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, loadArgument(rewriter, op.getLoc(),
                                        rewriter.getI64Type(),
                                        adaptor.getSizes(), op.getPosition()));
    return success();
  }
};

/// Vectors in memory are as aligned as their elements. Said here, as MLIR asks
/// an LLVM context made anew for each.
template <typename... Ops> void setAlignments(Operation *root) {
  auto set = [](auto op) {
    Type element = getElementTypeOrSelf(op.getBase().getType());
    if (!op.getAlignment())
      op.setAlignment(element.getIntOrFloatBitWidth() / 8);
  };
  root->walk([&](Operation *op) {
    llvm::TypeSwitch<Operation *>(op).Case<Ops...>(set);
  });
}

struct CpuToLLVM : cpu::impl::CpuToLLVMPassBase<CpuToLLVM> {
  void runOnOperation() override {
    MLIRContext *context = &getContext();
    LLVMTypeConverter converter(context);
    ConversionTarget target(*context);
    target.addLegalDialect<LLVM::LLVMDialect>();
    target.addIllegalDialect<arith::ArithDialect, cf::ControlFlowDialect,
                             func::FuncDialect, math::MathDialect,
                             memref::MemRefDialect, ub::UBDialect,
                             vector::VectorDialect>();
    target.addIllegalOp<kernel::BindingOp, kernel::SizeOp,
                        UnrealizedConversionCastOp>();
    target.addLegalOp<ModuleOp>();

    RewritePatternSet patterns(context);
    patterns.add<BindingLowering, SizeLowering>(converter);
    cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
    arith::populateCeilFloorDivExpandOpsPatterns(patterns);
    arith::populateArithToLLVMConversionPatterns(converter, patterns);
    populateMathToLLVMConversionPatterns(converter, patterns);
    populateMathToLibmConversionPatterns(patterns, /*benefit=*/0);
    addAccurateNearZero(patterns);
    populateFinalizeMemRefToLLVMConversionPatterns(converter, patterns);
    vector::populateVectorStepLoweringPatterns(patterns);
    populateVectorToLLVMConversionPatterns(converter, patterns);
    populateFuncToLLVMConversionPatterns(converter, patterns);
    ub::populateUBToLLVMConversionPatterns(converter, patterns);
    // One pass over the ops as they are, without keeping what they were.
    ConversionConfig config;
    config.allowPatternRollback = false;
    // MLIR's folder of atan2 takes two zeros for NaN.
    config.foldingMode = DialectConversionFoldingMode::Never;
    FrozenRewritePatternSet frozen(std::move(patterns));
    auto convert = [&](ModuleOp part) {
      setAlignments<vector::LoadOp, vector::StoreOp, vector::MaskedLoadOp,
                    vector::MaskedStoreOp, vector::GatherOp, vector::ScatterOp>(
          part);
      return applyPartialConversion(part, target, frozen, config);
    };
    SmallVector<Operation *> functions(getOperation().getOps<func::FuncOp>());
    if (failed(
            compiler::transformSideBySide(getOperation(), functions, convert)))
      signalPassFailure();
  }
};
} // namespace

void cpu::buildLLVMPipeline(OpPassManager &pm) {
  pm.nest<func::FuncOp>().addPass(createVectorMathPass());
  pm.nest<func::FuncOp>().addPass(createCSEPass());
  pm.nest<func::FuncOp>().addPass(createLoopInvariantCodeMotionPass());
  pm.nest<func::FuncOp>().addPass(createSCFToControlFlowPass());
  pm.addPass(createCpuToLLVMPass());
}
