//===- TracedViews.cpp - Views in a traced function -----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A traced tensor has a value and no memory. A view remembers the op that made
// it: once its base has another value, the op is recorded again when the view
// is next looked at; and what is written to the view becomes a new value of the
// base.
//
//===----------------------------------------------------------------------===//

#include "compiler/frontend/Tracer.h"

#include "tensorc/grad_mode.h"
#include "tensorc/location.h"
#include "tensorc/views.h"

using namespace mlir;

namespace tensorc::compiler {

void Tracer::follow(const Tensor &view) {
  refresh(view, SourceLocation::current());
}

void Tracer::noteView(const Tensor &result, const OpCall &call) {
  std::optional<Layout> layout = view_layout(call, result.type());
  if (!layout)
    return;
  const Tensor &base = call.operands[0];
  TensorImpl &impl = *result.impl();
  impl.strides = std::move(layout->strides);
  views[&impl] = {result.impl(),
                  base,
                  &call.info,
                  call.attributes,
                  versions[base.impl().get()],
                  GradMode::is_enabled()};
  if (call.info.name == "detach")
    return;
  impl.base = base.impl()->base ? base.impl()->base : base.impl();
  impl.history = impl.base->history;
  impl.untracked = !GradMode::is_enabled();
}

Tracer::View *Tracer::findView(const Tensor &tensor) {
  auto it = views.find(tensor.impl().get());
  if (it == views.end())
    return nullptr;
  // Memory of a tensor that is gone may belong to another one now.
  if (it->second.self.lock() == tensor.impl())
    return &it->second;
  views.erase(it);
  return nullptr;
}

void Tracer::refresh(const Tensor &tensor, const SourceLocation &location) {
  View *view = findView(tensor);
  if (!view)
    return;
  // A copy: what is recorded below may move the map's entries.
  View copy = *view;
  refresh(copy.base, location);
  unsigned version = versions[copy.base.impl().get()];
  if (copy.version == version)
    return;
  findView(tensor)->version = version;
  GradModeGuard guard(copy.gradMode);
  Tensor fresh = execute(
      {*copy.info, std::span(&copy.base, 1), copy.attributes, location})[0];
  // A leaf stays one, and a detached alias may have got a history of its own.
  bool flows = derived.contains(GraphExecutor::unwrap(tensor, location));
  bool tracked =
      tensor.impl()->requires_grad && (!flows || copy.info->name == "detach");
  if (tracked && flows) {
    GradModeGuard recording(true);
    fresh = perform("set_data", {tensor, fresh}, {}, location);
  }
  tensor.impl()->value = fresh.impl()->value;
  TensorImpl &impl = *tensor.impl();
  impl.requires_grad = tracked || fresh.requires_grad();
  if (impl.base && !impl.untracked)
    impl.history = impl.base->history;
  ++versions[&impl];
}

//===----------------------------------------------------------------------===//
// Writes
//===----------------------------------------------------------------------===//

Tensor Tracer::writeSlice(const View &view, const Tensor &value,
                          const SourceLocation &location) {
  const Shape &shape = view.base.shape();
  const auto &starts = view.attributes.get<std::vector<int64_t>>("starts");
  const auto &steps = view.attributes.get<std::vector<int64_t>>("steps");
  std::vector<int64_t> high, interior;
  for (size_t d = 0; d < shape.size(); ++d) {
    int64_t count = value.shape()[d];
    int64_t extent = count ? (count - 1) * steps[d] + 1 : 0;
    high.push_back(shape[d] - starts[d] - extent);
    interior.push_back(steps[d] - 1);
  }
  auto spread = [&](const Tensor &part) {
    return perform("pad", {part},
                   {{"low", starts},
                    {"high", high},
                    {"interior", interior},
                    {"value", 0.0}},
                   location);
  };
  Tensor mask = spread(perform(
      "full", {},
      {{"value", 1.0}, {"shape", value.shape()}, {"dtype", DType::Bool}},
      location));
  return perform("where", {mask, spread(value), view.base}, {}, location);
}

/// The slice of an expanded tensor `outer` as one of what was expanded, where
/// no element is left in it twice.
static std::optional<Attributes> sliceOfUnexpanded(const Attributes &slice,
                                                   const Shape &outer,
                                                   const Shape &inner,
                                                   const Shape &result) {
  auto starts = slice.get<std::vector<int64_t>>("starts");
  auto ends = slice.get<std::vector<int64_t>>("ends");
  auto steps = slice.get<std::vector<int64_t>>("steps");
  size_t added = outer.size() - inner.size();
  for (size_t d = 0; d < outer.size(); ++d) {
    if (d >= added && inner[d - added] == outer[d])
      continue;
    if (result[d] != 1)
      return std::nullopt;
    starts[d] = 0;
    ends[d] = steps[d] = 1;
  }
  for (auto *list : {&starts, &ends, &steps})
    list->erase(list->begin(), list->begin() + added);
  return Attributes{{"starts", starts}, {"ends", ends}, {"steps", steps}};
}

static std::vector<int64_t> inverseOf(const std::vector<int64_t> &dims) {
  std::vector<int64_t> inverse(dims.size());
  for (size_t i = 0; i < dims.size(); ++i)
    inverse[dims[i]] = int64_t(i);
  return inverse;
}

void Tracer::writeThrough(const View &view, const Tensor &value,
                          const SourceLocation &location) {
  const Shape &shape = view.base.shape();
  std::string_view name = view.info->name;
  auto reshaped = [&](const Shape &to) {
    return perform("reshape", {value}, {{"shape", to}}, location);
  };
  Tensor base = view.base, update;
  if (name == "detach") {
    // The elements are the base's, and no gradient is.
    NoGradGuard unrecorded;
    return assign(base, value, location);
  }
  if (name == "reshape" ||
      (name == "broadcast_to" && value.numel() == view.base.numel())) {
    update = reshaped(shape);
  } else if (name == "permute") {
    const auto &dims = view.attributes.get<std::vector<int64_t>>("dims");
    update = perform("permute", {value}, {{"dims", inverseOf(dims)}}, location);
  } else if (name == "slice") {
    const View *outer = findView(view.base);
    if (outer && outer->info->name == "permute") {
      // The slice of what was permuted: an expanded tensor may be beneath.
      View inner = *outer;
      const auto &dims = inner.attributes.get<std::vector<int64_t>>("dims");
      std::vector<int64_t> inverse = inverseOf(dims);
      Attributes attributes;
      for (const char *key : {"starts", "ends", "steps"}) {
        const auto &from = view.attributes.get<std::vector<int64_t>>(key);
        std::vector<int64_t> moved;
        for (int64_t d : inverse)
          moved.push_back(from[d]);
        attributes.set(key, moved);
      }
      inner.info = view.info;
      inner.attributes = std::move(attributes);
      return writeThrough(
          inner, perform("permute", {value}, {{"dims", inverse}}, location),
          location);
    }
    if (outer && outer->info->name == "broadcast_to") {
      View inner = *outer;
      if (std::optional<Attributes> attributes = sliceOfUnexpanded(
              view.attributes, shape, inner.base.shape(), value.shape())) {
        size_t added = shape.size() - inner.base.shape().size();
        inner.info = view.info;
        inner.attributes = std::move(*attributes);
        Shape part(value.shape().begin() + added, value.shape().end());
        return writeThrough(inner, reshaped(part), location);
      }
    }
    update = writeSlice(view, value, location);
  } else {
    throw Error("expected a tensor with an element of its own everywhere, "
                "received an expanded one, for an in-place update",
                user_location(location));
  }
  assign(base, update, location);
}

} // namespace tensorc::compiler
