//===- Images.h - Windows over images, in simpler ops -----------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_OPS_IMAGES_H
#define TENSORC_RUNTIME_OPS_IMAGES_H

#include "runtime/ops/Support.h"

#include <array>

namespace tensorc {

/// A number for each of the last two dimensions, which are space.
using Pair = std::array<std::int64_t, 2>;

inline Pair to_pair(const Ints &values) { return {values[0], values[1]}; }
/// `pair` in the last two of `rank` dimensions, `otherwise` in those before.
Ints in_space(std::size_t rank, Pair pair, std::int64_t otherwise);

/// `images` themselves where there is nothing to add.
Tensor pad_images(const Tensor &images, Pair low, Pair high, Pair interior,
                  double value);
/// `size` elements `step` apart, from `start`.
Tensor slice_images(const Tensor &images, Pair start, Pair size, Pair step);

/// Throws `Error` unless the sizes in space are known; `what` takes them.
void require_static(const Shape &shape, const char *what);

} // namespace tensorc

#endif // TENSORC_RUNTIME_OPS_IMAGES_H
