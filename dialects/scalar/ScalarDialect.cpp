//===- ScalarDialect.cpp - The scalar dialect -----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/scalar/ScalarDialect.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/CastInterfaces.h"

using namespace mlir;
using namespace tensorc::scalar;

#include "dialects/scalar/ScalarDialect.cpp.inc"
#include "dialects/scalar/ScalarEnums.cpp.inc"

void ScalarDialect::initialize() {
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "dialects/scalar/ScalarOps.cpp.inc"
      >();
}

BlockArgument CheckOp::getOrigin() {
  Value value = getValue();
  while (Operation *op = value ? value.getDefiningOp() : nullptr) {
    if (!isa<CastOpInterface, UnrealizedConversionCastOp>(op))
      break;
    value = op->getOperand(0);
  }
  return dyn_cast_if_present<BlockArgument>(value);
}

#define GET_OP_CLASSES
#include "dialects/scalar/ScalarOps.cpp.inc"
