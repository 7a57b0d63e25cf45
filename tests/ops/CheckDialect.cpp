//===- CheckDialect.cpp - What a test expects of values -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/ops/CheckDialect.h"

#include "mlir/IR/Builders.h"

#include "tests/ops/CheckDialect.cpp.inc"
#define GET_OP_CLASSES
#include "tests/ops/CheckOps.cpp.inc"

void tensorc::check::CheckDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "tests/ops/CheckOps.cpp.inc"
      >();
}
