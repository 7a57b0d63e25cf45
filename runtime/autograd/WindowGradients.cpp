//===- WindowGradients.cpp - Gradients of pooling -------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/ops/Rules.h"
#include "runtime/ops/Windows.h"
#include "tensorc/ops.h"

namespace tensorc {

std::vector<Tensor> gradient_max_pool(const GradientArgs &args) {
  const Attributes &attributes = args.attributes;
  return {ops::max_pool_backward(
      args.gradients[0], args.operands[0], attributes.get<Ints>("kernel_size"),
      attributes.get<Ints>("stride"), attributes.get<Ints>("padding"),
      attributes.get<Ints>("dilation"), attributes.get<bool>("ceil_mode"))};
}

/// The operation is linear in `grad_output`: its transpose picks from `grad`
/// the elements at the first maximum of each window of `self`. Where the
/// maxima are doesn't change with `self`.
std::vector<Tensor> gradient_max_pool_backward(const GradientArgs &args) {
  if (!args.needed[0])
    return {{}, {}};
  const Tensor &self = args.operands[1], &grad = args.gradients[0];
  Windows windows(args.attributes, self.shape(), args.operands[0].shape());
  windows.require_known("the gradient");
  return {at_places(first_maxima(windows, self),
                    windows.view(windows.pad(grad, 0)), windows.places()),
          {}};
}

std::vector<Tensor> gradient_avg_pool(const GradientArgs &args) {
  const Attributes &attributes = args.attributes;
  return {ops::avg_pool_backward(
      args.gradients[0], args.operands[0].shape(),
      attributes.get<Ints>("kernel_size"), attributes.get<Ints>("stride"),
      attributes.get<Ints>("padding"), attributes.get<bool>("ceil_mode"),
      attributes.get<bool>("count_include_pad"))};
}

std::vector<Tensor> gradient_avg_pool_backward(const GradientArgs &args) {
  const Attributes &attributes = args.attributes;
  return {ops::avg_pool(args.gradients[0], attributes.get<Ints>("kernel_size"),
                        attributes.get<Ints>("stride"),
                        attributes.get<Ints>("padding"),
                        attributes.get<bool>("ceil_mode"),
                        attributes.get<bool>("count_include_pad"))};
}

} // namespace tensorc
