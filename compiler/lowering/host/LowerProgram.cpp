//===- LowerProgram.cpp - kernel.program to host code ---------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/host/LowerProgram.h"

#include "compiler/support/MemoryImage.h"
#include "dialects/kernel/KernelDialect.h"
#include "tensorc/abi.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace tensorc::compiler {
namespace {

/// Emits one program.
class ProgramLowering {
public:
  ProgramLowering(kernel::ProgramOp program, const StateLayout &state,
                  SymbolTable &symbols)
      : program(program), state(state), symbols(symbols),
        b(program.getContext()), loc(program.getLoc()),
        pointerType(LLVM::LLVMPointerType::get(program.getContext())) {}

  LogicalResult run();

private:
  LLVM::LLVMFuncOp createFunction();
  LogicalResult mapArguments(LLVM::LLVMFuncOp function);
  LogicalResult lowerConstant(kernel::ConstantOp constant);
  LogicalResult lowerLaunch(kernel::LaunchOp launch);
  void returnIfFailed(Value status, bool hasWords);
  LLVM::GlobalOp globalBytes(const Twine &name, StringRef bytes,
                             int64_t alignment);
  LLVM::LLVMFuncOp runtimeFunction(StringRef name, Type result,
                                   ArrayRef<Type> arguments,
                                   bool variadic = false);
  LLVM::LLVMFuncOp launchFunction();
  LLVM::LLVMFuncOp failFunction();

  Value at(Value base, int64_t offset) {
    if (offset == 0)
      return base;
    Value distance = constant(offset);
    return LLVM::GEPOp::create(b, loc, pointerType, b.getI8Type(), base,
                               ArrayRef<LLVM::GEPArg>{distance},
                               LLVM::GEPNoWrapFlags::inbounds);
  }
  Value constant(int64_t value) {
    return LLVM::ConstantOp::create(b, loc, b.getI64IntegerAttr(value));
  }
  Value status(int32_t value) {
    return LLVM::ConstantOp::create(b, loc, b.getI32IntegerAttr(value));
  }

  kernel::ProgramOp program;
  const StateLayout &state;
  SymbolTable &symbols;
  OpBuilder b;
  Location loc;
  Type pointerType;
  IRMapping pointers; // buffer -> address
  Value buffers;      // the array of buffer addresses that launches share
};

} // namespace

LLVM::LLVMFuncOp ProgramLowering::createFunction() {
  unsigned values = 0;
  for (unsigned i = 0, e = program.getNumArguments(); i != e; ++i) {
    auto role = program.getArgAttrOfType<StringAttr>(i, "kernel.role");
    values += role && (role == "input" || role == "output");
  }
  SmallVector<Type> arguments(2 + values, pointerType);
  auto type = LLVM::LLVMFunctionType::get(b.getI32Type(), arguments);
  b.setInsertionPoint(program);
  auto function = LLVM::LLVMFuncOp::create(b, loc, program.getSymName(), type);
  Block *entry = function.addEntryBlock(b);
  b.setInsertionPointToStart(entry);
  return function;
}

LogicalResult ProgramLowering::mapArguments(LLVM::LLVMFuncOp function) {
  unsigned next = 2;
  for (BlockArgument argument : program.getBody().getArguments()) {
    unsigned i = argument.getArgNumber();
    auto role = program.getArgAttrOfType<StringAttr>(i, "kernel.role");
    auto name = program.getArgAttrOfType<StringAttr>(i, "kernel.name");
    if (!role)
      return program.emitOpError() << "argument " << i << " has no role";
    if (role == "input" || role == "output") {
      pointers.map(argument, function.getArgument(next++));
      continue;
    }
    if (role == "workspace") {
      pointers.map(argument, function.getArgument(1));
      continue;
    }
    const StateEntry *entry = name ? state.find(name.getValue()) : nullptr;
    if (!entry)
      return program.emitOpError()
             << "argument " << i << " is state without a place";
    pointers.map(argument, at(function.getArgument(0), entry->offset));
  }
  return success();
}

LogicalResult ProgramLowering::lowerConstant(kernel::ConstantOp op) {
  auto value = dyn_cast<DenseElementsAttr>(op.getValue());
  if (!value)
    return op.emitOpError() << "expected dense elements";
  LLVM::GlobalOp global = globalBytes(program.getSymName() + "_constant",
                                      memoryImage(value), TENSORC_ALIGNMENT);
  pointers.map(op.getBuffer(), LLVM::AddressOfOp::create(b, loc, global));
  return success();
}

LLVM::GlobalOp ProgramLowering::globalBytes(const Twine &name, StringRef bytes,
                                            int64_t alignment) {
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(program);
  auto global = LLVM::GlobalOp::create(
      b, loc, LLVM::LLVMArrayType::get(b.getI8Type(), bytes.size()),
      /*isConstant=*/true, LLVM::Linkage::Internal, name.str(),
      b.getStringAttr(bytes), alignment);
  symbols.insert(global); // makes the name unique
  return global;
}

LLVM::LLVMFuncOp ProgramLowering::runtimeFunction(StringRef name, Type result,
                                                  ArrayRef<Type> arguments,
                                                  bool variadic) {
  if (auto function = symbols.lookup<LLVM::LLVMFuncOp>(name))
    return function;
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(program);
  auto function = LLVM::LLVMFuncOp::create(
      b, UnknownLoc::get(b.getContext()), name,
      LLVM::LLVMFunctionType::get(result, arguments, variadic));
  symbols.insert(function);
  return function;
}

