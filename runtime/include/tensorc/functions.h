//===- functions.h - Functions of tensors -----------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_FUNCTIONS_H
#define TENSORC_FUNCTIONS_H

#include "tensorc/creation.h"
#include "tensorc/tensor.h"

namespace tensorc {

// Element by element. Whole numbers become float32 where the result isn't
// whole.
Tensor neg(const Tensor &self, Location location = Location::current());
Tensor abs(const Tensor &self, Location location = Location::current());
Tensor sign(const Tensor &self, Location location = Location::current());
Tensor exp(const Tensor &self, Location location = Location::current());
Tensor exp2(const Tensor &self, Location location = Location::current());
Tensor expm1(const Tensor &self, Location location = Location::current());
Tensor log(const Tensor &self, Location location = Location::current());
Tensor log1p(const Tensor &self, Location location = Location::current());
Tensor log2(const Tensor &self, Location location = Location::current());
Tensor sqrt(const Tensor &self, Location location = Location::current());
Tensor rsqrt(const Tensor &self, Location location = Location::current());
Tensor reciprocal(const Tensor &self, Location location = Location::current());
Tensor square(const Tensor &self, Location location = Location::current());
Tensor sin(const Tensor &self, Location location = Location::current());
Tensor cos(const Tensor &self, Location location = Location::current());
Tensor tan(const Tensor &self, Location location = Location::current());
Tensor tanh(const Tensor &self, Location location = Location::current());
Tensor sigmoid(const Tensor &self, Location location = Location::current());
Tensor erf(const Tensor &self, Location location = Location::current());
Tensor floor(const Tensor &self, Location location = Location::current());
Tensor ceil(const Tensor &self, Location location = Location::current());
/// Halves go to the even neighbour.
Tensor round(const Tensor &self, Location location = Location::current());
Tensor trunc(const Tensor &self, Location location = Location::current());
Tensor relu(const Tensor &self, Location location = Location::current());
Tensor silu(const Tensor &self, Location location = Location::current());
Tensor isnan(const Tensor &self, Location location = Location::current());
Tensor logical_not(const Tensor &self, Location location = Location::current());
Tensor leaky_relu(const Tensor &self, double negative_slope = 0.01,
                  Location location = Location::current());
/// log(1 + e^self), without overflow.
Tensor softplus(const Tensor &self, Location location = Location::current());
/// `approximate`: "none" (by erf) or "tanh".
Tensor gelu(const Tensor &self, const std::string &approximate = "none",
            Location location = Location::current());
Tensor clamp(const Tensor &self, double min, double max,
             Location location = Location::current());
/// The same tensor when it has `dtype` already.
Tensor to(const Tensor &self, DType dtype,
          Location location = Location::current());
/// Fails, also in compiled code, where an element isn't in [0, size) and isn't
/// `ignore_index`.
Tensor check_index(const Tensor &self, std::int64_t size,
                   std::int64_t ignore_index,
                   Location location = Location::current());
Tensor detach(const Tensor &self, Location location = Location::current());

// Two operands: types are promoted and shapes broadcast as in PyTorch.
Tensor add(const TensorArg &self, const TensorArg &other);
Tensor sub(const TensorArg &self, const TensorArg &other);
Tensor mul(const TensorArg &self, const TensorArg &other);
/// True division: whole numbers become float32.
Tensor div(const TensorArg &self, const TensorArg &other);
Tensor pow(const TensorArg &self, const TensorArg &other);
Tensor maximum(const TensorArg &self, const TensorArg &other);
Tensor minimum(const TensorArg &self, const TensorArg &other);
Tensor atan2(const TensorArg &self, const TensorArg &other);
/// With the sign of `other`, as Python's `%`.
Tensor remainder(const TensorArg &self, const TensorArg &other);
/// Comparisons and logic give bool tensors.
Tensor eq(const TensorArg &self, const TensorArg &other);
Tensor ne(const TensorArg &self, const TensorArg &other);
Tensor lt(const TensorArg &self, const TensorArg &other);
Tensor le(const TensorArg &self, const TensorArg &other);
Tensor gt(const TensorArg &self, const TensorArg &other);
Tensor ge(const TensorArg &self, const TensorArg &other);
Tensor logical_and(const TensorArg &self, const TensorArg &other);
Tensor logical_or(const TensorArg &self, const TensorArg &other);
Tensor logical_xor(const TensorArg &self, const TensorArg &other);
/// `self` where `condition`, else `other`.
Tensor where(const Tensor &condition, const TensorArg &self,
             const TensorArg &other);

// Reductions; negative dims count from the end, no dims: all of them.
// `sum` and `prod` of bools and whole numbers are int64.
Tensor sum(const Tensor &self, Location location = Location::current());
Tensor sum(const Tensor &self, const Dims &dims, bool keepdim = false,
           Location location = Location::current());
Tensor mean(const Tensor &self, Location location = Location::current());
Tensor mean(const Tensor &self, const Dims &dims, bool keepdim = false,
            Location location = Location::current());
Tensor prod(const Tensor &self, Location location = Location::current());
Tensor prod(const Tensor &self, std::int64_t dim, bool keepdim = false,
            Location location = Location::current());
/// The gradient is split evenly among equal maxima.
Tensor amax(const Tensor &self, const Dims &dims = {}, bool keepdim = false,
            Location location = Location::current());
Tensor amin(const Tensor &self, const Dims &dims = {}, bool keepdim = false,
            Location location = Location::current());
Tensor max(const Tensor &self, Location location = Location::current());
Tensor min(const Tensor &self, Location location = Location::current());
Tensor any(const Tensor &self, const Dims &dims = {}, bool keepdim = false,
           Location location = Location::current());
Tensor all(const Tensor &self, const Dims &dims = {}, bool keepdim = false,
           Location location = Location::current());
/// The int64 index of the first maximum; without `dim` that into the flattened
/// tensor.
Tensor argmax(const Tensor &self, std::optional<std::int64_t> dim = {},
              bool keepdim = false, Location location = Location::current());
Tensor logsumexp(const Tensor &self, const Dims &dims, bool keepdim = false,
                 Location location = Location::current());
Tensor softmax(const Tensor &self, std::int64_t dim,
               Location location = Location::current());
Tensor log_softmax(const Tensor &self, std::int64_t dim,
                   Location location = Location::current());

// Shapes.
Tensor reshape(const Tensor &self, const Shape &shape,
               Location location = Location::current());
Tensor flatten(const Tensor &self, std::int64_t start_dim = 0,
               std::int64_t end_dim = -1,
               Location location = Location::current());
Tensor permute(const Tensor &self, const Shape &dims,
               Location location = Location::current());
Tensor transpose(const Tensor &self, std::int64_t dim0, std::int64_t dim1,
                 Location location = Location::current());
Tensor squeeze(const Tensor &self, std::int64_t dim,
               Location location = Location::current());
Tensor unsqueeze(const Tensor &self, std::int64_t dim,
                 Location location = Location::current());
/// NumPy's rules: trailing dimensions line up, size 1 repeats.
Tensor broadcast_to(const Tensor &self, const Shape &shape,
                    Location location = Location::current());
/// The shape that tensors of shapes `a` and `b` broadcast to.
Shape broadcast_shapes(const Shape &a, const Shape &b);
Tensor flip(const Tensor &self, const Dims &dims,
            Location location = Location::current());
Tensor cat(const TensorList &tensors, std::int64_t dim = 0,
           Location location = Location::current());
Tensor stack(const TensorList &tensors, std::int64_t dim = 0,
             Location location = Location::current());
Tensor one_hot(const Tensor &self, std::int64_t num_classes,
               Location location = Location::current());

// Products.
/// [K]·[K], [M, K]·[K], [K]·[K, N], or […, M, K]·[…, K, N] with broadcast
/// batches.
Tensor matmul(const Tensor &self, const Tensor &other,
              Location location = Location::current());
Tensor mm(const Tensor &self, const Tensor &other,
          Location location = Location::current());
Tensor bmm(const Tensor &self, const Tensor &other,
           Location location = Location::current());

// Into `out`, of the result's shape and a type that holds it; not recorded for
// gradients, so an `Error` where any would be.
Tensor &add_out(Tensor &out, const TensorArg &self, const TensorArg &other);

} // namespace tensorc

#endif // TENSORC_FUNCTIONS_H
