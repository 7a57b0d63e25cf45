//===- Axes.cpp - Strided tensors as kernels take them --------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eager/Axes.h"
#include "runtime/core/Dense.h"

#include <algorithm>

namespace tensorc::eager {

void Axes::add(std::int64_t size, std::vector<std::int64_t> strides) {
  if (size == 1)
    return;
  bool goes_on = !sizes_.empty();
  for (std::size_t i = 0; goes_on && i < strides.size(); ++i)
    goes_on = strides_.back()[i] == strides[i] * size;
  if (goes_on) {
    sizes_.back() *= size;
    strides_.back() = std::move(strides);
    return;
  }
  sizes_.push_back(size);
  strides_.push_back(std::move(strides));
}

bool Axes::fill(std::size_t count) {
  if (sizes_.size() > count)
    return false;
  std::size_t missing = count - sizes_.size();
  sizes_.insert(sizes_.begin(), missing, 1);
  strides_.insert(strides_.begin(), missing, {});
  return true;
}

void Axes::append(std::size_t number, Shape &sizes,
                  std::vector<std::int64_t> &strides) const {
  sizes.insert(sizes.end(), sizes_.begin(), sizes_.end());
  for (const std::vector<std::int64_t> &each : strides_)
    strides.push_back(each.empty() ? 1 : each[number]);
}

Tensor along(const Tensor &tensor,
             std::initializer_list<std::pair<const Axes *, std::size_t>> axes) {
  Shape sizes;
  std::vector<std::int64_t> strides;
  for (const auto &[each, number] : axes)
    each->append(number, sizes, strides);
  return make_view(tensor, std::move(sizes), std::move(strides),
                   tensor.impl()->offset);
}

bool split_axes(const Tensor &self, const std::vector<std::int64_t> &dims,
                std::size_t kept_count, std::size_t reduced_count, Axes &kept,
                Axes &reduced) {
  for (std::size_t d = 0; d < self.shape().size(); ++d) {
    bool is_reduced =
        std::find(dims.begin(), dims.end(), std::int64_t(d)) != dims.end();
    (is_reduced ? reduced : kept).add(self.shape()[d], {self.strides()[d]});
  }
  return kept.fill(kept_count) && reduced.fill(reduced_count);
}

} // namespace tensorc::eager
