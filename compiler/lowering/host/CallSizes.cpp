//===- CallSizes.cpp - What host code makes of sizes that a call says -----===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/host/ProgramLowering.h"
#include "compiler/support/SizeCode.h"
#include "compiler/support/Specialize.h"
#include "compiler/target/Tasks.h"

using namespace mlir;

namespace tensorc::compiler {

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

/// An array of the sizes that a kernel is told.
Value ProgramLowering::sizesOf(kernel::LaunchOp launch) {
  std::vector<int64_t> sizes = toldSizes(launch);
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

std::vector<Symbol> symbolsOf(kernel::ProgramOp program) {
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
    // What nothing depends on any more isn't said, nor asked for.
    auto sizes = llvm::filter_to_vector(
        other->getAttrOfType<DictionaryAttr>(specializedSizesName),
        [&](NamedAttribute size) {
          return llvm::any_of(sizeSymbols, [&](const Symbol &symbol) {
            return symbol.name == size.getName().getValue();
          });
        });
    if (sizes.empty())
      continue;
    // The new entry block asks, and goes on to the one before.
    Block *ask =
        b.createBlock(general, general->getArgumentTypes(),
                      SmallVector<Location>(general->getNumArguments(), loc));
    Value all;
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

} // namespace tensorc::compiler
