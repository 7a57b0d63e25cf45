//===- Axes.h - Strided tensors as kernels take them ------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_EAGER_AXES_H
#define TENSORC_RUNTIME_EAGER_AXES_H

#include "tensorc/tensor.h"

namespace tensorc::eager {

/// Dimensions that a kernel runs through in some tensors at once: as few as
/// there can be, and as many as the kernel has.
class Axes {
public:
  /// The next dimension inwards: its size, and its stride in each tensor. One
  /// that goes on where the last ends in all of them makes that one longer.
  void add(std::int64_t size, std::vector<std::int64_t> strides);
  std::size_t count() const { return sizes_.size(); }
  std::int64_t inner() const { return sizes_.empty() ? 1 : sizes_.back(); }
  /// Puts dimensions of size 1 in front, up to `count`; false where there are
  /// more than that.
  bool fill(std::size_t count);

  /// Appends the sizes, and the strides in tensor `number`.
  void append(std::size_t number, Shape &sizes,
              std::vector<std::int64_t> &strides) const;

private:
  std::vector<std::int64_t> sizes_;
  std::vector<std::vector<std::int64_t>> strides_;
};

/// `tensor` with these axes, which are those of tensor number `second`.
Tensor along(const Tensor &tensor,
             std::initializer_list<std::pair<const Axes *, std::size_t>> axes);

/// The dimensions of `self` without and with `dims`, for a kernel that takes
/// `kept` and `reduced` ones; false where there are more.
bool split_axes(const Tensor &self, const std::vector<std::int64_t> &dims,
                std::size_t kept_count, std::size_t reduced_count, Axes &kept,
                Axes &reduced);

/// How many dimensions kernels of windows take: such as are kept, and places.
inline constexpr std::size_t kKeptAxes = 4, kPlaceAxes = 3;

} // namespace tensorc::eager

#endif // TENSORC_RUNTIME_EAGER_AXES_H
