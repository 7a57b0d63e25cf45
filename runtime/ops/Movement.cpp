//===- Movement.cpp - Shape rules of ops that move elements ---------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/ops/Rules.h"
#include "runtime/ops/Windows.h"
#include "tensorc/ops.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace tensorc {

Types infer_broadcast_to(const InferArgs &args) {
  const TensorType &self = args.operands[0];
  Shape shape = args.attributes.get<Ints>("shape");
  std::size_t rank = self.shape.size();
  bool good = rank <= shape.size();
  for (std::size_t i = 0; good && i < rank; ++i) {
    std::int64_t from = self.shape[i], to = shape[shape.size() - rank + i];
    good = from == 1 || compatible(from, to);
  }
  if (!good)
    expected("a shape that broadcasts to " + to_string(shape), to_string(self));
  return {{self.dtype, shape}};
}

/// The number of elements, or `kDynamic`.
static std::int64_t count(const Shape &shape) {
  std::int64_t product = 1;
  for (std::int64_t size : shape) {
    if (size == 0)
      return 0;
    product = is_dynamic(size) || is_dynamic(product) ? kDynamic
                                                      : times(product, size);
  }
  return product;
}

Types infer_reshape(const InferArgs &args) {
  const TensorType &self = args.operands[0];
  const Ints &shape = args.attributes.get<Ints>("shape");
  for (std::int64_t size : shape)
    if (size < 0 && !is_dynamic(size))
      expected("sizes of at least 0", list(shape));
  if (!compatible(count(self.shape), count(shape)))
    expected("a shape of " + std::to_string(count(self.shape)) +
                 " elements, as " + to_string(self),
             list(shape));
  return {{self.dtype, shape}};
}

Types infer_permute(const InferArgs &args) {
  const TensorType &self = args.operands[0];
  const Ints &dims = args.attributes.get<Ints>("dims");
  Ints sorted = dims;
  std::sort(sorted.begin(), sorted.end());
  bool good = sorted.size() == self.shape.size();
  for (std::size_t i = 0; good && i < sorted.size(); ++i)
    good = sorted[i] == std::int64_t(i);
  if (!good)
    expected("each dimension of " + to_string(self) + " once", list(dims));
  Shape &shape = sorted;
  for (std::size_t i = 0; i < shape.size(); ++i)
    shape[i] = self.shape[std::size_t(dims[i])];
  return {{self.dtype, std::move(shape)}};
}

Types infer_slice(const InferArgs &args) {
  const TensorType &self = args.operands[0];
  const Ints &starts = args.attributes.get<Ints>("starts");
  const Ints &ends = args.attributes.get<Ints>("ends");
  const Ints &steps = args.attributes.get<Ints>("steps");
  std::size_t rank = self.shape.size();
  require_list(starts, rank, 0, "starts");
  require_list(ends, rank, 0, "ends");
  require_list(steps, rank, 1, "steps");
  Shape shape(rank);
  for (std::size_t i = 0; i < rank; ++i) {
    if (starts[i] > ends[i] ||
        (!is_dynamic(self.shape[i]) && ends[i] > self.shape[i]))
      expected("ranges inside " + to_string(self),
               "starts " + list(starts) + " and ends " + list(ends));
    shape[i] = (ends[i] - starts[i] + steps[i] - 1) / steps[i];
  }
  return {{self.dtype, shape}};
}

Types infer_pad(const InferArgs &args) {
  const TensorType &self = args.operands[0];
  const Ints &low = args.attributes.get<Ints>("low");
  const Ints &high = args.attributes.get<Ints>("high");
  const Ints &interior = args.attributes.get<Ints>("interior");
  std::size_t rank = self.shape.size();
  require_list(low, rank, INT64_MIN, "low");
  require_list(high, rank, INT64_MIN, "high");
  require_list(interior, rank, 0, "interior");
  Shape shape(rank);
  for (std::size_t i = 0; i < rank; ++i) {
    std::int64_t size = self.shape[i];
    if (is_dynamic(size)) {
      bool same = low[i] + high[i] == 0 && interior[i] == 0;
      shape[i] = same ? size : kDynamic;
      continue;
    }
    std::int64_t inner =
        times(std::max<std::int64_t>(size - 1, 0), interior[i]);
    shape[i] = plus(plus(plus(size, inner), low[i]), high[i]);
    if (shape[i] < 0)
      expected("padding that leaves sizes of at least 0 of " + to_string(self),
               "low " + list(low) + " and high " + list(high));
  }
  double value = args.attributes.get<double>("value");
  if (!std::isinf(value))
    require_value(self.dtype, value);
  return {{self.dtype, shape}};
}

