//===- Views.cpp - Where views lie in their base's memory -----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/views.h"
#include "runtime/core/Dense.h"
#include "runtime/ops/Rules.h"
#include "runtime/ops/Support.h"

namespace tensorc {

std::optional<Layout> view_broadcast_to(const OpCall &call,
                                        const TensorType &result) {
  const Tensor &self = call.operands[0];
  const Shape &shape = result.shape;
  Layout layout{Ints(shape.size(), 0), 0};
  std::size_t added = shape.size() - self.shape().size();
  for (std::size_t d = added; d < shape.size(); ++d)
    if (self.shape()[d - added].is(shape[d]))
      layout.strides[d] = self.strides()[d - added];
  return layout;
}

std::optional<Layout> view_slice(const OpCall &call, const TensorType &result) {
  Layout layout{call.operands[0].strides(), 0};
  Shape starts = call.attributes.sizes("starts");
  const Ints &steps = call.attributes.get<Ints>("steps");
  for (std::size_t d = 0; d < result.shape.size(); ++d) {
    SymInt stride = layout.strides[d];
    // Of an empty dimension, nothing is at its start.
    if (!result.shape[d].is(0))
      layout.offset += starts[d] * stride;
    layout.strides[d] = (stride * steps[d]).raw();
  }
  return layout;
}

std::optional<Layout> view_unfold(const OpCall &call, const TensorType &) {
  Layout layout{call.operands[0].strides(), 0};
  auto along = std::size_t(call.attributes.get<std::int64_t>("dim"));
  SymInt stride = layout.strides[along];
  layout.strides[along] =
      (stride * call.attributes.get<std::int64_t>("step")).raw();
  layout.strides.push_back(stride.raw());
  return layout;
}

std::optional<Layout> view_reshape(const OpCall &call,
                                   const TensorType &result) {
  const Tensor &self = call.operands[0];
  auto strides = view_strides(self.shape(), self.strides(), result.shape);
  return strides ? std::optional(Layout{std::move(*strides), 0}) : std::nullopt;
}

std::optional<Layout> view_permute(const OpCall &call, const TensorType &) {
  const Ints &dims = call.attributes.get<Ints>("dims");
  Layout layout{Ints(dims.size()), 0};
  for (std::size_t i = 0; i < dims.size(); ++i)
    layout.strides[i] = call.operands[0].strides()[std::size_t(dims[i])];
  return layout;
}

std::optional<Layout> view_detach(const OpCall &call, const TensorType &) {
  return Layout{call.operands[0].strides(), 0};
}

} // namespace tensorc
