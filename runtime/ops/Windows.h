//===- Windows.h - Sizes of convolutions and pooling ------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_OPS_WINDOWS_H
#define TENSORC_RUNTIME_OPS_WINDOWS_H

#include "runtime/ops/Support.h"

#include <algorithm>

namespace tensorc {

/// How many windows of `kernel` elements, `dilation` apart, fit at steps of
/// `stride` into `size` elements with `padding` more at each end; with
/// `ceil_mode`, the last may reach beyond. Not positive when there is not even
/// one. The formula is PyTorch's (`pooling_output_shape`).
inline std::int64_t window_count(std::int64_t size, std::int64_t kernel,
                                 std::int64_t stride, std::int64_t padding,
                                 std::int64_t dilation,
                                 bool ceil_mode = false) {
  if (is_dynamic(size))
    return kDynamic;
  std::int64_t room = plus(
      plus(plus(size, times(2, padding)), -times(dilation, kernel - 1)), -1);
  if (ceil_mode)
    room = plus(room, stride - 1);
  if (room < 0)
    return -1;
  std::int64_t last = room / stride;
  // As in PyTorch, the last window starts inside the input or its left padding.
  if (ceil_mode && times(last, stride) >= plus(size, padding))
    --last;
  return plus(last, 1);
}

/// Padding needed after `size` elements for `count` windows.
inline std::int64_t window_padding(std::int64_t size, std::int64_t count,
                                   std::int64_t kernel, std::int64_t stride,
                                   std::int64_t padding,
                                   std::int64_t dilation) {
  return (count - 1) * stride + dilation * (kernel - 1) + 1 - size - padding;
}

} // namespace tensorc

#endif // TENSORC_RUNTIME_OPS_WINDOWS_H
