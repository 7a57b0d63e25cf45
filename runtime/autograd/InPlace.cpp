//===- InPlace.cpp - In-place writes and views on the tape ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// As PyTorch does it (its CopySlices and AsStridedBackward): whatever chain of
// views led from a base to a view, what counts is where the view's elements lie
// in the base. Two ops say so, `as_strided` and `as_strided_scatter`, each the
// other's gradient.
//
//===----------------------------------------------------------------------===//

#include "runtime/autograd/MemoryOps.h"
#include "runtime/autograd/Tape.h"
#include "runtime/core/Dense.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"
#include "tensorc/views.h"

#include <optional>

namespace tensorc {

using Ints = std::vector<std::int64_t>;

Tensor laid_out(const Tensor &tensor, const Ints &strides, bool copy) {
  if (!copy && tensor.strides() == strides)
    return tensor;
  std::int64_t extent = tensor.numel() ? 1 : 0;
  for (std::size_t d = 0; d < strides.size() && extent; ++d)
    extent += (tensor.shape()[d] - 1) * strides[d];
  Tensor memory = make_unset({tensor.dtype(), {extent}}, tensor.device());
  Tensor result = make_view(memory, tensor.shape(), strides, 0);
  copy_elements(*tensor.impl(), *result.impl());
  return result;
}

//===----------------------------------------------------------------------===//
// Histories
//===----------------------------------------------------------------------===//

/// Where `view` lies in its base.
static Attributes place_of(const TensorImpl &view) {
  return {{"shape", view.type.shape},
          {"strides", view.strides},
          {"offset", view.offset - view.base->offset},
          {"layout", view.base->strides}};
}

static void continue_from(TensorImpl &impl, const OpInfo &info,
                          std::vector<Tensor> operands, Attributes attributes,
                          Location location) {
  OpCall call(info, operands, std::move(attributes), location);
  impl.grad_fn =
      std::make_shared<Node>(call, std::vector<TensorType>{impl.type});
  impl.output_index = 0;
  impl.requires_grad = true;
}

void record_write(const Tensor &target, const Tensor &value,
                  Location location) {
  check_recorded_write(target, location);
  TensorImpl &impl = *target.impl();
  if (const std::shared_ptr<TensorImpl> &base = impl.base) {
    continue_from(*base, as_strided_scatter(), {Tensor(base), value},
                  place_of(impl), location);
    ++base->history;
    return;
  }
  impl.requires_grad = value.requires_grad();
  impl.grad_fn = value.impl()->grad_fn;
  impl.output_index = value.impl()->output_index;
  if (impl.grad_fn)
    impl.grad_fn->version = impl.storage->version + 1; // the one being written
  ++impl.history;
}

void follow_base(TensorImpl &view) {
  const TensorImpl &base = *view.base;
  if (view.history == base.history || view.untracked || !base.grad_fn)
    return;
  view.history = base.history;
  continue_from(view, as_strided(), {Tensor(view.base)}, place_of(view),
                base.grad_fn->location);
}

} // namespace tensorc
