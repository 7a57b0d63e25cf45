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
  Shape shape = args.attributes.sizes("shape");
  std::size_t rank = self.shape.size();
  bool good = rank <= shape.size();
  for (std::size_t i = 0; good && i < rank; ++i) {
    SymInt from = self.shape[i], to = shape[shape.size() - rank + i];
    good = from.is(1) || compatible(from, to);
  }
  if (!good)
    expected("a shape that broadcasts to " + to_string(shape), to_string(self));
  return {{self.dtype, shape}};
}

Types infer_reshape(const InferArgs &args) {
  const TensorType &self = args.operands[0];
  Shape shape = args.attributes.sizes("shape");
  for (SymInt size : shape)
    if (!is_dynamic(size) && !known_at_most(0, size))
      expected("sizes of at least 0", to_string(shape));
  if (!compatible(count_of(self.shape), count_of(shape)))
    expected("a shape of " + count_of(self.shape).str() + " elements, as " +
                 to_string(self),
             to_string(shape));
  return {{self.dtype, shape}};
}

Types infer_permute(const InferArgs &args) {
  const TensorType &self = args.operands[0];
  const Ints &dims = args.attributes.get<Ints>("dims");
  std::size_t rank = self.shape.size();
  bool good = dims.size() == rank;
  for (std::size_t d = 0; good && d < rank; ++d)
    good = std::ranges::count(dims, std::int64_t(d)) == 1;
  if (!good)
    expected("each dimension of " + to_string(self) + " once", list(dims));
  Shape shape(rank);
  for (std::size_t i = 0; i < rank; ++i)
    shape[i] = self.shape[std::size_t(dims[i])];
  return {{self.dtype, std::move(shape)}};
}

Types infer_slice(const InferArgs &args) {
  const TensorType &self = args.operands[0];
  Shape starts = args.attributes.sizes("starts");
  Shape ends = args.attributes.sizes("ends");
  const Ints &steps = args.attributes.get<Ints>("steps");
  std::size_t rank = self.shape.size();
  require_sizes(starts, rank, "starts");
  require_sizes(ends, rank, "ends");
  require_list(steps, rank, 1, "steps");
  Shape shape(rank);
  for (std::size_t i = 0; i < rank; ++i) {
    if (!known_at_most(starts[i], ends[i]) ||
        (!is_dynamic(self.shape[i]) && !known_at_most(ends[i], self.shape[i])))
      expected("ranges inside " + to_string(self),
               "starts " + to_string(starts) + " and ends " + to_string(ends));
    shape[i] = (ends[i] - starts[i] + steps[i] - 1) / steps[i];
  }
  return {{self.dtype, shape}};
}

Types infer_pad(const InferArgs &args) {
  const TensorType &self = args.operands[0];
  Shape low = args.attributes.sizes("low");
  Shape high = args.attributes.sizes("high");
  const Ints &interior = args.attributes.get<Ints>("interior");
  std::size_t rank = self.shape.size();
  require_count(low.size(), rank, "low");
  require_count(high.size(), rank, "high");
  require_list(interior, rank, 0, "interior");
  Shape shape(rank);
  for (std::size_t i = 0; i < rank; ++i) {
    SymInt size = self.shape[i];
    shape[i] = extent_of(size, interior[i] + 1) + low[i] + high[i];
    if (!is_dynamic(shape[i]) && !known_at_most(0, shape[i]))
      expected("padding that leaves sizes of at least 0 of " + to_string(self),
               "low " + to_string(low) + " and high " + to_string(high));
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
        type.shape[i] += other.shape[i];
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
  SymInt &along = type.shape[std::size_t(dim)];
  if (size < 0 || (!is_dynamic(along) && !known_at_most(size, along)))
    expected("`size` to be of a window in " + to_string(type),
             std::to_string(size));
  if (step < 1)
    expected("`step` to be at least 1", std::to_string(step));
  along = (along - size) / step + 1;
  type.shape.push_back(size);
  return {type};
}

Types infer_unfold_backward(const InferArgs &args) {
  const TensorType &grad = args.operands[0];
  TensorType input = {grad.dtype, args.attributes.sizes("input_shape")};
  Shape shape = infer_unfold({std::array{input}, args.attributes})[0].shape;
  if (!compatible(shape, grad.shape))
    expected("`grad_output` of shape " + to_string(shape), to_string(grad));
  return {input};
}

/// The sum over the places in windows of the elements that are at each.
std::vector<Tensor> decompose_unfold_backward(const DecomposeArgs &args) {
  const Tensor &grad = args.operands[0];
  Shape shape = args.attributes.sizes("input_shape");
  std::int64_t dim = args.attributes.get<std::int64_t>("dim");
  std::int64_t size = args.attributes.get<std::int64_t>("size");
  std::int64_t step = args.attributes.get<std::int64_t>("step");
  std::size_t rank = shape.size(), along = std::size_t(dim);
  if (is_dynamic(shape[along]))
    expected("windows along a dimension of static size", to_string(shape));
  // Each window's elements at its start, with room for a slice at each place.
  Shape low(rank + 1, 0), high = low;
  Ints interior(rank + 1, 0);
  low[along] = size - 1;
  high[along] = shape[along] - 1 - (grad.shape()[along] - 1) * step;
  interior[along] = step - 1;
  return {rounded_once(grad, [&](const Tensor &values) {
    Tensor spread = ops::pad(values, low, high, interior, 0);
    Tensor sum;
    for (std::int64_t place = 0; place < size; ++place) {
      Shape starts(rank + 1, 0), ends = spread.shape();
      Ints steps(rank + 1, 1);
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
