//===- Rules.h - The rules that ops have, as tensorc-tblgen lists them ----===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_OPS_RULES_H
#define TENSORC_RUNTIME_OPS_RULES_H

#include "tensorc/op.h"
#include "tensorc/tensor.h"

#include "ops/Ops.h.inc"

#endif // TENSORC_RUNTIME_OPS_RULES_H
