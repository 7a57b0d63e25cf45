//===- ShapeFunctions.cpp - Functions that move elements ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Dense.h"
#include "runtime/core/Operands.h"
#include "runtime/core/Sizes.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"

#include <algorithm>
#include <numeric>

namespace tensorc {

/// `shape` with the size at -1 made to fit.
static Shape inferred(const char *op, const Tensor &self, const Shape &shape,
                      Location location) {
  auto is_hole = [](SymInt size) { return size.is(-1); };
  auto hole = std::ranges::find_if(shape, is_hole);
  if (hole == shape.end())
    return shape;
  SymInt known = -count_of(shape), total = count_of(self.shape());
  Shape result = shape;
  SymInt &size = result[std::size_t(hole - shape.begin())];
  size = kDynamic;
  if (is_dynamic(total) && std::ranges::count_if(shape, is_hole) == 1)
    return result;
  std::optional<SymInt> exact = divided_exactly(total, known);
  if (std::ranges::count_if(shape, is_hole) > 1 || !exact || known.is(0))
    expected(op,
             "a shape for " + to_string(self.type()) +
                 (total.is_symbolic() && !exact
                      ? ", whose " + total.str() + " elements `" + known.str() +
                            "` divides for all sizes (declare a `divisor`)"
                      : ""),
             to_string(shape), location);
  size = *exact;
  return result;
}

Tensor reshape(const Tensor &self, const Shape &shape, Location location) {
  FunctionScope scope("reshape", location);
  if (!self.defined())
    expected("reshape", "a tensor", "an undefined one", location);
  return ops::reshape(self, inferred("reshape", self, shape, location),
                      location);
}

Tensor Tensor::view(const Shape &shape, Location location) const {
  FunctionScope scope("view", location);
  Shape target = inferred("view", *this, shape, location);
  bool known = strides().size() == this->shape().size();
  if (known && count_of(target).is(numel()) &&
      !view_strides(this->shape(), strides(), target))
    expected("view",
             "a shape that the strides " + to_string(Shape(strides())) +
                 " of " + to_string(type()) +
                 " can express (`reshape` copies where needed)",
             to_string(shape), location);
  return ops::reshape(*this, target, location);
}

Tensor flatten(const Tensor &self, std::int64_t start_dim, std::int64_t end_dim,
               Location location) {
  FunctionScope scope("flatten", location);
  std::int64_t start =
      normalize_dim("flatten", start_dim, self.dim(), location);
  std::int64_t end = normalize_dim("flatten", end_dim, self.dim(), location);
  if (start > end)
    expected("flatten", "start_dim not after end_dim",
             std::to_string(start_dim) + " and " + std::to_string(end_dim),
             location);
  if (self.dim() == 0)
    return reshape(self, {1}, location);
  Shape shape(self.shape().begin(), self.shape().begin() + start);
  SymInt size = 1;
  for (std::int64_t d = start; d <= end; ++d)
    size *= self.shape()[std::size_t(d)];
  shape.push_back(size);
  shape.insert(shape.end(), self.shape().begin() + end + 1, self.shape().end());
  return ops::reshape(self, shape, location);
}

Tensor permute(const Tensor &self, const Dims &dims, Location location) {
  FunctionScope scope("permute", location);
  Dims order;
  for (std::int64_t dim : dims)
    order.push_back(normalize_dim("permute", dim, self.dim(), location));
  return ops::permute(self, std::move(order), location);
}

Tensor transpose(const Tensor &self, std::int64_t dim0, std::int64_t dim1,
                 Location location) {
  FunctionScope scope("transpose", location);
  dim0 = normalize_dim("transpose", dim0, self.dim(), location);
  dim1 = normalize_dim("transpose", dim1, self.dim(), location);
  std::vector<std::int64_t> order(self.shape().size());
  std::iota(order.begin(), order.end(), 0);
  if (dim0 == dim1)
    return self;
  std::swap(order[dim0], order[dim1]);
  return ops::permute(self, std::move(order), location);
}

Tensor Tensor::t(Location location) const {
  FunctionScope scope("t", location);
  if (dim() > 2)
    tensorc::expected("t", "a matrix", to_string(type()), location);
  return dim() < 2 ? *this : tensorc::transpose(*this, 0, 1, location);
}

Tensor squeeze(const Tensor &self, std::int64_t dim, Location location) {
  FunctionScope scope("squeeze", location);
  dim = normalize_dim("squeeze", dim, self.dim(), location);
  Shape shape = self.shape();
  // What may be 1 stays: it is another size where it isn't.
  if (shape.empty() || !shape[std::size_t(dim)].is(1))
    return self;
  shape.erase(shape.begin() + dim);
  return ops::reshape(self, shape, location);
}

Tensor Tensor::squeeze(Location location) const {
  FunctionScope scope("squeeze", location);
  Shape left;
  for (SymInt size : shape())
    if (!size.is(1))
      left.push_back(size);
  return left.is(shape()) ? *this : ops::reshape(*this, left, location);
}

Tensor unsqueeze(const Tensor &self, std::int64_t dim, Location location) {
  FunctionScope scope("unsqueeze", location);
  dim = normalize_dim("unsqueeze", dim, self.dim() + 1, location);
  Shape shape = self.shape();
  shape.insert(shape.begin() + dim, 1);
  return ops::reshape(self, shape, location);
}

Tensor broadcast_to(const Tensor &self, const Shape &shape, Location location) {
  FunctionScope scope("broadcast_to", location);
  if (self.shape().is(shape))
    return self;
  return ops::broadcast_to(self, shape, location);
}

Tensor Tensor::expand(const Shape &shape, Location location) const {
  FunctionScope scope("expand", location);
  Shape target = shape;
  std::int64_t added = std::int64_t(shape.size()) - dim();
  for (std::int64_t d = std::max<std::int64_t>(added, 0);
       d < std::int64_t(shape.size()); ++d)
    if (target[std::size_t(d)].is(-1))
      target[std::size_t(d)] = this->shape()[std::size_t(d - added)];
  return tensorc::broadcast_to(*this, target, location);
}

Tensor flip(const Tensor &self, const Dims &dims, Location location) {
  FunctionScope scope("flip", location);
  if (dims.empty())
    return self.clone(location);
  return ops::flip(self, normalize_dims("flip", dims, self.dim(), location),
                   location);
}

Tensor Tensor::unfold(std::int64_t dimension, std::int64_t size,
                      std::int64_t step, Location location) const {
  FunctionScope scope("unfold", location);
  return ops::unfold(*this, normalize_dim("unfold", dimension, dim(), location),
                     size, step, location);
}

Tensor cat(const TensorList &tensors, std::int64_t dim, Location location) {
  FunctionScope scope("cat", location);
  if (tensors.empty())
    expected("cat", "at least one tensor", "none", location);
  std::vector<TensorArg> args(tensors.begin(), tensors.end());
  std::vector<const TensorArg *> pointers;
  for (const TensorArg &arg : args) {
    if (!arg.tensor().defined())
      expected("cat", "tensors", "an undefined one", location);
    pointers.push_back(&arg);
  }
  DType dtype = result_type(pointers);
  // As in PyTorch, [0] goes with any shape.
  auto counts = [](const Tensor &tensor) { return !tensor.shape().is({0}); };
  auto first = std::find_if(tensors.begin(), tensors.end(), counts);
  bool none = first == tensors.end();
  TensorList same;
  for (const Tensor &tensor : tensors)
    if (none || first->dim() == 1 || counts(tensor))
      same.push_back(to(tensor, dtype, location));
  dim = none ? 0 : normalize_dim("cat", dim, first->dim(), location);
  return ops::cat(same, dim, location);
}

Tensor stack(const TensorList &tensors, std::int64_t dim, Location location) {
  FunctionScope scope("stack", location);
  TensorList parts;
  for (const Tensor &tensor : tensors)
    parts.push_back(unsqueeze(tensor, dim, location));
  return cat(parts, dim, location);
}

Tensor one_hot(const Tensor &self, std::int64_t num_classes,
               Location location) {
  FunctionScope scope("one_hot", location);
  if (!self.defined() || self.dtype() != kInt64)
    expected("one_hot", "classes of type int64",
             self.defined() ? to_string(self.type()) : "an undefined tensor",
             location);
  return ops::one_hot(check_index(self, num_classes, 0, location), num_classes,
                      kInt64, location);
}

//===----------------------------------------------------------------------===//
// Indexing
//===----------------------------------------------------------------------===//

Tensor Tensor::slice(std::int64_t dim, std::optional<SymInt> start,
                     std::optional<SymInt> end, std::int64_t step,
                     Location location) const {
  FunctionScope scope("slice", location);
  if (this->dim() == 0)
    tensorc::expected("slice", "a tensor with dimensions", to_string(type()),
                      location);
  dim = normalize_dim("slice", dim, this->dim(), location);
  if (step < 1)
    tensorc::expected("slice", "a step of at least 1", std::to_string(step),
                      location);
  // Python's rules: negative from the end, beyond the ends cut off.
  auto bound = [](SymInt index, SymInt size) {
    return tensorc::min(tensorc::max(index < 0 ? index + size : index, 0),
                        size);
  };
  Shape starts(shape().size(), 0), ends = shape();
  std::vector<std::int64_t> steps(shape().size(), 1);
  auto along = std::size_t(dim);
  SymInt size = shape()[along];
  starts[along] = bound(start.value_or(0), size);
  ends[along] = tensorc::max(bound(end.value_or(size), size), starts[along]);
  steps[along] = step;
  return ops::slice(*this, starts, ends, steps, location);
}

Tensor Tensor::narrow(std::int64_t dim, SymInt start, SymInt length,
                      Location location) const {
  FunctionScope scope("narrow", location);
  SymInt size = this->size(dim, location);
  start = start < 0 ? start + size : start;
  if (!known_at_most(0, start) || !known_at_most(0, length) ||
      !known_at_most(start + length, size))
    tensorc::expected("narrow", "a range inside a dimension of " + size.str(),
                      length.str() + " elements from " + start.str(), location);
  return slice(dim, start, start + length, 1, location);
}

Tensor Tensor::select(std::int64_t dim, SymInt index, Location location) const {
  FunctionScope scope("select", location);
  if (this->dim() == 0)
    tensorc::expected("select", "a tensor with dimensions", to_string(type()),
                      location);
  dim = normalize_dim("select", dim, this->dim(), location);
  SymInt size = shape()[std::size_t(dim)];
  if (!known_at_most(-size, index) || !known_less(index, size))
    tensorc::expected("select",
                      "an index below the size " + size.str() +
                          " of dimension " + std::to_string(dim),
                      index.str(), location);
  index = index < 0 ? index + size : index;
  Shape left = shape();
  left.erase(left.begin() + dim);
  return ops::reshape(slice(dim, index, index + 1, 1, location), left,
                      location);
}

Tensor Tensor::operator[](const TensorArg &index) const {
  FunctionScope scope("select", index.location());
  if (!index.is_scalar() || index.scalar().kind() != Scalar::Kind::Integral)
    tensorc::expected("select", "a whole number",
                      index.is_size()
                          ? "a size that a call says (`select(0, …)` "
                            "takes it)"
                          : "another kind of index",
                      index.location());
  return select(0, index.scalar().to_int(), index.location());
}

Tensor Tensor::index(std::initializer_list<Index> indices,
                     Location location) const {
  FunctionScope scope("index", location);
  std::int64_t named = 0;
  for (const Index &item : indices)
    named +=
        item.kind == Index::Kind::Number || item.kind == Index::Kind::Range;
  if (named > dim())
    tensorc::expected("index", "at most " + std::to_string(dim()) + " indices",
                      std::to_string(named), location);
  Tensor result = *this;
  std::int64_t d = 0;
  for (const Index &item : indices) {
    switch (item.kind) {
    case Index::Kind::Number:
      result = result.select(d, item.number, location);
      break;
    case Index::Kind::Range:
      result = result.slice(d++, item.range.start, item.range.end,
                            item.range.step, location);
      break;
    case Index::Kind::Ellipsis:
      d += dim() - named;
      break;
    case Index::Kind::None:
      result = tensorc::unsqueeze(result, d++, location);
      break;
    }
  }
  return result;
}

} // namespace tensorc
