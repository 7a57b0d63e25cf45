//===- LowerProgram.cpp - kernel.program to host code ---------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/host/LowerProgram.h"

#include "compiler/support/MemoryImage.h"
#include "compiler/support/SizeCode.h"
#include "compiler/support/Specialize.h"
#include "compiler/target/Tasks.h"
#include "compiler/target/Variant.h"
#include "dialects/kernel/KernelDialect.h"
#include "tensorc/abi.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/SymbolTable.h"

#include <map>

using namespace mlir;

namespace tensorc::compiler {
namespace {

/// Code generation takes more than linear time for a block: a program of more
/// launches is a function that calls others of so many each.
constexpr size_t kLaunchesPerFunction = 64;

/// Emits one program.
class ProgramLowering {
public:
  /// `special` are those that serve some of the program's calls.
  ProgramLowering(kernel::ProgramOp program, const StateLayout &state,
                  SymbolTable &symbols, ArrayRef<kernel::ProgramOp> special,
                  const target::Cpu &target)
      : program(program), state(state), symbols(symbols), special(special),
        target(target), b(program.getContext()), loc(program.getLoc()),
        pointerType(LLVM::LLVMPointerType::get(program.getContext())) {}

  LogicalResult run();

private:
  /// Where an argument of the program is.
  struct Place {
    enum { Value, State, Workspace } kind;
    int64_t position = 0; ///< a value's number, the state's bytes
  };

