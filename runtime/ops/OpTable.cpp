//===- OpTable.cpp - The table that tensorc-tblgen makes ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/ops/Rules.h"
#include "tensorc/functions.h"
#include "tensorc/op.h"

#include <algorithm>
#include <cmath>

#include "ops/OpTable.inc"
