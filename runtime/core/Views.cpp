//===- Views.cpp - What shares memory -------------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/views.h"
#include "runtime/core/Dense.h"
#include "runtime/core/Sizes.h"

#include <algorithm>

namespace tensorc {

using Ints = std::vector<std::int64_t>;

bool gives_views(const OpInfo &info) { return info.view != nullptr; }

std::optional<Layout> view_layout(const OpCall &call,
                                  const TensorType &result) {
  if (!gives_views(call.info))
    return std::nullopt;
  const Tensor &self = call.operands[0];
  // Of unknown size, everything is taken to lie in one piece.
  if (std::ranges::any_of(result.shape, is_dynamic) ||
      self.strides().size() != self.shape().size())
    return Layout();
  return call.info.view(call, result);
}

bool is_expanded(const Tensor &tensor) {
  struct Along {
    SymInt stride, size;
  };
  std::vector<Along> dims;
  for (std::size_t d = 0; d < tensor.strides().size(); ++d) {
    SymInt size = tensor.shape()[d];
    if (size.is(0))
      return false;
    if (!size.is(1))
      dims.push_back({tensor.strides()[d], size});
  }
  // Each dimension has to step over all that those with smaller steps reach. Of
  // sizes that are symbols, they do unless it is known that they don't.
  std::ranges::sort(dims, {}, [](const Along &along) {
    return std::pair(along.stride.hint(), along.size.hint());
  });
  SymInt reach = 0;
  for (const Along &along : dims) {
    if (known_at_most(along.stride, reach))
      return true;
    reach += (along.size - 1) * along.stride;
  }
  return false;
}

bool lost_track(const Tensor &tensor) {
  const TensorImpl &impl = *tensor.impl();
  return impl.untracked && impl.base && impl.history != impl.base->history &&
         impl.base->requires_grad;
}

void check_tracks(const OpCall &call) {
  for (const Tensor &operand : call.operands)
    if (lost_track(operand))
      throw Error(function_prefix(call.info.name) +
                      "a view that was made under `NoGradGuard` can't be "
                      "used where gradients are recorded, once what it is a "
                      "view of was changed in place where they are",
                  call.location);
}

bool records_write(const Tensor &target, const Tensor &value) {
  if (!GradMode::is_enabled())
    return false;
  const std::shared_ptr<TensorImpl> &base = target.impl()->base;
  return target.requires_grad() || value.requires_grad() ||
         (base && base->requires_grad);
}

void check_recorded_write(const Tensor &target, Location location) {
  auto fail = [&](const char *what) {
    throw Error(function_prefix("copy_") + what +
                    " can't be changed in place where gradients are recorded "
                    "(use a `NoGradGuard`)",
                location);
  };
  auto is_tracked_leaf = [](const Tensor &tensor) {
    return tensor.requires_grad() && tensor.is_leaf();
  };
  const TensorImpl &impl = *target.impl();
  if (impl.base && impl.untracked)
    fail("a view that was made under `NoGradGuard`");
  if (impl.base && is_tracked_leaf(Tensor(impl.base)))
    fail("a view of a leaf that requires grad");
  if (is_tracked_leaf(target))
    fail("a leaf that requires grad");
}

} // namespace tensorc
