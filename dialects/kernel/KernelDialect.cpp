//===- KernelDialect.cpp - Registration and syntax --------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/KernelDialect.h"

#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/FunctionImplementation.h"

using namespace mlir;
using namespace tensorc::kernel;

#include "dialects/kernel/KernelDialect.cpp.inc"

void KernelDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialects/kernel/KernelOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Syntax of kernel.program and kernel.func
//===----------------------------------------------------------------------===//

template <typename FuncLike>
static ParseResult parseFuncLike(OpAsmParser &parser, OperationState &result) {
  auto functionType = [](Builder &builder, ArrayRef<Type> inputs,
                         ArrayRef<Type> results,
                         function_interface_impl::VariadicFlag, std::string &) {
    return builder.getFunctionType(inputs, results);
  };
  return function_interface_impl::parseFunctionOp(
      parser, result, /*allowVariadic=*/false,
      FuncLike::getFunctionTypeAttrName(result.name), functionType,
      FuncLike::getArgAttrsAttrName(result.name),
      FuncLike::getResAttrsAttrName(result.name));
}

template <typename FuncLike>
static void printFuncLike(OpAsmPrinter &printer, FuncLike op) {
  function_interface_impl::printFunctionOp(
      printer, op, /*isVariadic=*/false, op.getFunctionTypeAttrName(),
      op.getArgAttrsAttrName(), op.getResAttrsAttrName());
}

ParseResult ProgramOp::parse(OpAsmParser &parser, OperationState &result) {
  return parseFuncLike<ProgramOp>(parser, result);
}

void ProgramOp::print(OpAsmPrinter &printer) { printFuncLike(printer, *this); }

ParseResult FuncOp::parse(OpAsmParser &parser, OperationState &result) {
  return parseFuncLike<FuncOp>(parser, result);
}

void FuncOp::print(OpAsmPrinter &printer) { printFuncLike(printer, *this); }

#define GET_OP_CLASSES
#include "dialects/kernel/KernelOps.cpp.inc"
