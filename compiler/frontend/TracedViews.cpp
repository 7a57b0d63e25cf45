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

#include "dialects/graph/GraphDialect.h"
#include "dialects/kernel/IndexMaps.h"
#include "tensorc/grad_mode.h"
#include "tensorc/location.h"
#include "tensorc/views.h"

#include <numeric>

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
  Operation *op = GraphExecutor::unwrap(result, call.location).getDefiningOp();
  Operation *indexing = isa<graph::IndexingOpInterface>(op) ? op : nullptr;
  views[&impl] = {result.impl(),          base,     &call.info,
                  call.attributes,        indexing, versions[base.impl().get()],
                  GradMode::is_enabled(), writes};
  if (!indexing)
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
  // A view may be one of a view, and so on.
  SmallVector<Tensor, 4> behind;
  Tensor next = tensor;
  while (View *view = findView(next)) {
    if (view->seen == writes)
      break;
    behind.push_back(next);
    next = view->base;
  }
  for (const Tensor &view : llvm::reverse(behind)) {
    followBase(view, location);
    findView(view)->seen = writes;
  }
}

void Tracer::followBase(const Tensor &tensor, const SourceLocation &location) {
  // A copy: what is recorded below may move the map's entries.
  View copy = *findView(tensor);
  unsigned version = versions[copy.base.impl().get()];
  if (copy.version == version)
    return;
  findView(tensor)->version = version;
  GradModeGuard guard(copy.gradMode);
  Tensor fresh = execute(
      {*copy.info, std::span(&copy.base, 1), copy.attributes, location})[0];
  // A leaf stays one, and a detached alias may have got a history of its own.
  bool flows = derived.contains(GraphExecutor::unwrap(tensor, location));
  bool tracked = tensor.impl()->requires_grad && (!flows || !copy.indexing);
  if (tracked && flows) {
    GradModeGuard recording(true);
    fresh = perform("set_data", {tensor, fresh}, {}, location);
  }
  tensor.impl()->value = fresh.impl()->value;
  TensorImpl &impl = *tensor.impl();
  impl.requires_grad = tracked || fresh.requires_grad();
  if (!tracked)
    impl.grad_fn = fresh.impl()->grad_fn;
  if (impl.base && !impl.untracked)
    impl.history = impl.base->history;
  ++versions[&impl];
}

//===----------------------------------------------------------------------===//
// Writes
//===----------------------------------------------------------------------===//

std::optional<std::vector<Tracer::Place>>
Tracer::placesOf(AffineMap map, ArrayRef<int64_t> shape) {
  std::vector<Place> places;
  std::vector<bool> placed(shape.size());
  for (AffineExpr expr : map.getResults()) {
    FailureOr<kernel::LinearExpr> linear =
        kernel::LinearExpr::of(expr, shape.size());
    if (failed(linear))
      return std::nullopt;
    Place place{std::nullopt, linear->offset, 1};
    for (auto [dim, step] : llvm::enumerate(linear->coefficients)) {
      if (step == 0 || shape[dim] == 1)
        continue;
      if (place.dim || placed[dim] || step < 0)
        return std::nullopt;
      place = {dim, linear->offset, step};
      placed[dim] = true;
    }
    places.push_back(place);
  }
  for (auto [size, isPlaced] : llvm::zip_equal(shape, placed))
    if (size != 1 && !isPlaced)
      return std::nullopt;
  return places;
}

Tensor Tracer::place(const Tensor &base, const std::vector<Place> &places,
                     const Tensor &value, const SourceLocation &location) {
  const Shape &shape = base.shape();
  // The value's dimensions in the base's order.
  Shape part;
  std::vector<int64_t> order, low, interior;
  Shape high;
  for (auto [place, size] : llvm::zip_equal(places, shape)) {
    part.push_back(place.dim ? value.shape()[*place.dim] : SymInt(1));
    if (place.dim)
      order.push_back(*place.dim);
    SymInt extent = part.back() + max(part.back() - 1, 0) * (place.step - 1);
    low.push_back(place.start);
    high.push_back(size - place.start - extent);
    interior.push_back(place.step - 1);
  }
  Tensor moved = value;
  if (!llvm::is_sorted(order)) {
    for (size_t dim = 0; dim < value.shape().size(); ++dim)
      if (!llvm::is_contained(order, int64_t(dim)))
        order.push_back(dim);
    moved = perform("permute", {moved}, {{"dims", order}}, location);
  }
  if (!moved.shape().is(part))
    moved = perform("reshape", {moved}, {{"shape", part}}, location);
  if (part.is(shape))
    return moved;
  auto spread = [&](const Tensor &tensor) {
    return perform(
        "pad", {tensor},
        {{"low", low}, {"high", high}, {"interior", interior}, {"value", 0.0}},
        location);
  };
  Tensor mask = spread(perform(
      "full", {}, {{"value", 1.0}, {"shape", part}, {"dtype", DType::Bool}},
      location));
  return perform("where", {mask, spread(moved), base}, {}, location);
}

