//===- ops.h - The raw ops --------------------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_OPS_H
#define TENSORC_OPS_H

#include "tensorc/executor.h"
#include "tensorc/tensor.h"

/// `tensorc::ops`: one function for each op of `dialects/graph`, which neither
/// promotes nor broadcasts. The public functions in `functions.h`, shape
/// equations and gradient rules are built on them.
#include "tensorc/ops.h.inc"

#endif // TENSORC_OPS_H
