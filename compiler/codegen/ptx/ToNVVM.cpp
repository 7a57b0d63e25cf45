//===- ToNVVM.cpp - gpu.func to llvm.func ---------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/ptx/Codegen.h"
#include "compiler/codegen/ptx/Passes.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/GPUCommon/GPUCommonPass.h"
#include "mlir/Conversion/GPUToNVVM/GPUToNVVMPass.h"
#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/Pattern.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/NVGPUToNVVM/NVGPUToNVVM.h"
#include "mlir/Conversion/NVVMToLLVM/NVVMToLLVM.h"
#include "mlir/Conversion/ReconcileUnrealizedCasts/ReconcileUnrealizedCasts.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Dialect/Vector/Transforms/LoweringPatterns.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/DialectConversion.h"
#include "mlir/Transforms/Passes.h"

namespace tensorc::ptx {
#define GEN_PASS_DEF_GPUTONVVMPASS
#include "compiler/codegen/ptx/Passes.h.inc"
} // namespace tensorc::ptx

using namespace mlir;
using namespace tensorc;

/// LLVM's numbers of the address spaces.
static constexpr unsigned globalSpace = 1, sharedSpace = 3;
/// Vectors in shared memory are read at once. Kernels may ask for more.
static constexpr unsigned sharedAlignment = 16;

/// A descriptor of the flat buffer at `pointer`, as a memref.
static Value asMemRef(OpBuilder &b, Location loc, LLVMTypeConverter &converter,
                      Value pointer, MemRefType type) {
  auto descriptor =
      MemRefDescriptor::poison(b, loc, converter.convertType(type));
  descriptor.setAllocatedPtr(b, loc, pointer);
  descriptor.setAlignedPtr(b, loc, pointer);
  descriptor.setConstantOffset(b, loc, 0);
  // How long the buffer is, is never asked.
  descriptor.setConstantSize(b, loc, 0, 0);
  descriptor.setConstantStride(b, loc, 0, 1);
  return UnrealizedConversionCastOp::create(b, loc, type, Value(descriptor))
      .getResult(0);
}

/// Makes a kernel's shared arrays globals; one for all, whose size the launch
/// gives, where it has to be asked for.
static void convertSharedArrays(gpu::GPUFuncOp func, OpBuilder &b,
                                LLVMTypeConverter &converter) {
  MLIRContext *context = func.getContext();
  Location loc = func.getLoc();
  Type pointerType = LLVM::LLVMPointerType::get(context, sharedSpace);
  unsigned alignment = sharedAlignment;
  if (auto asked = func->getAttrOfType<IntegerAttr>("kernel.shared_alignment"))
    alignment = unsigned(asked.getInt());
  auto addGlobal = [&](Type type, LLVM::Linkage linkage,
                       const llvm::Twine &suffix) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPoint(func);
    return LLVM::GlobalOp::create(b, loc, type, /*isConstant=*/false, linkage,
                                  (func.getName() + "_shared" + suffix).str(),
                                  Attribute(), alignment, sharedSpace);
  };
  Value all;
  if (func->hasAttr("kernel.shared_bytes"))
    all = LLVM::AddressOfOp::create(
        b, loc, pointerType,
        addGlobal(LLVM::LLVMArrayType::get(b.getI8Type(), 0),
                  LLVM::Linkage::External, "")
            .getSymName());
  int64_t offset = 0;
  unsigned number = 0;
  for (BlockArgument array : func.getWorkgroupAttributions()) {
    auto type = cast<MemRefType>(array.getType());
    Type element = type.getElementType();
    Value pointer;
    if (all) {
      pointer = LLVM::GEPOp::create(b, loc, pointerType, b.getI8Type(), all,
                                    LLVM::GEPArg(offset));
      int64_t bits = type.getNumElements() * element.getIntOrFloatBitWidth();
      offset += llvm::alignTo(bits / 8, alignment);
    } else {
      LLVM::GlobalOp global =
          addGlobal(LLVM::LLVMArrayType::get(element, type.getNumElements()),
                    LLVM::Linkage::Internal, llvm::Twine(number++));
      pointer =
          LLVM::AddressOfOp::create(b, loc, pointerType, global.getSymName());
    }
    array.replaceAllUsesWith(asMemRef(b, loc, converter, pointer, type));
  }
}