/// Whether no two elements of a view, which is of `shape`, are one of its base.
/// Those that lie where a symbol says, which no map does, are moved as a whole.
static bool hasOwnElements(Operation *indexing, ArrayRef<int64_t> shape) {
  AffineMap whole =
      AffineMap::getMultiDimIdentityMap(shape.size(), indexing->getContext());
  FailureOr<AffineMap> map =
      cast<graph::IndexingOpInterface>(indexing).getOperandMap(whole, shape);
  auto dims = llvm::to_vector(llvm::seq<unsigned>(0, shape.size()));
  return failed(map) || kernel::isInjective(*map, shape, dims);
}

/// The base with `value` where the view is: the gradient rule knows the places.
Tensor Tracer::scatter(const View &view, const Tensor &value,
                       const SourceLocation &location) {
  auto spread = [&](const Tensor &tensor) {
    const bool needed[] = {true};
    return view.info->gradient({std::span(&view.base, 1),
                                {},
                                std::span(&tensor, 1),
                                view.attributes,
                                needed})[0];
  };
  Tensor mask = spread(perform(
      "full", {},
      {{"value", 1.0}, {"shape", value.shape()}, {"dtype", DType::Bool}},
      location));
  return perform("where", {mask, spread(value), view.base}, {}, location);
}

Tensor Tracer::untouched(const Tensor &base, const Tensor &value,
                         const SourceLocation &location) {
  const Shape &shape = base.shape();
  std::vector<int64_t> dims(value.dim());
  std::iota(dims.begin(), dims.end(), 0);
  Tensor zero =
      perform("sum", {value}, {{"dims", dims}, {"keepdim", false}}, location);
  Tensor never = perform(
      "full", {}, {{"value", 0.0}, {"shape", shape}, {"dtype", DType::Bool}},
      location);
  return perform("where",
                 {never,
                  perform("broadcast_to", {zero}, {{"shape", shape}}, location),
                  base},
                 {}, location);
}

void Tracer::writeThrough(const View &view, const Tensor &value,
                          const SourceLocation &location) {
  Tensor base = view.base;
  if (!view.indexing) {
    // The elements are the base's, and no gradient is.
    NoGradGuard unrecorded;
    return assign(base, value, location);
  }
  if (llvm::any_of(value.shape(), [](SymInt size) { return size.is(0); })) {
    // Nothing is written, wherever it would be.
    for (const View *outer = findView(base); outer && outer->indexing;
         outer = findView(base))
      base = outer->base;
    if (records_write(base, value))
      assign(base, untouched(base, value, location), location);
    return;
  }
  // The farthest tensor with a place for each element: what is between may be
  // expanded, and what is taken of it not.
  std::optional<std::vector<Place>> places;
  SmallVector<int64_t> shape = scalar::toMlirShape(value.shape());
  AffineMap map =
      AffineMap::getMultiDimIdentityMap(shape.size(), builder.getContext());
  for (const View *inner = &view; inner && inner->indexing;
       inner = findView(inner->base)) {
    auto indexing = cast<graph::IndexingOpInterface>(inner->indexing);
    FailureOr<AffineMap> outer = indexing.getOperandMap(map, shape);
    if (failed(outer))
      break;
    map = *outer;
    if (auto found = placesOf(map, shape)) {
      places = std::move(found);
      base = inner->base;
    }
  }
  Tensor update;
  if (places)
    update = place(base, *places, value, location);
  else if (cast<graph::IndexingOpInterface>(view.indexing).keepsOrder())
    update = perform("reshape", {value}, {{"shape", base.shape()}}, location);
  else if (hasOwnElements(view.indexing, shape))
    update = scatter(view, value, location);
  else
    throw Error("expected a tensor with an element of its own everywhere, "
                "received an expanded one, for an in-place update",
                user_location(location));
  assign(base, update, location);
}

} // namespace tensorc::compiler
