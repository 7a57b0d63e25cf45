//===- CheckDialect.h - What a test expects of values -----------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_OPS_CHECKDIALECT_H
#define TENSORC_TESTS_OPS_CHECKDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"

#include "tests/ops/CheckDialect.h.inc"
#define GET_OP_CLASSES
#include "tests/ops/CheckOps.h.inc"

#endif // TENSORC_TESTS_OPS_CHECKDIALECT_H
