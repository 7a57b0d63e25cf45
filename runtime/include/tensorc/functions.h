//===- functions.h - Functions of tensors -----------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_FUNCTIONS_H
#define TENSORC_FUNCTIONS_H

#include "tensorc/creation.h"
/// The functions, made from the definitions of the ops.
#include "tensorc/op_functions.h"
#include "tensorc/tensor.h"

namespace tensorc {

/// The shape that tensors of shapes `a` and `b` broadcast to.
Shape broadcast_shapes(const Shape &a, const Shape &b);

} // namespace tensorc

#endif // TENSORC_FUNCTIONS_H
