//===- Axes.h - Strided tensors as kernels take them ------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nothing here takes memory: these stand between each op and its kernel.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_EAGER_AXES_H
#define TENSORC_RUNTIME_EAGER_AXES_H

#include "runtime/eager/Kernels.h"

#include <array>

namespace tensorc::eager {

/// More dimensions than kernels take.
inline constexpr std::size_t kMostAxes = 8;

/// Dimensions that a kernel runs through in up to three tensors at once: as few
/// as there can be, and as many as the kernel has.
class Axes {
public:
  using Strides = std::array<std::int64_t, 3>;

  /// The next dimension inwards: its size, and its stride in each tensor. One
  /// that goes on where the last ends in all of them makes that one longer.
  void add(std::int64_t size, Strides strides);
  std::size_t count() const { return count_; }
  std::int64_t inner() const {
    return count_ == 0 ? 1 : axes_[std::min(count_, kMostAxes) - 1].size;
  }
  /// Puts dimensions of size 1 in front, up to `count`; false where there are
  /// more than that.
  bool fill(std::size_t count);

private:
  friend class Strided;
  struct Axis {
    std::int64_t size = 1;
    Strides strides = {1, 1, 1};
  };
  std::array<Axis, kMostAxes> axes_; ///< of more, these are the first
  std::size_t count_ = 0;
};

/// A tensor with other dimensions than its own, for a kernel.
class Strided {
public:
  explicit Strided(const Tensor &tensor) : tensor_(tensor) {}
  Strided &add(std::int64_t size, std::int64_t stride);
  /// Appends `axes`, of which the tensor is number `number`.
  Strided &along(const Axes &axes, std::size_t number);
  /// Changes the places of two dimensions.
  Strided &swap(std::size_t a, std::size_t b);

  std::int64_t size(std::size_t d) const { return sizes_[d]; }
  /// Whether vectors can run along dimension `d`.
  bool unit(std::size_t d) const { return sizes_[d] == 1 || strides_[d] == 1; }
  bool is_dense() const;
  operator Buffer() const & {
    return {tensor_, {sizes_.data(), count_}, {strides_.data(), count_}};
  }

private:
  const Tensor &tensor_;
  std::array<std::int64_t, kMostAxes> sizes_, strides_;
  std::size_t count_ = 0;
};

/// How many dimensions kernels of windows take: such as are kept, and places.
inline constexpr std::size_t kKeptAxes = 4, kPlaceAxes = 3;

} // namespace tensorc::eager

#endif // TENSORC_RUNTIME_EAGER_AXES_H
