//===- Support.cpp - What shape rules share -------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/ops/Support.h"
#include "runtime/core/Range.h"
#include "tensorc/ops.h"

#include <cstdio>

namespace tensorc {

void expected(const std::string &what, const std::string &received) {
  throw Error("expected " + what + ", received " + received);
}

std::string list(const Ints &values) { return to_string(Shape(values)); }

void require_rank(const TensorType &type, std::size_t rank, const char *what) {
  if (type.shape.size() != rank)
    expected("`" + std::string(what) + "` of " + std::to_string(rank) +
                 " dimensions",
             to_string(type));
}

void require_dimensions(std::size_t dims, const char *what) {
  if (dims < 1 || dims > 3)
    expected("`" + std::string(what) + "` of one to three numbers",
             std::to_string(dims));
}

void require_same_dtype(const TensorType &a, const TensorType &b) {
  if (a.dtype != b.dtype)
    expected("operands of one element type",
             to_string(a) + " and " + to_string(b));
}

void require_value(DType dtype, double value) {
  if (dtype == kBool || is_floating_point(dtype) ||
      (holds_whole(dtype, value) && value == std::trunc(value)))
    return;
  char text[32];
  std::snprintf(text, sizeof text, "%.17g", value);
  expected("a value that " + std::string(name(dtype)) + " holds", text);
}

void require_list(const Ints &values, std::size_t count, std::int64_t least,
                  const char *what) {
  bool good = values.size() == count;
  for (std::int64_t value : values)
    good &= value >= least;
  if (!good)
    expected("`" + std::string(what) + "` of " + std::to_string(count) +
                 " numbers of at least " + std::to_string(least),
             list(values));
}

void require_count(std::size_t received, std::size_t count, const char *what) {
  if (received != count)
    expected("`" + std::string(what) + "` of " + std::to_string(count) +
                 " numbers",
             std::to_string(received));
}

void require_sizes(const Shape &sizes, std::size_t count, const char *what) {
  bool good = sizes.size() == count;
  for (SymInt size : sizes)
    good &= known_at_most(0, size);
  if (!good)
    expected("`" + std::string(what) + "` of " + std::to_string(count) +
                 " numbers of at least 0",
             to_string(sizes));
}

void require_dims(const Ints &dims, std::size_t rank) {
  std::int64_t previous = -1;
  for (std::int64_t dim : dims) {
    if (dim <= previous || dim >= std::int64_t(rank))
      expected("rising dimensions below " + std::to_string(rank), list(dims));
    previous = dim;
  }
}

void require_dim(std::int64_t dim, std::size_t rank) {
  if (dim < 0 || dim >= std::int64_t(rank))
    expected("a dimension below " + std::to_string(rank), std::to_string(dim));
}

void require_reduction(const std::string &reduction) {
  if (reduction != "none" && reduction != "mean" && reduction != "sum")
    expected("a reduction `none`, `mean` or `sum`", "`" + reduction + "`");
}

Tensor rounded_once(const Tensor &values,
                    const std::function<Tensor(const Tensor &)> &function) {
  if (!is_half(values.dtype()))
    return function(values);
  return ops::to(function(ops::to(values, kFloat32)), values.dtype());
}

SymInt extent_of(SymInt count, std::int64_t step) {
  return step == 1 ? count : count + max(count - 1, 0) * (step - 1);
}

Shape reduced_shape(const Shape &shape, const Ints &dims, bool keepdim) {
  Shape result;
  std::size_t next = 0;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (next < dims.size() && dims[next] == std::int64_t(i)) {
      ++next;
      if (keepdim)
        result.push_back(1);
    } else {
      result.push_back(shape[i]);
    }
  }
  return result;
}

} // namespace tensorc
