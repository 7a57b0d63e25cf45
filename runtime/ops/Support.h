//===- Support.h - What shape rules share -----------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_OPS_SUPPORT_H
#define TENSORC_RUNTIME_OPS_SUPPORT_H

#include "runtime/core/Sizes.h"
#include "tensorc/op.h"
#include "tensorc/tensor.h"

#include <functional>
#include <string>

namespace tensorc {

using Types = std::vector<TensorType>;
using Ints = std::vector<std::int64_t>;

/// Throws `Error`: "expected <expected>, received <received>".
[[noreturn]] void expected(const std::string &what,
                           const std::string &received);
/// `[1, 2]`.
std::string list(const Ints &values);

/// Throws unless the operand has this many dimensions; `what` names it.
void require_rank(const TensorType &type, std::size_t rank, const char *what);
/// Throws unless windows over `dims` dimensions are there; `what` tells of
/// them.
void require_dimensions(std::size_t dims, const char *what);
void require_same_dtype(const TensorType &a, const TensorType &b);
/// Throws unless the type, where it is of whole numbers, holds `value`.
void require_value(DType dtype, double value);
/// Throws unless `values` are `count` numbers of at least `least`.
void require_list(const Ints &values, std::size_t count, std::int64_t least,
                  const char *what);
void require_count(std::size_t received, std::size_t count, const char *what);
/// Throws unless there are `count`, which are at least 0.
void require_sizes(const Shape &sizes, std::size_t count, const char *what);
/// Throws unless `dims` are in [0, rank), strictly rising.
void require_dims(const Ints &dims, std::size_t rank);
void require_dim(std::int64_t dim, std::size_t rank);
/// Throws unless `reduction` is `none`, `mean` or `sum`.
void require_reduction(const std::string &reduction);

/// `function` of `values`, rounded once, as an op, though it is several: f16
/// and bf16 pass through it as f32.
Tensor rounded_once(const Tensor &values,
                    const std::function<Tensor(const Tensor &)> &function);

/// `shape` with the `dims` gone, or 1 with `keepdim`.
Shape reduced_shape(const Shape &shape, const Ints &dims, bool keepdim);

/// How far `count` elements reach that are `step` apart; 0 where there are
/// none.
SymInt extent_of(SymInt count, std::int64_t step);

} // namespace tensorc

#endif // TENSORC_RUNTIME_OPS_SUPPORT_H
