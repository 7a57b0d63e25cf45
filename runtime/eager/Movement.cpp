//===- Movement.cpp - Moves elements in eager mode ------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/autograd/Tape.h"
#include "runtime/core/Dense.h"
#include "runtime/core/Range.h"
#include "runtime/core/Sizes.h"
#include "runtime/eager/Compute.h"
#include "tensorc/views.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace tensorc::eager {

using Ints = std::vector<std::int64_t>;

Tensor dense(const Tensor &tensor) {
  if (tensor.is_contiguous())
    return tensor;
  Tensor copy = make_unset(tensor.type(), tensor.device());
  copy_elements(*tensor.impl(), *copy.impl());
  return copy;
}

/// Where strides can't express it, a copy under the new shape.
static Tensor view(const OpCall &call, const TensorType &type) {
  const Tensor &self = call.operands[0];
  if (std::optional<Layout> layout = view_layout(call, type))
    return make_view(self, type.shape, std::move(layout->strides),
                     self.impl()->offset + layout->offset);
  Tensor copy = dense(self);
  copy.impl()->type = type;
  copy.impl()->strides = dense_strides(type.shape);
  return copy;
}

static Tensor as_strided(const OpCall &call, const TensorType &type) {
  Tensor base =
      laid_out(call.operands[0], call.attributes.get<Ints>("layout"), false);
  return make_view(base, type.shape, call.attributes.get<Ints>("strides"),
                   base.impl()->offset +
                       call.attributes.get<std::int64_t>("offset"));
}

static Tensor as_strided_scatter(const OpCall &call, const TensorType &) {
  const Tensor &source = call.operands[1];
  Tensor result =
      laid_out(call.operands[0], call.attributes.get<Ints>("layout"), true);
  Tensor place =
      make_view(result, source.shape(), call.attributes.get<Ints>("strides"),
                call.attributes.get<std::int64_t>("offset"));
  copy_elements(*source.impl(), *place.impl());
  return result;
}

static Tensor flip(const OpCall &call, const TensorType &type) {
  const Tensor &self = call.operands[0];
  Ints strides = self.strides();
  std::int64_t offset = self.impl()->offset;
  for (std::int64_t d : call.attributes.get<Ints>("dims")) {
    offset += std::max<std::int64_t>(type.shape[d] - 1, 0) * strides[d];
    strides[d] = -strides[d];
  }
  // Copied, so that no tensor ever has negative strides.
  Tensor copy = make_unset(type);
  copy_elements(*make_view(self, type.shape, strides, offset).impl(),
                *copy.impl());
  return copy;
}

static Tensor to_copy(const OpCall &call, const TensorType &) {
  return moved_to(
      call.operands[0],
      Device(call.attributes.get<std::string>("device"), call.location));
}

/// The elements of [n], on the host, repeated along dimension `dim` of a tensor
/// of `type`.
static Tensor spread(const Tensor &values, const TensorType &type,
                     std::size_t dim) {
  Tensor result = make_unset(type);
  Tensor source = moved_to(values, result.device());
  Ints strides(type.shape.size(), 0);
  if (!strides.empty())
    strides[dim] = values.shape()[0] == 1 ? 0 : 1;
  copy_elements(*make_view(source, type.shape, strides, 0).impl(),
                *result.impl());
  return result;
}

static Tensor fill(const TensorType &type, const Scalar &value) {
  Tensor one = make_dense({type.dtype, {1}}, kCPU);
  char *first = address(*one.impl());
  write_element(first, type.dtype, value);
  if (std::all_of(first, first + size_of(type.dtype),
                  [](char byte) { return byte == 0; }))
    return make_dense(type);
  return spread(one, type, 0);
}

/// What is put around elements of `dtype`: an infinite one of whole numbers is
/// their least or greatest.
static Scalar padding(double value, DType dtype) {
  if (is_floating_point(dtype) || dtype == kBool || !std::isinf(value))
    return value;
  return value < 0 ? least_of(dtype) : greatest_of(dtype);
}

