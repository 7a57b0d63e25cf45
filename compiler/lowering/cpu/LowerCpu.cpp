//===- LowerCpu.cpp - kernel.func to func.func ----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/cpu/Emission.h"
#include "compiler/lowering/cpu/Passes.h"
#include "compiler/support/SideBySide.h"
#include "compiler/target/Tasks.h"
#include "compiler/target/Variant.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace tensorc::cpu {
#define GEN_PASS_DEF_SCHEDULECPUPASS
#define GEN_PASS_DEF_LOWERCPUPASS
#include "compiler/lowering/cpu/Passes.h.inc"
} // namespace tensorc::cpu

using namespace mlir;
using namespace tensorc;
using namespace tensorc::cpu;

static LogicalResult emitStructured(Emission &e, Operation &op) {
  if (!isa<kernel::GenericOp, kernel::ContractOp, kernel::PadOp>(op))
    return op.emitOpError("stands in a kernel, expected one structured op");
  linearize(e, &op);
  if (auto generic = dyn_cast<kernel::GenericOp>(op))
    return emitGeneric(e, generic);
  if (auto contract = dyn_cast<kernel::ContractOp>(op))
    return emitContract(e, contract);
  return emitPad(e, cast<kernel::PadOp>(op));
}

LogicalResult cpu::lowerKernel(kernel::FuncOp kernel,
                               const target::Cpu &target) {
  OpBuilder b(kernel);
  Location loc = kernel.getLoc();
  Type pointer = LLVM::LLVMPointerType::get(b.getContext());
  Type i64 = b.getI64Type(), i32 = b.getI32Type();
  auto func = func::FuncOp::create(
      b, loc, kernel.getSymName(),
      b.getFunctionType({pointer, pointer, i64, i64}, {i32}));
  auto tasks = kernel->getAttrOfType<IntegerAttr>(target::tasksAttribute);
  func->setAttr(target::tasksAttribute,
                tasks ? tasks
                      : b.getI64IntegerAttr(target::tasksOf(kernel, target)));
  b.setInsertionPointToStart(func.addEntryBlock());

  Emission e(b, loc, target);
  if (tasks)
    e.expectedTasks = tasks.getInt();
  e.buffersArgument = func.getArgument(0);
  e.sizesArgument = func.getArgument(1);
  e.task =
      arith::IndexCastOp::create(b, loc, b.getIndexType(), func.getArgument(2));
  e.taskCount =
      arith::IndexCastOp::create(b, loc, b.getIndexType(), func.getArgument(3));
  WalkResult checks =
      kernel.walk([](scalar::CheckOp) { return WalkResult::interrupt(); });
  Value ok = arith::ConstantIntOp::create(b, loc, 0, 32);
  if (checks.wasInterrupted()) {
    func->setAttr("kernel.can_fail", b.getUnitAttr());
    bool hasWords = true;
    kernel.walk([&](scalar::CheckOp check) { hasWords &= check.hasWords(); });
    if (hasWords)
      func->setAttr("kernel.has_words", b.getUnitAttr());
    e.status = memref::AllocaOp::create(b, loc, MemRefType::get({1}, i32));
    memref::StoreOp::create(b, loc, ok, e.status, ValueRange{e.index(0)});
  }
  for (Operation &op : kernel.getBody().front().without_terminator())
    if (failed(emitStructured(e, op))) {
      func.erase();
      return failure();
    }
  Value status = ok;
  if (e.status)
    status = memref::LoadOp::create(b, loc, e.status, ValueRange{e.index(0)});
  func::ReturnOp::create(b, loc, status);
  kernel.erase();
  return success();
}

/// The CPU that `module` is for: its variant's, or that of the option `cpu`.
/// Null where it is for something else.
static FailureOr<const target::Cpu *> targetOf(ModuleOp module, StringRef cpu) {
  if (target::isVariant(module))
    return target::cpuOf(module);
  const target::Cpu *found = target::findCpu(cpu);
  if (!found)
    return module.emitError("the CPU is `")
           << cpu << "`, expected one of " << target::cpuNames();
  return found;
}

namespace {
struct ScheduleCpu : cpu::impl::ScheduleCpuPassBase<ScheduleCpu> {
  using Base::Base;
  void runOnOperation() override {
    FailureOr<const target::Cpu *> target = targetOf(getOperation(), cpu);
    if (failed(target))
      return signalPassFailure();
    if (!*target)
      return;
    Builder b(&getContext());
    llvm::StringMap<int64_t> most; // by kernels of sizes that launches say
    for (auto kernel : getOperation().getOps<kernel::FuncOp>()) {
      if (kernel->hasAttr(target::tasksAttribute))
        continue;
      int64_t tasks = target::tasksOf(kernel, **target);
      if (!target::workOf(kernel))
        most[kernel.getSymName()] = tasks;
      kernel->setAttr(target::tasksAttribute, b.getI64IntegerAttr(tasks));
    }
    if (most.empty())
      return;
    SymbolTable symbols(getOperation());
    getOperation().walk([&](kernel::LaunchOp launch) {
      auto found = most.find(launch.getKernel());
      if (found == most.end())
        return;
      auto kernel = symbols.lookup<kernel::FuncOp>(launch.getKernel());
      auto work = target::workOf(kernel, launch);
      if (!work)
        return;
      found->second = std::max(found->second, work->tasks(**target));
      launch->setAttr(target::nanosecondsAttribute,
                      b.getI64IntegerAttr(int64_t(work->nanoseconds)));
      kernel->setAttr(target::tasksAttribute,
                      b.getI64IntegerAttr(found->second));
    });
  }
};

struct LowerCpu : cpu::impl::LowerCpuPassBase<LowerCpu> {
  using Base::Base;
  void runOnOperation() override {
    FailureOr<const target::Cpu *> target = targetOf(getOperation(), cpu);
    if (failed(target))
      return signalPassFailure();
    if (!*target)
      return;
    SmallVector<Operation *> kernels(getOperation().getOps<kernel::FuncOp>());
    auto lower = [&](ModuleOp part) -> LogicalResult {
      for (auto kernel :
           llvm::make_early_inc_range(part.getOps<kernel::FuncOp>()))
        if (failed(lowerKernel(kernel, **target)))
          return failure();
      return success();
    };
    if (failed(compiler::transformSideBySide(getOperation(), kernels, lower)))
      signalPassFailure();
  }
};
} // namespace