/// Moves a kernel's body into an `llvm.func`.
static void convertFunction(gpu::GPUFuncOp func, LLVMTypeConverter &converter) {
  MLIRContext *context = func.getContext();
  OpBuilder b(func);
  Location loc = func.getLoc();
  Type global = LLVM::LLVMPointerType::get(context, globalSpace);
  SmallVector<Type> types;
  for (Type type : func.getFunctionType().getInputs())
    types.push_back(isa<MemRefType>(type) ? global : type);

  Block &entry = func.getBody().front();
  b.setInsertionPointToStart(&entry);
  convertSharedArrays(func, b, converter);
  entry.eraseArguments(func.getFirstWorkgroupAttributionIndex(),
                       func.getNumWorkgroupAttributions());

  for (BlockArgument argument : entry.getArguments()) {
    auto type = dyn_cast<MemRefType>(argument.getType());
    if (!type)
      continue;
    argument.setType(global);
    Operation *first = &*b.getInsertionPoint();
    Value buffer = asMemRef(b, loc, converter, argument, type);
    argument.replaceUsesWithIf(buffer, [&](OpOperand &use) {
      // The descriptor's own uses stand before.
      return !use.getOwner()->isBeforeInBlock(first) ||
             use.getOwner()->getBlock() != &entry;
    });
  }

  b.setInsertionPoint(func);
  auto result = LLVM::LLVMFuncOp::create(
      b, loc, func.getName(),
      LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context), types));
  result.getBody().takeBody(func.getBody());
  result->setAttr(NVVM::NVVMDialect::getKernelFuncAttrName(), b.getUnitAttr());
  if (auto threads = func.getKnownBlockSizeAttr()) {
    result->setAttr(NVVM::NVVMDialect::getReqntidAttrName(), threads);
    result->setAttr("gpu.known_block_size", threads);
    // As many registers as there are: else some go to memory so that more
    // blocks fit.
    result->setAttr(NVVM::NVVMDialect::getMinctasmAttrName(),
                    b.getI32IntegerAttr(1));
  }
  if (auto blocks = func.getKnownGridSizeAttr())
    result->setAttr("gpu.known_grid_size", blocks);
  for (unsigned i = 0; i < types.size(); ++i)
    if (types[i] == global)
      result.setArgAttr(i, LLVM::LLVMDialect::getNoUndefAttrName(),
                        b.getUnitAttr());
  func.erase();
}

namespace {
struct ReturnLowering : ConvertOpToLLVMPattern<gpu::ReturnOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(gpu::ReturnOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<LLVM::ReturnOp>(op, ValueRange());
    return success();
  }
};

struct GpuToNVVM : ptx::impl::GpuToNVVMPassBase<GpuToNVVM> {
  void runOnOperation() override {
    gpu::GPUModuleOp module = getOperation();
    MLIRContext *context = &getContext();
    LowerToLLVMOptions options(context);
    if (auto bits = module->getAttrOfType<IntegerAttr>("kernel.index_bits"))
      options.overrideIndexBitwidth(bits.getInt());
    LLVMTypeConverter converter(context, options);
    configureGpuToNVVMTypeConverter(converter);
    for (auto func :
         llvm::make_early_inc_range(module.getOps<gpu::GPUFuncOp>()))
      convertFunction(func, converter);

    ConversionTarget target(*context);
    target.addLegalDialect<LLVM::LLVMDialect, NVVM::NVVMDialect>();
    target.addIllegalDialect<gpu::GPUDialect, arith::ArithDialect,
                             cf::ControlFlowDialect, math::MathDialect,
                             memref::MemRefDialect, nvgpu::NVGPUDialect,
                             ub::UBDialect, vector::VectorDialect>();
    target.addLegalOp<gpu::GPUModuleOp, UnrealizedConversionCastOp>();
    RewritePatternSet patterns(context);
    patterns.add<ReturnLowering>(converter);
    cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
    arith::populateCeilFloorDivExpandOpsPatterns(patterns);
    arith::populateArithToLLVMConversionPatterns(converter, patterns);
    populateMathToLLVMConversionPatterns(converter, patterns);
    // Last, as some of these call NVIDIA's library.
    populateGpuToNVVMConversionPatterns(converter, patterns, /*benefit=*/0);
    populateNVGPUToNVVMConversionPatterns(converter, patterns);
    converter.addConversion([](nvgpu::DeviceAsyncTokenType type) -> Type {
      return IntegerType::get(type.getContext(), 32);
    });
    populateFinalizeMemRefToLLVMConversionPatterns(converter, patterns);
    populateVectorToLLVMConversionPatterns(converter, patterns);
    vector::populateVectorFromElementsUnrollPatterns(patterns);
    ub::populateUBToLLVMConversionPatterns(converter, patterns);
    if (failed(applyPartialConversion(module, target, std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace

void ptx::buildNVVMPipeline(OpPassManager &pm) {
  OpPassManager &modules = pm.nest<gpu::GPUModuleOp>();
  modules.addPass(createGpuMathPass());
  OpPassManager &functions = modules.nest<gpu::GPUFuncOp>();
  functions.addPass(createCSEPass());
  functions.addPass(createLoopInvariantCodeMotionPass());
  functions.addPass(createSCFToControlFlowPass());
  modules.addPass(createGpuToNVVMPass());
  // What LLVM has no intrinsics for becomes PTX.
  modules.addPass(createConvertNVVMToLLVMPass());
  modules.addPass(createReconcileUnrealizedCastsPass());
}

void ptx::registerNVVMPipeline() {
  PassPipelineRegistration<>(
      "tensorc-to-nvvm", "Lowered GPU kernels to the LLVM dialect",
      [](OpPassManager &pm) { ptx::buildNVVMPipeline(pm); });
}
