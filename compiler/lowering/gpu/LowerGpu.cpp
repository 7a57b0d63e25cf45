//===- LowerGpu.cpp - kernel.func to gpu.func -----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/gpu/Emission.h"
#include "compiler/lowering/gpu/Passes.h"
#include "compiler/target/Variant.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"

namespace tensorc::simt {
#define GEN_PASS_DEF_LOWERGPUPASS
#include "compiler/lowering/gpu/Passes.h.inc"
} // namespace tensorc::simt

using namespace mlir;
using namespace tensorc;
using namespace tensorc::simt;

/// How many dynamic sizes, strides and offsets the arguments have.
static unsigned countDynamic(kernel::FuncOp kernel) {
  unsigned count = 0;
  for (Type type : kernel.getArgumentTypes()) {
    auto buffer = dyn_cast<MemRefType>(type);
    if (!buffer) {
      ++count; // a size
      continue;
    }
    count += llvm::count_if(buffer.getShape(), ShapedType::isDynamic);
    if (buffer.getLayout().isIdentity())
      continue;
    auto [strides, offset] = buffer.getStridesAndOffset();
    count += llvm::count_if(strides, ShapedType::isDynamic) +
             ShapedType::isDynamic(offset);
  }
  return count;
}

static SmallVector<Type> argumentTypes(kernel::FuncOp kernel, bool hasStatus) {
  Builder b(kernel.getContext());
  auto global = gpu::AddressSpaceAttr::get(kernel.getContext(),
                                           gpu::AddressSpace::Global);
  SmallVector<Type> types;
  for (Type type : kernel.getArgumentTypes().drop_back(kernel.getSizeCount())) {
    Type element = cast<MemRefType>(type).getElementType();
    types.push_back(MemRefType::get({ShapedType::kDynamic},
                                    lowering::storageType(element),
                                    MemRefLayoutAttrInterface(), global));
  }
  types.append(countDynamic(kernel), b.getI64Type());
  if (hasStatus)
    types.push_back(MemRefType::get({ShapedType::kDynamic}, b.getI32Type(),
                                    MemRefLayoutAttrInterface(), global));
  return types;
}

/// What a launch gets of shared memory without asking.
static constexpr int64_t defaultSharedBytes = 48 << 10;

/// 32 where all indices are known to fit, with room for what a tile reaches
/// beyond the end; else 64.
static int64_t indexBits(Emission &e) {
  constexpr int64_t limit = int64_t(1) << 30;
  int64_t points = 1;
  for (OpFoldResult size : e.sizes) {
    auto known = constantOf(size);
    if (!known ||
        __builtin_mul_overflow(points, std::max<int64_t>(*known, 1), &points))
      return 64;
  }
  if (points > limit)
    return 64;
  for (const LinearAccess &access : e.operands) {
    auto offset = constantOf(access.offset);
    if (!offset)
      return 64;
    int64_t reach = std::abs(*offset);
    for (auto [stride, size] : llvm::zip_equal(access.strides, e.sizes)) {
      int64_t length = 0;
      auto known = constantOf(stride);
      if (!known ||
          __builtin_mul_overflow(std::abs(*known), *constantOf(size),
                                 &length) ||
          length > limit)
        return 64;
      reach += length;
    }
    for (OpFoldResult extent : access.extents)
      if (constantOf(extent).value_or(limit) >= limit)
        return 64;
    if (reach > limit)
      return 64;
  }
  return 32;
}

static LogicalResult emitStructured(Emission &e, Operation &op) {
  if (auto generic = dyn_cast<kernel::GenericOp>(op))
    return emitGeneric(e, generic);
  if (auto contract = dyn_cast<kernel::ContractOp>(op))
    return emitContract(e, contract);
  return emitPad(e, cast<kernel::PadOp>(op));
}

LogicalResult simt::lowerKernel(kernel::FuncOp kernel,
                                const TargetInfo &target) {
  auto ops = kernel.getBody().front().without_terminator();
  if (!llvm::hasSingleElement(ops) ||
      !isa<kernel::GenericOp, kernel::ContractOp, kernel::PadOp>(*ops.begin()))
    return kernel.emitOpError("doesn't consist of one structured op");
  Operation &op = *ops.begin();
  bool isGuarded = kernel->hasAttr("kernel.guarded");
  bool hasStatus =
      isGuarded ||
      kernel.walk([](scalar::CheckOp) { return WalkResult::interrupt(); })
          .wasInterrupted();
  OpBuilder b(kernel);
  Location loc = kernel.getLoc();
  auto module = gpu::GPUModuleOp::create(b, loc, kernel.getSymName());
  b.setInsertionPointToStart(module.getBody());
  auto func = gpu::GPUFuncOp::create(
      b, loc, kernel.getSymName(),
      b.getFunctionType(argumentTypes(kernel, hasStatus), {}));
  func->setAttr(gpu::GPUDialect::getKernelFuncAttrName(), b.getUnitAttr());
  if (hasStatus)
    func->setAttr("kernel.can_fail", b.getUnitAttr());
  b.setInsertionPointToStart(&func.getBody().front());
  Emission e(b, loc, target, func,
             kernel.getArgumentTypes().size() - kernel.getSizeCount());
  lowering::linearize(e, &op);
  module->setAttr("kernel.index_bits", b.getI64IntegerAttr(indexBits(e)));
  LogicalResult emitted = success();
  auto emit = [&] { emitted = emitStructured(e, op); };
  e.ifHolds(isGuarded ? e.nothingFailed() : Value(), emit);
  if (failed(emitted)) {
    module.erase();
    return failure();
  }
  if (int64_t bytes = e.sharedBytes(); bytes > defaultSharedBytes)
    func->setAttr("kernel.shared_bytes", b.getI64IntegerAttr(bytes));
  gpu::ReturnOp::create(b, loc);
  kernel.erase();
  return success();
}

namespace {
struct LowerGpu : simt::impl::LowerGpuPassBase<LowerGpu> {
  using Base::Base;

  void runOnOperation() override {
    const target::Gpu *gpu = target::gpuOf(getOperation());
    if (!gpu && target::isVariant(getOperation()))
      return;
    TargetInfo target{multiprocessors, sharedBytes, tf32, warpgroups};
    if (gpu) {
      target = TargetInfo::of(*gpu);
      target.tf32 = tf32;
    }
    if (target.multiprocessors < 1 || target.sharedBytes < defaultSharedBytes) {
      getOperation().emitError("the GPU has ")
          << target.multiprocessors << " multiprocessors and "
          << target.sharedBytes << " bytes of shared memory, expected at least "
          << "1 and " << defaultSharedBytes;
      return signalPassFailure();
    }
    for (auto kernel :
         llvm::make_early_inc_range(getOperation().getOps<kernel::FuncOp>()))
      if (failed(lowerKernel(kernel, target)))
        return signalPassFailure();
  }
};
} // namespace

std::unique_ptr<Pass> simt::createLowerGpuPass(const TargetInfo &target) {
  LowerGpuPassOptions options;
  options.multiprocessors = target.multiprocessors;
  options.sharedBytes = target.sharedBytes;
  options.tf32 = target.tf32;
  options.warpgroups = target.warpgroups;
  return createLowerGpuPass(options);
}
