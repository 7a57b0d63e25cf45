//===- Functions.cpp - The public functions of the op definitions ---------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/functions.h"
#include "runtime/core/Calls.h"
#include "tensorc/ops.h"

#include "core/Functions.inc"
