//===- Compute.h - The values of ops ----------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_EAGER_COMPUTE_H
#define TENSORC_RUNTIME_EAGER_COMPUTE_H

#include "tensorc/op.h"
#include "tensorc/tensor.h"

namespace tensorc::eager {

/// A primitive op of one result, of type `type`, on eager tensors. The result
/// may share storage with an operand where the op moves elements.
Tensor move_elements(const OpCall &call, const TensorType &type);
Tensor create(const OpCall &call, const TensorType &type);
Tensor by_element(const OpCall &call, const TensorType &type);
Tensor reduce(const OpCall &call, const TensorType &type);
Tensor contract(const OpCall &call, const TensorType &type);
Tensor pool(const OpCall &call, const TensorType &type);

/// The result of an elementwise op that has kernels and no attributes, on
/// operands of the CPU of one shape and type: what most calls are. Nothing for
/// others, and where something is wrong.
std::optional<Tensor> quick_by_element(const OpCall &call);
/// `tensor` as elements of another type, dense; itself where it is of that
/// type.
Tensor converted(const Tensor &tensor, DType dtype, Location location);

/// `tensor` itself where it is dense, else a dense copy.
Tensor dense(const Tensor &tensor);

} // namespace tensorc::eager

#endif // TENSORC_RUNTIME_EAGER_COMPUTE_H