LLVM::LLVMFuncOp ProgramLowering::launchFunction() {
  return runtimeFunction(
      "tensorc_rt_launch", b.getI32Type(),
      {pointerType, pointerType, pointerType, b.getI64Type()});
}

LLVM::LLVMFuncOp ProgramLowering::failFunction() {
  return runtimeFunction("tensorc_rt_fail", b.getI32Type(),
                         {b.getI32Type(), pointerType}, /*variadic=*/true);
}

/// Where the kernel has said what is wrong, only the function is still to be
/// named.
void ProgramLowering::returnIfFailed(Value code, bool hasWords) {
  Block *current = b.getInsertionBlock();
  Region *region = current->getParent();
  Value ok = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::eq, code,
                                  status(TENSORC_OK));
  auto *stop = new Block;
  auto *next = new Block;
  region->push_back(stop);
  region->push_back(next);
  LLVM::CondBrOp::create(b, loc, ok, next, stop);
  b.setInsertionPointToStart(stop);
  // The name without the suffix of its CPU level.
  StringRef name = program.getSymName().split('.').first;
  LLVM::GlobalOp words =
      globalBytes(program.getSymName() + "_failure",
                  ("`" + name + "`: " +
                   (hasWords ? "%s" : "an index or label is out of range"))
                          .str() +
                      '\0',
                  1);
  SmallVector<Value> arguments = {code,
                                  LLVM::AddressOfOp::create(b, loc, words)};
  if (hasWords) {
    auto lastError = runtimeFunction("tensorc_rt_last_error", pointerType, {});
    arguments.push_back(
        LLVM::CallOp::create(b, loc, lastError, ValueRange{}).getResult());
  }
  auto result = LLVM::CallOp::create(b, loc, failFunction(), arguments);
  LLVM::ReturnOp::create(b, loc, result.getResult());
  b.setInsertionPointToStart(next);
}

LogicalResult ProgramLowering::lowerLaunch(kernel::LaunchOp launch) {
  auto kernel = symbols.lookup<LLVM::LLVMFuncOp>(launch.getKernel());
  if (!kernel)
    return launch.emitOpError()
           << "expected `" << launch.getKernel() << "` to be lowered already";
  int32_t slot = 0;
  for (Value operand : launch->getOperands()) {
    Value place = LLVM::GEPOp::create(b, loc, pointerType, pointerType, buffers,
                                      ArrayRef<LLVM::GEPArg>{slot++},
                                      LLVM::GEPNoWrapFlags::inbounds);
    LLVM::StoreOp::create(b, loc, pointers.lookup(operand), place);
  }
  Value noSizes = LLVM::ZeroOp::create(b, loc, pointerType);
  auto attribute = kernel->getAttrOfType<IntegerAttr>("kernel.tasks");
  int64_t tasks = attribute ? attribute.getInt() : 1;
  LLVM::CallOp call;
  if (tasks <= 1)
    call = LLVM::CallOp::create(
        b, loc, kernel, ValueRange{buffers, noSizes, constant(0), constant(1)});
  else
    call = LLVM::CallOp::create(
        b, loc, launchFunction(),
        ValueRange{LLVM::AddressOfOp::create(b, loc, kernel), buffers, noSizes,
                   constant(tasks)});
  // A program stops at the first failure, before anything else is written.
  if (kernel->hasAttr("kernel.can_fail"))
    returnIfFailed(call.getResult(), kernel->hasAttr("kernel.has_words"));
  return success();
}

LogicalResult ProgramLowering::run() {
  LLVM::LLVMFuncOp function = createFunction();
  unsigned slots = 0;
  program.walk([&](kernel::LaunchOp launch) {
    slots = std::max(slots, launch->getNumOperands());
  });
  buffers = LLVM::AllocaOp::create(b, loc, pointerType, pointerType,
                                   constant(std::max(slots, 1u)));
  if (failed(mapArguments(function)))
    return failure();
  for (Operation &op : program.getBody().front()) {
    loc = op.getLoc();
    LogicalResult result =
        llvm::TypeSwitch<Operation *, LogicalResult>(&op)
            .Case([&](kernel::ConstantOp op) { return lowerConstant(op); })
            .Case([&](kernel::LaunchOp op) { return lowerLaunch(op); })
            .Case([&](kernel::ViewOp op) {
              pointers.map(op.getBuffer(),
                           at(pointers.lookup(op.getArena()), op.getOffset()));
              return success();
            })
            .Case([&](kernel::ReinterpretOp op) {
              pointers.map(op.getBuffer(), pointers.lookup(op.getSource()));
              return success();
            })
            .Case([&](kernel::ReturnOp) {
              LLVM::ReturnOp::create(b, loc, status(TENSORC_OK));
              return success();
            })
            .Default([&](Operation *op) {
              return op->emitOpError()
                     << "can't be lowered to host code (is memory planned?)";
            });
    if (failed(result))
      return failure();
  }
  symbols.remove(program);
  program.erase();
  symbols.insert(function);
  return success();
}

LogicalResult lowerPrograms(ModuleOp module, const StateLayout &state) {
  SymbolTable symbols(module);
  for (auto program :
       llvm::make_early_inc_range(module.getOps<kernel::ProgramOp>()))
    if (failed(ProgramLowering(program, state, symbols).run()))
      return failure();
  return success();
}

} // namespace tensorc::compiler