  LogicalResult checkBody();
  LogicalResult placeArguments();
  LogicalResult createConstants();
  LLVM::LLVMFuncOp createFunction(const Twine &name, ArrayRef<Type> arguments);
  LogicalResult lowerLaunches(LLVM::LLVMFuncOp function, bool isPart,
                              unsigned slots,
                              ArrayRef<kernel::LaunchOp> launches);
  LogicalResult lowerParts(LLVM::LLVMFuncOp function, unsigned slots,
                           ArrayRef<kernel::LaunchOp> launches);
  LogicalResult lowerLaunch(kernel::LaunchOp launch);
  Value addressOf(Value buffer);
  Value sizeValue(SymInt size);
  Value sizesOf(kernel::LaunchOp launch);
  OpFoldResult tasksOf(kernel::LaunchOp launch, LLVM::LLVMFuncOp kernel);
  void callSpecial(LLVM::LLVMFuncOp whole);
  void returnIfFailed(Value code, function_ref<Value()> reported);
  Value report(Value code, bool hasWords);
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
  /// Of element `index` of an array of pointers.
  Value slot(Value array, int32_t index) {
    return LLVM::GEPOp::create(b, loc, pointerType, pointerType, array,
                               ArrayRef<LLVM::GEPArg>{index},
                               LLVM::GEPNoWrapFlags::inbounds);
  }
  Value pointerArray(int64_t size) {
    return LLVM::AllocaOp::create(b, loc, pointerType, pointerType,
                                  constant(std::max<int64_t>(size, 1)));
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
  ArrayRef<kernel::ProgramOp> special;
  const target::Cpu &target;
  OpBuilder b;
  Location loc;
  Type pointerType;
  llvm::DenseMap<Value, Place> places; ///< of the arguments
  llvm::DenseMap<Value, LLVM::GlobalOp> constants;
  unsigned values = 0;             ///< inputs and outputs
  std::vector<Symbol> sizeSymbols; ///< that a call says

  // Of the function that is being emitted:
  llvm::DenseMap<Value, Value> pointers; ///< by buffer
  Value buffers;   ///< the array of buffer addresses that launches share
  Value valueList; ///< an array of the inputs' and outputs' addresses, or null
  unsigned firstSymbol = 0; ///< the argument that is the first symbol
  llvm::DenseMap<int64_t, Value> sizeValues;        ///< by `SymInt::raw`
  std::map<std::vector<int64_t>, Value> sizeArrays; ///< that launches share
  /// By the elements of a launch (`SymInt::raw`) and what 1024 of them take.
  std::map<std::pair<int64_t, int64_t>, Value> taskCounts;
  LLVM::LLVMFuncOp function;
};

} // namespace

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

/// What `size` is in this call.
Value ProgramLowering::sizeValue(SymInt size) {
  Value &known = sizeValues[size.raw()];
  if (!known)
    known = emitSize(b, loc, size, [&](const Symbol &symbol) {
      auto place = llvm::find(sizeSymbols, symbol) - sizeSymbols.begin();
      assert(place < ssize_t(sizeSymbols.size()) &&
             "a program lists its symbols");
      return function.getArgument(firstSymbol + place);
    });
  return known;
}

/// The sizes that a kernel is told: where the launch doesn't list them, those
/// of its buffers' types that are no numbers, then the launch's own.
Value ProgramLowering::sizesOf(kernel::LaunchOp launch) {
  std::vector<int64_t> sizes;
  auto add = [&](ArrayRef<int64_t> raw) {
    sizes.insert(sizes.end(), raw.begin(), raw.end());
  };
  if (Attribute said = launch->getAttr("kernel.sizes")) {
    Shape told = scalar::toSizes(said);
    add({told.numbers(), told.size()});
  } else {
    for (Type type : launch->getOperandTypes())
      for (int64_t size : scalar::rawSizesOf(cast<MemRefType>(type)))
        if (!scalar::isNumber(size))
          sizes.push_back(size);
    if (auto own = launch.getSizes())
      add({own->numbers(), own->size()});
  }
  if (sizes.empty())
    return LLVM::ZeroOp::create(b, loc, pointerType);
  if (Value known = sizeArrays[sizes])
    return known;
  if (llvm::all_of(sizes, scalar::isNumber))
    return LLVM::AddressOfOp::create(
        b, loc,
        globalBytes(program.getSymName() + "_sizes",
                    StringRef(reinterpret_cast<const char *>(sizes.data()),
                              sizes.size() * sizeof(int64_t)),
                    alignof(int64_t)));
  Value array;
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(&function.getBody().front());
    array = LLVM::AllocaOp::create(b, loc, pointerType, b.getI64Type(),
                                   constant(int64_t(sizes.size())));
  }
  for (auto [index, size] : llvm::enumerate(sizes)) {
    Value place = LLVM::GEPOp::create(
        b, loc, pointerType, b.getI64Type(), array,
        ArrayRef<LLVM::GEPArg>{int32_t(index)}, LLVM::GEPNoWrapFlags::inbounds);
    LLVM::StoreOp::create(b, loc, sizeValue(size), place);
  }
  return sizeArrays[sizes] = array;
}

/// The elements of the largest buffer whose size a call says; 0 where there is
/// none.
static SymInt largestSize(kernel::LaunchOp launch) {
  SymInt largest = 0;
  for (Type type : launch->getOperandTypes()) {
    SymInt elements = 1;
    for (SymInt size : scalar::sizesOf(cast<MemRefType>(type)))
      elements *= size;
    if (elements.is_symbolic() && elements.hint() > largest.hint())
      largest = elements;
  }
  return largest;
}

/// Into how many tasks a launch is split: of sizes that a call says, counted
/// then.
OpFoldResult ProgramLowering::tasksOf(kernel::LaunchOp launch,
                                      LLVM::LLVMFuncOp kernel) {
  // Kernels that share a function have their own.
  auto tasks = launch->getAttrOfType<IntegerAttr>(target::tasksAttribute);
  auto expected =
      launch->getAttrOfType<IntegerAttr>(target::nanosecondsAttribute);
  SymInt elements = largestSize(launch);
  if (tasks || !expected || elements.is(0)) {
    if (!tasks)
      tasks = kernel->getAttrOfType<IntegerAttr>(target::tasksAttribute);
    return tasks ? tasks : b.getI64IntegerAttr(1);
  }
  constexpr int64_t unit = 1024; // elements
  int64_t each =
      std::max<int64_t>(1, expected.getInt() * unit / elements.hint());
  if (elements.max() / unit * each < target::nanosecondsToSplit)
    return b.getI64IntegerAttr(1);
  Value &known = taskCounts[{elements.raw(), each}];
  if (known)
    return known;
  auto divided = [&](Value value, int64_t by) -> Value {
    return LLVM::SDivOp::create(b, loc, value, constant(by));
  };
  Value time = divided(
      LLVM::MulOp::create(b, loc, sizeValue(elements), constant(each)), unit);
  Value count =
      LLVM::SMinOp::create(b, loc, divided(time, target::nanosecondsPerTask),
                           constant(target::mostTasks(target)));
  Value isLittle = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::slt, time,
                                        constant(target::nanosecondsToSplit));
  return known = LLVM::SelectOp::create(b, loc, isLittle, constant(1), count);
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

static std::vector<Symbol> symbolsOf(kernel::ProgramOp program) {
  std::vector<Symbol> symbols;
  if (auto list = program->getAttrOfType<ArrayAttr>(kernel::symbolsName))
    for (auto symbol : list.getAsRange<scalar::SymbolAttr>())
      symbols.push_back(scalar::toSymbol(symbol));
  return symbols;
}

/// In front of all else: calls of the sizes that a special program is for are
/// its.
void ProgramLowering::callSpecial(LLVM::LLVMFuncOp whole) {
  loc = program.getLoc();
  Block *general = &whole.getBody().front();
  auto argumentOf = [&](Block *block, StringRef name) -> Value {
    auto place = llvm::find_if(
        sizeSymbols, [&](const Symbol &symbol) { return symbol.name == name; });
    assert(place != sizeSymbols.end() && "the general program has the symbol");
    return block->getArgument(2 + (place - sizeSymbols.begin()));
  };
  for (kernel::ProgramOp other : llvm::reverse(special)) {
    // The new entry block asks, and goes on to the one before.
    Block *ask =
        b.createBlock(general, general->getArgumentTypes(),
                      SmallVector<Location>(general->getNumArguments(), loc));
    Value all;
    auto sizes = other->getAttrOfType<DictionaryAttr>(specializedSizesName);
    for (NamedAttribute size : sizes) {
      Value equal = LLVM::ICmpOp::create(
          b, loc, LLVM::ICmpPredicate::eq,
          argumentOf(ask, size.getName().getValue()),
          constant(cast<IntegerAttr>(size.getValue()).getInt()));
      all = all ? LLVM::AndOp::create(b, loc, all, equal).getResult() : equal;
    }
    Block *call = b.createBlock(general);
    b.setInsertionPointToEnd(ask);
    LLVM::CondBrOp::create(b, loc, all, call, ValueRange(), general,
                           ask->getArguments());
    b.setInsertionPointToEnd(call);
    SmallVector<Value> arguments(ask->getArguments().take_front(2));
    for (const Symbol &symbol : symbolsOf(other))
      arguments.push_back(argumentOf(ask, symbol.name));
    llvm::append_range(arguments,
                       ask->getArguments().drop_front(2 + sizeSymbols.size()));
    SmallVector<Type> types;
    for (Value argument : arguments)
      types.push_back(argument.getType());
    auto type = LLVM::LLVMFunctionType::get(b.getI32Type(), types);
    auto result = LLVM::CallOp::create(
        b, loc, type, FlatSymbolRefAttr::get(other.getSymNameAttr()),
        arguments);
    LLVM::ReturnOp::create(b, loc, result.getResult());
    general = ask;
  }
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
