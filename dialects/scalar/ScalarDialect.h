//===- ScalarDialect.h - The scalar dialect ---------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DIALECTS_SCALAR_SCALARDIALECT_H
#define TENSORC_DIALECTS_SCALAR_SCALARDIALECT_H

#include "dialects/scalar/Sizes.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "llvm/ADT/StringMap.h"

#include <mutex>

#include "dialects/scalar/ScalarDialect.h.inc"
#include "dialects/scalar/ScalarEnums.h.inc"

#define GET_OP_CLASSES
#include "dialects/scalar/ScalarOps.h.inc"

#endif // TENSORC_DIALECTS_SCALAR_SCALARDIALECT_H
