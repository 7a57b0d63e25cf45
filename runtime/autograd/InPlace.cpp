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
// other's gradient. They are ops of eager mode alone: traced functions have no
// memory to speak of.
//
//===----------------------------------------------------------------------===//

#include "runtime/autograd/Tape.h"
#include "runtime/core/Dense.h"
#include "tensorc/executor.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"
#include "tensorc/views.h"

namespace tensorc {

using Ints = std::vector<std::int64_t>;

//===----------------------------------------------------------------------===//
// The ops
//===----------------------------------------------------------------------===//

static const OpInfo &as_strided();
static const OpInfo &as_strided_scatter();

static Tensor perform(const OpInfo &info, std::vector<Tensor> operands,
                      const Attributes &attributes) {
  return Executor::current().execute(
      {info, operands, attributes, Location::current()})[0];
}

static std::vector<TensorType> infer_as_strided(const InferArgs &args) {
  return {{args.operands[0].dtype, args.attributes.get<Ints>("shape")}};
}

static std::vector<TensorType> infer_as_strided_scatter(const InferArgs &args) {
  return {args.operands[0]};
}

/// Of an expanded dimension the gradient is summed; the rest goes back to where
/// it came from, zeros elsewhere.
static std::vector<Tensor> gradient_as_strided(const GradientArgs &args) {
  Tensor grad = args.gradients[0];
  const Ints &strides = args.attributes.get<Ints>("strides");
  Ints expanded;
  for (std::size_t d = 0; d < strides.size(); ++d)
    if (strides[d] == 0 && grad.shape()[d] > 1)
      expanded.push_back(std::int64_t(d));
  Attributes attributes = args.attributes;
  if (!expanded.empty()) {
    grad = ops::sum(grad, expanded, true);
    attributes.set("shape", grad.shape());
  }
  Tensor nothing = zeros(args.operands[0].shape(), grad.dtype());
  return {perform(as_strided_scatter(), {nothing, grad}, attributes)};
}

static std::vector<Tensor>
gradient_as_strided_scatter(const GradientArgs &args) {
  const Tensor &grad = args.gradients[0];
  std::vector<Tensor> gradients(2);
  if (args.needed[0])
    gradients[0] = perform(
        as_strided_scatter(),
        {grad, zeros(args.operands[1].shape(), grad.dtype())}, args.attributes);
  if (args.needed[1])
    gradients[1] = perform(as_strided(), {grad}, args.attributes);
  return gradients;
}

// `strides` and `offset` are those of the view, in the memory of a base that
// lies as `layout` says; `shape` is the view's.
static constexpr std::string_view attribute_names[] = {"shape", "strides",
                                                       "offset", "layout"},
                                  result_names[] = {"result"};

static const OpInfo &as_strided() {
  static constexpr std::string_view operands[] = {"self"};
  static constexpr OpInfo info = {"as_strided",
                                  OpKind::Movement,
                                  operands,
                                  {},
                                  false,
                                  attribute_names,
                                  result_names,
                                  infer_as_strided,
                                  gradient_as_strided,
                                  nullptr};
  return info;
}

static const OpInfo &as_strided_scatter() {
  static constexpr std::string_view operands[] = {"self", "source"};
  static constexpr OpInfo info = {"as_strided_scatter",
                                  OpKind::Movement,
                                  operands,
                                  {},
                                  false,
                                  attribute_names,
                                  result_names,
                                  infer_as_strided_scatter,
                                  gradient_as_strided_scatter,
                                  nullptr};
  return info;
}

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

bool Tensor::view_requires_grad() const {
  if (impl_->is_traced())
    Executor::current().follow(*this);
  else
    follow_base(*impl_);
  return impl_->requires_grad || lost_track(*this);
}

} // namespace tensorc
