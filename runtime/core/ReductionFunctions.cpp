//===- ReductionFunctions.cpp - Reductions and products -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Calls.h"
#include "runtime/core/Operands.h"
#include "runtime/core/Sizes.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"

namespace tensorc {

//===----------------------------------------------------------------------===//
// What generated functions call
//===----------------------------------------------------------------------===//

Tensor reduce(const char *name, RawReduction op, const Tensor &self,
              const Dims &dims, bool keepdim, Location location) {
  FunctionScope scope(name, location);
  if (!self.defined())
    expected(name, "a tensor", "an undefined one", location);
  return op(self, normalize_dims(name, dims, self.dim(), location), keepdim,
            location);
}

Tensor summed(const Tensor &self, Location location) {
  return self.defined() ? to(self, info_of(self.dtype()).sum, location) : self;
}

Tensor extremum(const char *name, RawReduction numbers, RawReduction bools,
                const Tensor &self, const Dims &dims, bool keepdim,
                Location location) {
  bool is_bool = self.defined() && self.dtype() == kBool;
  if (is_bool)
    for (std::int64_t dim : normalize_dims(name, dims, self.dim(), location))
      if (can_be(self.shape()[std::size_t(dim)], 0))
        expected(name, "reduced dimensions that aren't empty",
                 to_string(self.type()), location);
  return reduce(name, is_bool ? bools : numbers, self, dims, keepdim, location);
}

Tensor reduced_truth(const char *name, RawReduction op, const Tensor &self,
                     const Dims &dims, bool keepdim, Location location) {
  FunctionScope scope(name, location);
  Tensor result =
      reduce(name, op, to(self, kBool, location), dims, keepdim, location);
  return self.dtype() == kUInt8 ? to(result, kUInt8, location) : result;
}

Tensor along(const char *name, RawAlong op, const Tensor &self,
             std::int64_t dim, Location location) {
  FunctionScope scope(name, location);
  dim = normalize_dim(name, dim, self.dim(), location);
  if (self.dim() > 0)
    return op(self, dim, location);
  return reshape(op(reshape(self, {1}, location), dim, location), {}, location);
}

//===----------------------------------------------------------------------===//
// By hand
//===----------------------------------------------------------------------===//

Tensor prod(const Tensor &self, Location location) {
  return reduce("prod", ops::prod, summed(self, location), {}, false, location);
}
Tensor prod(const Tensor &self, std::int64_t dim, bool keepdim,
            Location location) {
  return reduce("prod", ops::prod, summed(self, location), {dim}, keepdim,
                location);
}

Tensor max(const Tensor &self, Location location) {
  FunctionScope scope("max", location);
  if (!self.defined() || self.dtype() == kBool)
    return amax(self, {}, false, location);
  return ops::max(self, location);
}
Tensor min(const Tensor &self, Location location) {
  FunctionScope scope("min", location);
  if (!self.defined() || self.dtype() == kBool)
    return amin(self, {}, false, location);
  return ops::min(self, location);
}

Tensor argmax(const Tensor &self, std::optional<std::int64_t> dim, bool keepdim,
              Location location) {
  FunctionScope scope("argmax", location);
  if (!dim || self.dim() == 0) {
    Tensor index =
        ops::argmax(flatten(self, 0, -1, location), 0, false, location);
    return keepdim ? reshape(index, Shape(self.shape().size(), 1), location)
                   : index;
  }
  return ops::argmax(self, normalize_dim("argmax", *dim, self.dim(), location),
                     keepdim, location);
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

[[noreturn]] static void reject_product(const char *op, const Tensor &self,
                                        const Tensor &other,
                                        Location location) {
  Shape sizes = self.shape();
  sizes.insert(sizes.end(), other.shape().begin(), other.shape().end());
  expected(op, "operands of shapes […, M, K] and […, K, N], or [K] for either",
           to_string(self.type()) + " and " + to_string(other.type()) +
               for_all_sizes(sizes),
           location);
}

/// Of matrices and batches of them, whose inner sizes are known to agree.
static Tensor product(const Tensor &self, const Tensor &other,
                      Location location) {
  if (self.dim() == 2 && other.dim() == 2)
    return ops::matmul(self, other, location);
  // A matrix on the right: the batch is only more rows.
  if (self.dim() > 2 && other.dim() == 2) {
    Shape shape = self.shape();
    Tensor rows = reshape(self, {-1, shape.back()}, location);
    shape.back() = other.shape()[1];
    return reshape(ops::matmul(rows, other, location), shape, location);
  }
  Shape left = self.shape(), right = other.shape(), batch;
  try {
    batch = broadcast_shapes(Shape(left.begin(), left.end() - 2),
                             Shape(right.begin(), right.end() - 2));
  } catch (const Error &) {
    reject_product("matmul", self, other, location);
  }
  auto batched = [&](const Tensor &tensor) {
    Shape shape = batch;
    shape.push_back(tensor.shape()[tensor.dim() - 2]);
    shape.push_back(tensor.shape()[tensor.dim() - 1]);
    return broadcast_to(tensor, shape, location);
  };
  return ops::matmul(batched(self), batched(other), location);
}

Tensor matmul(const Tensor &self, const Tensor &other, Location location) {
  FunctionScope scope("matmul", location);
  if (!self.defined() || !other.defined())
    expected("matmul", "tensors", "an undefined one", location);
  std::int64_t m = self.dim(), n = other.dim();
  if (m == 0 || n == 0 ||
      !compatible(self.shape()[m - 1], other.shape()[n == 1 ? 0 : n - 2]))
    reject_product("matmul", self, other, location);
  Tensor result =
      product(m == 1 ? unsqueeze(self, 0, location) : self,
              n == 1 ? unsqueeze(other, 1, location) : other, location);
  if (m == 1)
    result = squeeze(result, -2, location);
  return n == 1 ? squeeze(result, -1, location) : result;
}

Tensor mm(const Tensor &self, const Tensor &other, Location location) {
  FunctionScope scope("mm", location);
  if (!self.defined() || !other.defined())
    expected("mm", "tensors", "an undefined one", location);
  if (self.dim() != 2 || other.dim() != 2)
    expected("mm", "matrices",
             to_string(self.type()) + " and " + to_string(other.type()),
             location);
  return ops::matmul(self, other, location);
}

Tensor bmm(const Tensor &self, const Tensor &other, Location location) {
  FunctionScope scope("bmm", location);
  if (!self.defined() || !other.defined())
    expected("bmm", "tensors", "an undefined one", location);
  if (self.dim() != 3 || other.dim() != 3)
    expected("bmm", "batches of matrices",
             to_string(self.type()) + " and " + to_string(other.type()),
             location);
  return ops::matmul(self, other, location);
}

} // namespace tensorc
