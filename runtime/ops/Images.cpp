//===- Images.cpp - Windows over images, in simpler ops -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/ops/Images.h"
#include "tensorc/ops.h"

#include <algorithm>

namespace tensorc {

Ints in_space(std::size_t rank, Pair pair, std::int64_t otherwise) {
  Ints values(rank, otherwise);
  std::copy(pair.begin(), pair.end(), values.end() - 2);
  return values;
}

Tensor pad_images(const Tensor &images, Pair low, Pair high, Pair interior,
                  double value) {
  if (low == Pair{} && high == Pair{} && interior == Pair{})
    return images;
  std::size_t rank = images.shape().size();
  return ops::pad(images, in_space(rank, low, 0), in_space(rank, high, 0),
                  in_space(rank, interior, 0), value);
}

Tensor slice_images(const Tensor &images, Pair start, Pair size, Pair step) {
  Ints ends = images.shape();
  std::size_t rank = ends.size();
  for (std::size_t i = 0; i < 2; ++i)
    ends[rank - 2 + i] = start[i] + (size[i] - 1) * step[i] + 1;
  return ops::slice(images, in_space(rank, start, 0), ends,
                    in_space(rank, step, 1));
}

void require_static(const Shape &shape, const char *what) {
  if (std::any_of(shape.end() - 2, shape.end(), is_dynamic))
    expected("images of static size for " + std::string(what), list(shape));
}

} // namespace tensorc