static Tensor pad(const OpCall &call, const TensorType &type) {
  const Tensor &self = call.operands[0];
  const Ints &low = call.attributes.get<Ints>("low");
  const Ints &interior = call.attributes.get<Ints>("interior");
  Tensor result =
      fill(type, padding(call.attributes.get<double>("value"), type.dtype));
  Shape kept(type.shape.size());
  Ints strides = result.strides();
  std::int64_t from = self.impl()->offset, to = 0;
  for (std::size_t d = 0; d < kept.size(); ++d) {
    // Element i goes to low + i * step, if that is inside.
    std::int64_t step = interior[d] + 1;
    std::int64_t first = low[d] < 0 ? (-low[d] + step - 1) / step : 0;
    std::int64_t room = type.shape[d] - 1 - low[d];
    std::int64_t last = std::min(std::int64_t(self.shape()[d]) - 1,
                                 room < 0 ? -1 : room / step);
    kept[d] = std::max<std::int64_t>(last - first + 1, 0);
    from += first * self.strides()[d];
    to += (low[d] + first * step) * strides[d];
    strides[d] *= step;
  }
  if (element_count(kept) != 0)
    copy_elements(*make_view(self, kept, self.strides(), from).impl(),
                  *make_view(result, kept, strides, to).impl());
  return result;
}

static Tensor unfold_backward(const OpCall &call, const TensorType &type) {
  const Attributes &attributes = call.attributes;
  std::int64_t step = attributes.get<std::int64_t>("step");
  if (step < attributes.get<std::int64_t>("size"))
    return call.info.decompose({call.operands, attributes})[0];
  const Tensor &grad = call.operands[0];
  Tensor result = make_dense(type);
  Ints strides = result.strides();
  std::size_t dim = std::size_t(attributes.get<std::int64_t>("dim"));
  strides.push_back(strides[dim]);
  strides[dim] *= step;
  if (element_count(grad.shape()) != 0)
    copy_elements(*grad.impl(),
                  *make_view(result, grad.shape(), strides, 0).impl());
  return result;
}

static Tensor cat(const OpCall &call, const TensorType &type) {
  std::int64_t dim = call.attributes.get<std::int64_t>("dim"), start = 0;
  Tensor result = make_unset(type);
  for (const Tensor &part : call.operands) {
    Tensor place = make_view(result, part.shape(), result.strides(),
                             start * result.strides()[dim]);
    copy_elements(*part.impl(), *place.impl());
    start += part.shape()[dim];
  }
  return result;
}

Tensor move_elements(const OpCall &call, const TensorType &type) {
  if (gives_views(call.info))
    return view(call, type);
  static const std::map<std::string_view,
                        Tensor (*)(const OpCall &, const TensorType &)>
      movements = {{"unfold_backward", unfold_backward},
                   {"as_strided", as_strided},
                   {"as_strided_scatter", as_strided_scatter},
                   {"flip", flip},
                   {"pad", pad},
                   {"cat", cat},
                   {"to_copy", to_copy}};
  auto found = movements.find(call.info.name);
  if (found == movements.end())
    throw Error("[" + std::string(call.info.name) +
                    "] this op isn't there in eager mode",
                call.location);
  return found->second(call, type);
}

Tensor create(const OpCall &call, const TensorType &type) {
  if (has_symbols(type.shape)) {
    // An example of an exported function's input.
    auto impl = std::make_shared<TensorImpl>();
    impl->type = type;
    impl->device = default_device();
    return Tensor(std::move(impl));
  }
  if (const Attribute *value = call.attributes.find("value"))
    return fill(type, std::get<double>(*value));
  if (call.attributes.find("size"))
    return fill(type, std::int64_t(call.attributes.sizes("size")[0]));
  // The index along `dim`.
  std::int64_t dim = call.attributes.get<std::int64_t>("dim");
  std::int64_t size = type.shape[dim];
  Tensor indices = make_dense({type.dtype, {size}}, kCPU);
  char *element = address(*indices.impl());
  for (std::int64_t i = 0; i < size; ++i, element += size_of(type.dtype))
    write_element(element, type.dtype, i);
  return spread(indices, type, std::size_t(dim));
}

} // namespace tensorc::eager
