//===- MemoryOps.h - Ops of eager mode alone --------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_AUTOGRAD_MEMORYOPS_H
#define TENSORC_RUNTIME_AUTOGRAD_MEMORYOPS_H

#include "tensorc/op.h"

namespace tensorc {

// Where elements lie in memory, and on which device, is known to eager mode
// alone: traced functions have neither. So these ops are in no dialect, and not
// in the op table.

/// `self` at the strides and offset of a view, in a base that lies as `layout`
/// says; and the base `self` with `source` in the view's place. Each is the
/// other's gradient.
const OpInfo &as_strided();
const OpInfo &as_strided_scatter();
/// `self` on `device`.
const OpInfo &to_copy();

} // namespace tensorc

#endif // TENSORC_RUNTIME_AUTOGRAD_MEMORYOPS_H
