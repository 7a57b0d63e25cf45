//===- Axes.cpp - Strided tensors as kernels take them --------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eager/Axes.h"

#include <algorithm>
#include <cassert>

namespace tensorc::eager {

void Axes::add(std::int64_t size, Strides strides) {
  if (size == 1)
    return;
  if (count_ > 0 && count_ <= kMostAxes) {
    Axis &last = axes_[count_ - 1];
    bool goes_on = true;
    for (std::size_t i = 0; i < strides.size(); ++i)
      goes_on &= last.strides[i] == strides[i] * size;
    if (goes_on) {
      last = {last.size * size, strides};
      return;
    }
  }
  if (count_ < kMostAxes)
    axes_[count_] = {size, strides};
  ++count_;
}

bool Axes::fill(std::size_t count) {
  if (count_ > count)
    return false;
  std::size_t missing = count - count_;
  std::copy_backward(axes_.begin(), axes_.begin() + count_,
                     axes_.begin() + count);
  std::fill_n(axes_.begin(), missing, Axis());
  count_ = count;
  return true;
}

Strided &Strided::add(std::int64_t size, std::int64_t stride) {
  assert(count_ < kMostAxes);
  sizes_[count_] = size;
  strides_[count_++] = stride;
  return *this;
}

Strided &Strided::along(const Axes &axes, std::size_t number) {
  for (std::size_t i = 0; i < axes.count_; ++i)
    add(axes.axes_[i].size, axes.axes_[i].strides[number]);
  return *this;
}

Strided &Strided::swap(std::size_t a, std::size_t b) {
  std::swap(sizes_[a], sizes_[b]);
  std::swap(strides_[a], strides_[b]);
  return *this;
}

bool Strided::is_dense() const {
  std::int64_t step = 1;
  for (std::size_t d = count_; d-- > 0;) {
    if (sizes_[d] != 1 && strides_[d] != step)
      return false;
    step *= sizes_[d];
  }
  return true;
}

} // namespace tensorc::eager
