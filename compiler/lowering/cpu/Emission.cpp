//===- Emission.cpp - Tasks, arguments and status -------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/cpu/Emission.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::cpu;

Value Emission::bind(unsigned position, Type storage) {
  return kernel::BindingOp::create(
      b, loc, MemRefType::get({ShapedType::kDynamic}, storage), buffersArgument,
      position);
}

Value Emission::dynamicSize(unsigned position) {
  return kernel::SizeOp::create(b, loc, b.getIndexType(), sizesArgument,
                                position);
}

/// `tensorc_rt_fail`, as the kernel's module declares it.
static LLVM::LLVMFuncOp failFunction(OpBuilder &b, ModuleOp module) {
  StringRef name = "tensorc_rt_fail";
  if (auto function = module.lookupSymbol<LLVM::LLVMFuncOp>(name))
    return function;
  auto type = LLVM::LLVMFunctionType::get(
      b.getI32Type(),
      {b.getI32Type(), LLVM::LLVMPointerType::get(b.getContext())},
      /*isVarArg=*/true);
  auto outside = OpBuilder::atBlockBegin(module.getBody());
  return LLVM::LLVMFuncOp::create(outside, b.getUnknownLoc(), name, type);
}

/// The address of `text`, a constant of the kernel's module: one for a kernel,
/// in however many loops it has the check.
static Value textAddress(OpBuilder &b, Location loc, ModuleOp module,
                         StringRef kernel, const std::string &text) {
  StringAttr bytes = b.getStringAttr(text + '\0');
  for (unsigned number = 0;; ++number) {
    std::string name = (kernel + "_check" + Twine(number)).str();
    auto global = module.lookupSymbol<LLVM::GlobalOp>(name);
    if (!global) {
      auto outside = OpBuilder::atBlockBegin(module.getBody());
      global = LLVM::GlobalOp::create(
          outside, loc, LLVM::LLVMArrayType::get(b.getI8Type(), bytes.size()),
          /*isConstant=*/true, LLVM::Linkage::Private, name, bytes,
          /*alignment=*/1);
      global.setUnnamedAddr(LLVM::UnnamedAddr::Global);
    }
    if (global.getValueOrNull() == bytes)
      return LLVM::AddressOfOp::create(b, loc, global);
  }
}

void Emission::fail(Value violated, scalar::CheckOp check,
                    function_ref<lowering::Words()> describe) {
  Value zero = index(0), ok = arith::ConstantIntOp::create(b, loc, 0, 32),
        failure = arith::ConstantIntOp::create(b, loc, check.getStatus(), 32);
  auto isFirst = [&](Value before) {
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, before, ok);
  };
  if (!describe) {
    Value before = memref::LoadOp::create(b, loc, status, ValueRange{zero});
    Value fails = arith::AndIOp::create(b, loc, violated, isFirst(before));
    Value after = arith::SelectOp::create(b, loc, fails, failure, before);
    memref::StoreOp::create(b, loc, after, status, ValueRange{zero});
    return;
  }
  OpBuilder::InsertionGuard guard(b);
  auto rarely = scf::IfOp::create(b, loc, violated, /*withElseRegion=*/false);
  b.setInsertionPointToStart(rarely.thenBlock());
  Value before = memref::LoadOp::create(b, loc, status, ValueRange{zero});
  auto once = scf::IfOp::create(b, loc, isFirst(before),
                                /*withElseRegion=*/false);
  b.setInsertionPointToStart(once.thenBlock());
  memref::StoreOp::create(b, loc, failure, status, ValueRange{zero});
  lowering::Words words = describe();
  auto kernel = once->getParentOfType<func::FuncOp>();
  auto module = kernel->getParentOfType<ModuleOp>();
  SmallVector<Value> arguments = {
      failure, textAddress(b, loc, module, kernel.getSymName(), words.format)};
  llvm::append_range(arguments, words.numbers);
  LLVM::CallOp::create(b, loc, failFunction(b, module), arguments);
}

std::pair<OpFoldResult, OpFoldResult> Emission::taskShare(OpFoldResult extent) {
  if (auto attribute = dyn_cast<Attribute>(extent)) {
    auto constant =
        arith::ConstantOp::create(b, loc, cast<IntegerAttr>(attribute));
    constant->setAttr(extentAttribute, b.getUnitAttr());
    extent = constant.getResult();
  }
  OpFoldResult begin = div(mul(extent, task), taskCount);
  OpFoldResult end = div(mul(extent, add(task, attr(1))), taskCount);
  return {begin, end};
}

void Emission::forTask(OpFoldResult extent,
                       function_ref<void(OpFoldResult)> body) {
  if (isConstant(extent, 0))
    return;
  auto [begin, end] = taskShare(extent);
  forLoop(begin, end, 1, body);
}
