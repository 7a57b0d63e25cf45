//===- WindowGradients.cpp - Gradients of pooling -------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/ops/Images.h"
#include "runtime/ops/Rules.h"
#include "runtime/ops/Windows.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"

#include <cmath>

namespace tensorc {

std::vector<Tensor> gradient_max_pool2d(const GradientArgs &args) {
  const Attributes &attributes = args.attributes;
  return {ops::max_pool2d_backward(
      args.gradients[0], args.operands[0], attributes.get<Ints>("kernel_size"),
      attributes.get<Ints>("stride"), attributes.get<Ints>("padding"),
      attributes.get<Ints>("dilation"), attributes.get<bool>("ceil_mode"))};
}

/// The operation is linear in `grad_output`: its transpose picks from `grad`
/// the elements at the first maximum of each window of `self`. Where the
/// maxima are doesn't change with `self`.
std::vector<Tensor> gradient_max_pool2d_backward(const GradientArgs &args) {
  if (!args.needed[0])
    return {{}, {}};
  const Tensor &self = args.operands[1], &grad = args.gradients[0];
  const Attributes &attributes = args.attributes;
  const Ints &kernel = attributes.get<Ints>("kernel_size");
  const Ints &stride = attributes.get<Ints>("stride");
  const Ints &padding = attributes.get<Ints>("padding");
  const Ints &dilation = attributes.get<Ints>("dilation");
  Tensor maxima = ops::max_pool2d(self, kernel, stride, padding, dilation,
                                  attributes.get<bool>("ceil_mode"));
  const Shape &pooled = maxima.shape();
  Pair low = to_pair(padding), high;
  for (int i = 0; i < 2; ++i)
    high[i] = window_padding(self.shape()[2 + i], pooled[2 + i], kernel[i],
                             stride[i], padding[i], dilation[i]);
  Tensor values = pad_images(self, low, high, {}, -INFINITY);
  Tensor wanted = pad_images(grad, low, high, {}, 0);
  // Padding is never the maximum, not even of a window of -inf.
  Tensor inside = pad_images(full(self.shape(), true), low, high, {}, 0);
  Tensor result = zeros(pooled, grad.dtype());
  Tensor found = full(pooled, false);
  for (std::int64_t y = 0; y < kernel[0]; ++y) {
    for (std::int64_t x = 0; x < kernel[1]; ++x) {
      auto at_place = [&](const Tensor &images) {
        return slice_images(images, {y * dilation[0], x * dilation[1]},
                            {pooled[2], pooled[3]}, to_pair(stride));
      };
      Tensor value = at_place(values);
      Tensor first =
          logical_and(logical_and(logical_or(value == maxima, isnan(value)),
                                  at_place(inside)),
                      logical_not(found));
      result = where(first, at_place(wanted), result);
      found = logical_or(found, first);
    }
  }
  return {result, {}};
}

std::vector<Tensor> gradient_avg_pool2d(const GradientArgs &args) {
  const Attributes &attributes = args.attributes;
  return {ops::avg_pool2d_backward(
      args.gradients[0], args.operands[0].shape(),
      attributes.get<Ints>("kernel_size"), attributes.get<Ints>("stride"),
      attributes.get<Ints>("padding"), attributes.get<bool>("ceil_mode"),
      attributes.get<bool>("count_include_pad"))};
}

std::vector<Tensor> gradient_avg_pool2d_backward(const GradientArgs &args) {
  const Attributes &attributes = args.attributes;
  return {ops::avg_pool2d(
      args.gradients[0], attributes.get<Ints>("kernel_size"),
      attributes.get<Ints>("stride"), attributes.get<Ints>("padding"),
      attributes.get<bool>("ceil_mode"),
      attributes.get<bool>("count_include_pad"))};
}

} // namespace tensorc