Types infer_cat(const InferArgs &args) {
  if (args.operands.empty())
    throw Error("expected at least one tensor, received none");
  std::int64_t dim = args.attributes.get<std::int64_t>("dim");
  TensorType type = args.operands[0];
  require_dim(dim, type.shape.size());
  for (const TensorType &other : args.operands.subspan(1)) {
    bool good =
        other.dtype == type.dtype && other.shape.size() == type.shape.size();
    for (std::size_t i = 0; good && i < type.shape.size(); ++i) {
      if (std::int64_t(i) == dim) {
        bool known = !is_dynamic(type.shape[i]) && !is_dynamic(other.shape[i]);
        type.shape[i] = known ? plus(type.shape[i], other.shape[i]) : kDynamic;
      } else {
        good = compatible(type.shape[i], other.shape[i]);
        type.shape[i] = merge(type.shape[i], other.shape[i]);
      }
    }
    if (!good)
      expected("tensors that differ in dimension " + std::to_string(dim) +
                   " alone",
               to_string(args.operands[0]) + " and " + to_string(other));
  }
  return {type};
}

Types infer_flip(const InferArgs &args) {
  require_dims(args.attributes.get<Ints>("dims"),
               args.operands[0].shape.size());
  return {args.operands[0]};
}

Types infer_unfold(const InferArgs &args) {
  TensorType type = args.operands[0];
  std::int64_t dim = args.attributes.get<std::int64_t>("dim");
  std::int64_t size = args.attributes.get<std::int64_t>("size");
  std::int64_t step = args.attributes.get<std::int64_t>("step");
  require_dim(dim, type.shape.size());
  std::int64_t &along = type.shape[std::size_t(dim)];
  if (size < 0 || (!is_dynamic(along) && size > along))
    expected("`size` to be of a window in " + to_string(type),
             std::to_string(size));
  if (step < 1)
    expected("`step` to be at least 1", std::to_string(step));
  along = is_dynamic(along) ? kDynamic : (along - size) / step + 1;
  type.shape.push_back(size);
  return {type};
}

Types infer_unfold_backward(const InferArgs &args) {
  const TensorType &grad = args.operands[0];
  TensorType input = {grad.dtype, args.attributes.get<Ints>("input_shape")};
  Shape shape = infer_unfold({std::array{input}, args.attributes})[0].shape;
  if (!compatible(shape, grad.shape))
    expected("`grad_output` of shape " + to_string(shape), to_string(grad));
  return {input};
}

/// The sum over the places in windows of the elements that are at each.
std::vector<Tensor> decompose_unfold_backward(const DecomposeArgs &args) {
  const Tensor &grad = args.operands[0];
  const Ints &shape = args.attributes.get<Ints>("input_shape");
  std::int64_t dim = args.attributes.get<std::int64_t>("dim");
  std::int64_t size = args.attributes.get<std::int64_t>("size");
  std::int64_t step = args.attributes.get<std::int64_t>("step");
  std::size_t rank = shape.size(), along = std::size_t(dim);
  if (is_dynamic(shape[along]))
    expected("windows along a dimension of static size", list(shape));
  // Each window's elements at its start, with room for a slice at each place.
  Ints low(rank + 1, 0), high = low, interior = low;
  low[along] = size - 1;
  high[along] = shape[along] - 1 - (grad.shape()[along] - 1) * step;
  interior[along] = step - 1;
  return {rounded_once(grad, [&](const Tensor &values) {
    Tensor spread = ops::pad(values, low, high, interior, 0);
    Tensor sum;
    for (std::int64_t place = 0; place < size; ++place) {
      Ints starts(rank + 1, 0), ends = spread.shape(), steps(rank + 1, 1);
      starts[along] = size - 1 - place;
      ends[along] = starts[along] + shape[along];
      starts[rank] = place;
      ends[rank] = place + 1;
      Tensor part =
          ops::reshape(ops::slice(spread, starts, ends, steps), shape);
      sum = sum.defined() ? ops::add(sum, part) : part;
    }
    return sum;
  })};
}

} // namespace tensorc
