//===- LowerGpu.cpp - kernel.func to gpu.func -----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/gpu/Emission.h"
#include "compiler/lowering/gpu/Passes.h"
#include "compiler/support/Specialize.h"
#include "compiler/target/Variant.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "llvm/ADT/StringMap.h"
#include <numeric>

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
  auto most = [&](OpFoldResult x) {
    return std::min(e.largest(x).value_or(limit + 1), limit + 1);
  };
  int64_t points = 1;
  for (OpFoldResult size : e.sizes) {
    points *= std::max<int64_t>(most(size), 1);
    if (points > limit)
      return 64;
  }
  for (const LinearAccess &access : e.operands) {
    int64_t reach = most(access.offset);
    for (auto [stride, size] : llvm::zip_equal(access.strides, e.sizes))
      reach = std::min(reach + most(stride) * most(size), limit + 1);
    if (reach > limit)
      return 64;
    for (OpFoldResult extent : access.extents)
      if (most(extent) >= limit)
        return 64;
  }
  // Those that a body makes numbers of.
  for (auto [argument, size] : e.givenSizes)
    if (most(size) > limit)
      return 64;
  return 32;
}

static LogicalResult emitStructured(Emission &e, Operation &op) {
  if (auto generic = dyn_cast<kernel::GenericOp>(op))
    return emitGeneric(e, generic);
  if (auto contract = dyn_cast<kernel::ContractOp>(op))
    return emitContract(e, contract);
  return emitPad(e, cast<kernel::PadOp>(op));
}

/// Lowers one kernel to a `gpu.module` beside it, and erases it.
static LogicalResult lowerKernel(kernel::FuncOp kernel,
                                 const TargetInfo &target,
                                 ArrayRef<lowering::SizeRange> said) {
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
             kernel.getArgumentTypes().size() - kernel.getSizeCount(), said);
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

/// A number that divides `size` whatever its symbols are.
static int64_t divisorOf(SymInt size) {
  int64_t divisor = 0;
  for (const SymTerm &term : terms_of(size))
    divisor = std::gcd(divisor, term.factor);
  return std::max<int64_t>(divisor, 1);
}

/// What the launches of programs say of the sizes of kernels; nothing of one
/// that none launches.
static llvm::StringMap<SmallVector<lowering::SizeRange>>
findRanges(ModuleOp module) {
  llvm::StringMap<SmallVector<lowering::SizeRange>> ranges;
  module.walk([&](kernel::LaunchOp launch) {
    std::vector<int64_t> told = compiler::toldSizes(launch);
    auto [entry, isNew] = ranges.try_emplace(launch.getKernel());
    SmallVector<lowering::SizeRange> &known = entry->second;
    known.resize(told.size(), {0, 0});
    for (auto [range, raw] : llvm::zip_equal(known, told)) {
      lowering::SizeRange here;
      if (SymInt size = raw; !ShapedType::isDynamic(raw))
        here = {std::max(size.max(), -size.min()), divisorOf(size)};
      range.greatest = std::max(range.greatest, here.greatest);
      range.divisor = std::gcd(range.divisor, here.divisor);
    }
  });
  return ranges;
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
    auto ranges = findRanges(getOperation());
    for (auto kernel :
         llvm::make_early_inc_range(getOperation().getOps<kernel::FuncOp>()))
      if (failed(
              lowerKernel(kernel, target, ranges.lookup(kernel.getSymName()))))
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
