//===- ProgramLowering.h - One program as host code ----------- -*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_LOWERING_HOST_PROGRAMLOWERING_H
#define TENSORC_COMPILER_LOWERING_HOST_PROGRAMLOWERING_H

#include "compiler/support/StateLayout.h"
#include "compiler/target/Cpu.h"
#include "dialects/kernel/KernelDialect.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/SymbolTable.h"

#include <map>

namespace tensorc::compiler {

/// Emits one program.
class ProgramLowering {
public:
  /// `special` are those that serve some of the program's calls.
  ProgramLowering(kernel::ProgramOp program, const StateLayout &state,
                  mlir::SymbolTable &symbols,
                  llvm::ArrayRef<kernel::ProgramOp> special,
                  const target::Cpu &target)
      : program(program), state(state), symbols(symbols), special(special),
        target(target), b(program.getContext()), loc(program.getLoc()),
        pointerType(mlir::LLVM::LLVMPointerType::get(program.getContext())) {}

  mlir::LogicalResult run();

private:
  /// Where an argument of the program is.
  struct Place {
    enum { Value, State, Workspace } kind;
    int64_t position = 0; ///< a value's number, the state's bytes
  };

  mlir::LogicalResult checkBody();
  mlir::LogicalResult placeArguments();
  mlir::LogicalResult createConstants();
  mlir::LLVM::LLVMFuncOp createFunction(const llvm::Twine &name,
                                        llvm::ArrayRef<mlir::Type> arguments);
  mlir::LogicalResult lowerLaunches(mlir::LLVM::LLVMFuncOp function,
                                    bool isPart, unsigned slots,
                                    llvm::ArrayRef<kernel::LaunchOp> launches);
  mlir::LogicalResult lowerParts(mlir::LLVM::LLVMFuncOp function,
                                 unsigned slots,
                                 llvm::ArrayRef<kernel::LaunchOp> launches);
  mlir::LogicalResult lowerLaunch(kernel::LaunchOp launch);
  mlir::Value addressOf(mlir::Value buffer);
  mlir::Value sizeValue(SymInt size);
  mlir::Value sizesOf(kernel::LaunchOp launch);
  mlir::OpFoldResult tasksOf(kernel::LaunchOp launch,
                             mlir::LLVM::LLVMFuncOp kernel);
  void callSpecial(mlir::LLVM::LLVMFuncOp whole);
  void returnIfFailed(mlir::Value code,
                      llvm::function_ref<mlir::Value()> reported);
  mlir::Value report(mlir::Value code, bool hasWords);
  mlir::LLVM::GlobalOp globalBytes(const llvm::Twine &name,
                                   llvm::StringRef bytes, int64_t alignment);
  mlir::LLVM::LLVMFuncOp runtimeFunction(llvm::StringRef name,
                                         mlir::Type result,
                                         llvm::ArrayRef<mlir::Type> arguments,
                                         bool variadic = false);
  mlir::LLVM::LLVMFuncOp launchFunction();
  mlir::LLVM::LLVMFuncOp failFunction();

  mlir::Value at(mlir::Value base, int64_t offset) {
    if (offset == 0)
      return base;
    mlir::Value distance = constant(offset);
    return mlir::LLVM::GEPOp::create(
        b, loc, pointerType, b.getI8Type(), base,
        llvm::ArrayRef<mlir::LLVM::GEPArg>{distance},
        mlir::LLVM::GEPNoWrapFlags::inbounds);
  }
  /// Of element `index` of an array of pointers.
  mlir::Value slot(mlir::Value array, int32_t index) {
    return mlir::LLVM::GEPOp::create(b, loc, pointerType, pointerType, array,
                                     llvm::ArrayRef<mlir::LLVM::GEPArg>{index},
                                     mlir::LLVM::GEPNoWrapFlags::inbounds);
  }
  mlir::Value pointerArray(int64_t size) {
    return mlir::LLVM::AllocaOp::create(b, loc, pointerType, pointerType,
                                        constant(std::max<int64_t>(size, 1)));
  }
  mlir::Value constant(int64_t value) {
    return mlir::LLVM::ConstantOp::create(b, loc, b.getI64IntegerAttr(value));
  }
  mlir::Value status(int32_t value) {
    return mlir::LLVM::ConstantOp::create(b, loc, b.getI32IntegerAttr(value));
  }

  kernel::ProgramOp program;
  const StateLayout &state;
  mlir::SymbolTable &symbols;
  llvm::ArrayRef<kernel::ProgramOp> special;
  const target::Cpu &target;
  mlir::OpBuilder b;
  mlir::Location loc;
  mlir::Type pointerType;
  llvm::DenseMap<mlir::Value, Place> places; ///< of the arguments
  llvm::DenseMap<mlir::Value, mlir::LLVM::GlobalOp> constants;
  unsigned values = 0;             ///< inputs and outputs
  std::vector<Symbol> sizeSymbols; ///< that a call says

  // Of the function that is being emitted:
  llvm::DenseMap<mlir::Value, mlir::Value> pointers; ///< by buffer
  mlir::Value buffers; ///< the array of buffer addresses that launches share
  mlir::Value
      valueList; ///< an array of the inputs' and outputs' addresses, or null
  unsigned firstSymbol = 0; ///< the argument that is the first symbol
  llvm::DenseMap<int64_t, mlir::Value> sizeValues; ///< by `SymInt::raw`
  std::map<std::vector<int64_t>, mlir::Value>
      sizeArrays; ///< that launches share
  /// By the elements of a launch (`SymInt::raw`) and what 1024 of them take.
  std::map<std::pair<int64_t, int64_t>, mlir::Value> taskCounts;
  mlir::LLVM::LLVMFuncOp function;
};

/// What a call of `program` says.
std::vector<Symbol> symbolsOf(kernel::ProgramOp program);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_LOWERING_HOST_PROGRAMLOWERING_H
