//===- LowerProgram.cpp - kernel.program to host code ---------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/host/LowerProgram.h"

#include "compiler/lowering/host/ProgramLowering.h"
#include "compiler/support/MemoryImage.h"
#include "compiler/support/Specialize.h"
#include "compiler/target/Variant.h"
#include "tensorc/abi.h"

using namespace mlir;

namespace tensorc::compiler {

/// Code generation takes more than linear time for a block: a program of more
/// launches is a function that calls others of so many each.
static constexpr size_t kLaunchesPerFunction = 64;

LogicalResult ProgramLowering::checkBody() {
  for (Operation &op : program.getBody().front())
    if (!isa<kernel::ConstantOp, kernel::LaunchOp, kernel::ViewOp,
             kernel::ReinterpretOp, kernel::ReturnOp>(op))
      return op.emitOpError()
             << "can't be lowered to host code (is memory planned?)";
  return success();
}

LogicalResult ProgramLowering::placeArguments() {
  for (BlockArgument argument : program.getBody().getArguments()) {
    unsigned i = argument.getArgNumber();
    auto role = program.getArgAttrOfType<StringAttr>(i, "kernel.role");
    auto name = program.getArgAttrOfType<StringAttr>(i, "kernel.name");
    if (!role)
      return program.emitOpError() << "argument " << i << " has no role";
    if (role == "input" || role == "output") {
      places[argument] = {Place::Value, values++};
      continue;
    }
    if (role == "workspace") {
      places[argument] = {Place::Workspace};
      continue;
    }
    const StateEntry *entry = name ? state.find(name.getValue()) : nullptr;
    if (!entry)
      return program.emitOpError()
             << "argument " << i << " is state without a place";
    places[argument] = {Place::State, entry->offset};
  }
  return success();
}

LogicalResult ProgramLowering::createConstants() {
  for (auto op : program.getBody().getOps<kernel::ConstantOp>()) {
    auto value = dyn_cast<DenseElementsAttr>(op.getValue());
    if (!value)
      return op.emitOpError() << "expected dense elements";
    loc = op.getLoc();
    constants[op.getBuffer()] =
        globalBytes(program.getSymName() + "_constant", memoryImage(value),
                    TENSORC_ALIGNMENT);
  }
  return success();
}

LLVM::LLVMFuncOp ProgramLowering::createFunction(const Twine &name,
                                                 ArrayRef<Type> arguments) {
  auto type = LLVM::LLVMFunctionType::get(b.getI32Type(), arguments);
  b.setInsertionPoint(program);
  return LLVM::LLVMFuncOp::create(b, program.getLoc(), name.str(), type);
}

/// Computed where the function that is being emitted first needs it.
Value ProgramLowering::addressOf(Value buffer) {
  while (auto view = buffer.getDefiningOp<kernel::ReinterpretOp>())
    buffer = view.getSource();
  Value &known = pointers[buffer];
  if (known)
    return known;
  auto compute = [&]() -> Value {
    if (auto view = buffer.getDefiningOp<kernel::ViewOp>())
      return at(addressOf(view.getArena()), view.getOffset());
    if (auto constant = constants.lookup(buffer))
      return LLVM::AddressOfOp::create(b, loc, constant);
    Place place = places.lookup(buffer);
    switch (place.kind) {
    case Place::State:
      return at(function.getArgument(0), place.position);
    case Place::Workspace:
      return function.getArgument(1);
    case Place::Value:
      break;
    }
    if (!valueList)
      return function.getArgument(2 + sizeSymbols.size() + place.position);
    return LLVM::LoadOp::create(b, loc, pointerType,
                                slot(valueList, place.position));
  };
  Value address = compute();
  return pointers[buffer] = address;
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

/// Returns what `reported` makes of a `code` other than 0.
void ProgramLowering::returnIfFailed(Value code,
                                     function_ref<Value()> reported) {
  Region *region = b.getInsertionBlock()->getParent();
  Value ok = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::eq, code,
                                  status(TENSORC_OK));
  auto *stop = new Block;
  auto *next = new Block;
  region->push_back(stop);
  region->push_back(next);
  LLVM::CondBrOp::create(b, loc, ok, next, stop);
  b.setInsertionPointToStart(stop);
  LLVM::ReturnOp::create(b, loc, reported());
  b.setInsertionPointToStart(next);
}

/// Where the kernel has said what is wrong, only the function is still to be
/// named.
Value ProgramLowering::report(Value code, bool hasWords) {
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
  return LLVM::CallOp::create(b, loc, failFunction(), arguments).getResult();
}

LogicalResult ProgramLowering::lowerLaunch(kernel::LaunchOp launch) {
  loc = launch.getLoc();
  auto kernel = symbols.lookup<LLVM::LLVMFuncOp>(launch.getKernel());
  if (!kernel)
    return launch.emitOpError()
           << "expected `" << launch.getKernel() << "` to be lowered already";
  SmallVector<Value> addresses;
  for (Value operand : launch->getOperands())
    addresses.push_back(addressOf(operand));
  for (auto [index, address] : llvm::enumerate(addresses))
    LLVM::StoreOp::create(b, loc, address, slot(buffers, int32_t(index)));
  Value sizes = sizesOf(launch);
  OpFoldResult tasks = tasksOf(launch, kernel);
  auto known = dyn_cast<Attribute>(tasks);
  LLVM::CallOp call;
  if (known && cast<IntegerAttr>(known).getInt() <= 1)
    call = LLVM::CallOp::create(
        b, loc, kernel, ValueRange{buffers, sizes, constant(0), constant(1)});
  else
    call = LLVM::CallOp::create(
        b, loc, launchFunction(),
        ValueRange{LLVM::AddressOfOp::create(b, loc, kernel), buffers, sizes,
                   known ? constant(cast<IntegerAttr>(known).getInt())
                         : cast<Value>(tasks)});
  // A program stops at the first failure, before anything else is written.
  if (kernel->hasAttr("kernel.can_fail"))
    returnIfFailed(call.getResult(), [&] {
      return report(call.getResult(), kernel->hasAttr("kernel.has_words"));
    });
  return success();
}

/// The body of `to`, which does `launches` in order. A part of a program has
/// the inputs and outputs in an array.
LogicalResult
ProgramLowering::lowerLaunches(LLVM::LLVMFuncOp to, bool isPart, unsigned slots,
                               ArrayRef<kernel::LaunchOp> launches) {
  function = to;
  pointers.clear();
  sizeValues.clear();
  sizeArrays.clear();
  taskCounts.clear();
  firstSymbol = isPart ? 3 : 2;
  b.setInsertionPointToStart(to.addEntryBlock(b));
  loc = program.getLoc();
  valueList = isPart ? to.getArgument(2) : Value();
  buffers = pointerArray(slots);
  for (kernel::LaunchOp launch : launches)
    if (failed(lowerLaunch(launch)))
      return failure();
  LLVM::ReturnOp::create(b, loc, status(TENSORC_OK));
  return success();
}

/// The body of `to` where there are more launches than a function is to have.
LogicalResult ProgramLowering::lowerParts(LLVM::LLVMFuncOp to, unsigned slots,
                                          ArrayRef<kernel::LaunchOp> launches) {
  SmallVector<std::pair<LLVM::LLVMFuncOp, bool>> parts; // can it fail?
  SmallVector<Type> types(3, pointerType);
  types.append(sizeSymbols.size(), b.getI64Type());
  while (!launches.empty()) {
    auto some = launches.take_front(kLaunchesPerFunction);
    launches = launches.drop_front(some.size());
    LLVM::LLVMFuncOp part =
        createFunction(program.getSymName() + ".part", types);
    part.setLinkage(LLVM::Linkage::Internal);
    symbols.insert(part); // makes the name unique
    if (failed(lowerLaunches(part, /*isPart=*/true, slots, some)))
      return failure();
    bool canFail = llvm::any_of(some, [&](kernel::LaunchOp launch) {
      return symbols.lookup(launch.getKernel())->hasAttr("kernel.can_fail");
    });
    parts.emplace_back(part, canFail);
  }
  b.setInsertionPointToStart(to.addEntryBlock(b));
  loc = program.getLoc();
  Value list = pointerArray(values);
  for (unsigned i = 0; i < values; ++i)
    LLVM::StoreOp::create(b, loc, to.getArgument(2 + sizeSymbols.size() + i),
                          slot(list, int32_t(i)));
  SmallVector<Value> arguments = {to.getArgument(0), to.getArgument(1), list};
  for (unsigned i = 0; i < sizeSymbols.size(); ++i)
    arguments.push_back(to.getArgument(2 + i));
  for (auto [part, canFail] : parts) {
    auto call = LLVM::CallOp::create(b, loc, part, arguments);
    if (canFail)
      returnIfFailed(call.getResult(), [&] { return call.getResult(); });
  }
  LLVM::ReturnOp::create(b, loc, status(TENSORC_OK));
  return success();
}

LogicalResult ProgramLowering::run() {
  if (failed(checkBody()) || failed(placeArguments()) ||
      failed(createConstants()))
    return failure();
  sizeSymbols = symbolsOf(program);
  auto launches = llvm::to_vector(program.getBody().getOps<kernel::LaunchOp>());
  unsigned slots = 0;
  for (kernel::LaunchOp launch : launches)
    slots = std::max(slots, launch->getNumOperands());
  SmallVector<Type> types(2, pointerType);
  types.append(sizeSymbols.size(), b.getI64Type());
  types.append(values, pointerType);
  LLVM::LLVMFuncOp whole = createFunction(program.getSymName(), types);
  if (failed(launches.size() <= kLaunchesPerFunction
                 ? lowerLaunches(whole, /*isPart=*/false, slots, launches)
                 : lowerParts(whole, slots, launches)))
    return failure();
  callSpecial(whole);
  symbols.remove(program);
  program.erase();
  symbols.insert(whole);
  return success();
}

LogicalResult lowerPrograms(ModuleOp module, const StateLayout &state) {
  SymbolTable symbols(module);
  const target::Cpu *cpu = target::cpuOf(module);
  if (!cpu) // outside of a variant
    cpu = &target::cpus().front();
  auto programs = llvm::to_vector(module.getOps<kernel::ProgramOp>());
  llvm::StringMap<SmallVector<kernel::ProgramOp>> special;
  auto generalOf = [](kernel::ProgramOp program) {
    return program->getAttrOfType<StringAttr>(specializesName);
  };
  for (kernel::ProgramOp program : programs)
    if (StringAttr general = generalOf(program))
      special[general.getValue()].push_back(program);
  auto lower = [&](kernel::ProgramOp program) {
    return ProgramLowering(program, state, symbols,
                           special.lookup(program.getSymName()), *cpu)
        .run();
  };
  // General ones first, who ask what the others are.
  for (bool isSpecial : {false, true})
    for (kernel::ProgramOp &program : programs)
      if (program && bool(generalOf(program)) == isSpecial) {
        if (failed(lower(program)))
          return failure();
        program = nullptr;
      }
  return success();
}

} // namespace tensorc::compiler
