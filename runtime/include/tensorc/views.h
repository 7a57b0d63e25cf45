//===- views.h - What shares memory -----------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For executors: models need none of it.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_VIEWS_H
#define TENSORC_VIEWS_H

#include "tensorc/op.h"
#include "tensorc/tensor.h"

namespace tensorc {

/// Where the elements of a view lie, in its base's memory.
struct Layout {
  /// As a `TensorImpl` has them.
  std::vector<std::int64_t> strides;
  SymInt offset; ///< from the base's first element
};

/// Whether results of the op are views where strides can say so.
bool gives_views(const OpInfo &info);
/// Where the result of `call`, of type `result`, lies in the memory of its
/// operand; nothing where it gets memory of its own. What shares memory in
/// eager mode and what does in traced functions is decided here.
std::optional<Layout> view_layout(const OpCall &call, const TensorType &result);

/// Whether two elements lie in one place: the tensor was expanded, or is one of
/// windows that overlap.
bool is_expanded(const Tensor &tensor);

/// Whether `tensor` is a view that was made under `NoGradGuard`, of a tensor
/// that was written to since in a way that gradients have to know.
bool lost_track(const Tensor &tensor);
/// `Error` for an operand of a recorded `call` that has.
void check_tracks(const OpCall &call);

/// Has a traced `result` be what `call` made of tensors that require grad: no
/// leaf, and named after the op. Its gradient is the executor's affair.
void mark_made(const Tensor &result, const OpCall &call);

/// Whether an in-place write is recorded for gradients.
bool records_write(const Tensor &target, const Tensor &value);
/// The step before one that is: `Error` where `target`
/// must not be written to while gradients are.
void check_recorded_write(const Tensor &target, Location location);

} // namespace tensorc

#endif // TENSORC_VIEWS_H
