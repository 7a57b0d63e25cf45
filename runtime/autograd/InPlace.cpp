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

#include <algorithm>
#include <optional>

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

/// A dimension to go through one index after the other, so that no element of a
/// view of this shape is two of the base in the end: the shortest of those that
/// run into each other. None where there are no such elements.
static std::optional<std::size_t> shared_dim(const Shape &shape,
                                             const Ints &strides) {
  std::vector<std::size_t> dims;
  for (std::size_t d = 0; d < shape.size(); ++d)
    if (shape[d] > 1)
      dims.push_back(d);
  std::sort(dims.begin(), dims.end(), [&](std::size_t a, std::size_t b) {
    return strides[a] < strides[b];
  });
  std::int64_t extent = 1;
  std::optional<std::size_t> shortest;
  for (std::size_t d : dims) {
    if (!shortest || shape[d] < shape[*shortest])
      shortest = d;
    if (strides[d] < extent)
      return shortest;
    extent += (shape[d] - 1) * strides[d];
  }
  return std::nullopt;
}

/// Of an expanded dimension the gradient is summed; the rest goes back to where
/// it came from, on top of each other where windows share elements, zeros
/// elsewhere.
static Tensor scattered(Tensor grad, const Shape &base, Attributes attributes) {
  const Ints &strides = attributes.get<Ints>("strides");
  Ints expanded;
  for (std::size_t d = 0; d < strides.size(); ++d)
    if (strides[d] == 0 && grad.shape()[d] > 1)
      expanded.push_back(std::int64_t(d));
  if (!expanded.empty())
    grad = ops::sum(grad, expanded, true);
  if (std::optional<std::size_t> dim = shared_dim(grad.shape(), strides)) {
    Tensor sum;
    std::int64_t offset = attributes.get<std::int64_t>("offset");
    for (std::int64_t i = 0; i < grad.shape()[*dim]; ++i) {
      attributes.set("offset", offset + i * strides[*dim]);
      Tensor part =
          scattered(grad.narrow(std::int64_t(*dim), i, 1), base, attributes);
      sum = sum.defined() ? ops::add(sum, part) : part;
    }
    return sum;
  }
  attributes.set("shape", grad.shape());
  Tensor nothing = zeros(base, grad.dtype());
  return perform(as_strided_scatter(), {nothing, grad}, attributes);
}

static std::vector<Tensor> gradient_as_strided(const GradientArgs &args) {
  return {
      scattered(args.gradients[0], args.operands[0].shape(), args.attributes)};
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
