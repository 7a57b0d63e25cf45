//===- Window.cpp - Shape rules of pooling --------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/ops/Rules.h"
#include "runtime/ops/Windows.h"

namespace tensorc {

/// The shape of a pooling's result. Average pooling has no `dilation`.
static Shape pooled_shape(const TensorType &self,
                          const Attributes &attributes) {
  require_rank(self, 4, "self");
  const Ints &kernel = attributes.get<Ints>("kernel_size");
  const Ints &stride = attributes.get<Ints>("stride");
  const Ints &padding = attributes.get<Ints>("padding");
  Ints dilation = {1, 1};
  if (attributes.find("dilation"))
    dilation = attributes.get<Ints>("dilation");
  bool ceil_mode = attributes.get<bool>("ceil_mode");
  require_list(kernel, 2, 1, "kernel_size");
  require_list(stride, 2, 1, "stride");
  require_list(padding, 2, 0, "padding");
  require_list(dilation, 2, 1, "dilation");
  Shape shape = {self.shape[0], self.shape[1], 0, 0};
  for (int i = 0; i < 2; ++i) {
    if (padding[i] > kernel[i] / 2)
      expected("padding of at most half the kernel size " + list(kernel),
               list(padding));
    shape[2 + i] = window_count(self.shape[2 + i], kernel[i], stride[i],
                                padding[i], dilation[i], ceil_mode);
    if (shape[2 + i] < 1 && !is_dynamic(shape[2 + i]))
      expected("input that holds a window of " + list(kernel),
               to_string(self) + " with padding " + list(padding));
  }
  return shape;
}

static Types pool(const InferArgs &args) {
  return {{args.operands[0].dtype,
           pooled_shape(args.operands[0], args.attributes)}};
}

/// The gradient of a pooling of `self`.
static Types pool_backward(const InferArgs &args, const TensorType &self) {
  const TensorType &grad = args.operands[0];
  Shape shape = pooled_shape(self, args.attributes);
  if (!compatible(shape, grad.shape) || grad.dtype != self.dtype)
    expected("`grad_output` of type " +
                 to_string(TensorType{self.dtype, shape}),
             to_string(grad));
  return {self};
}

Types infer_max_pool2d(const InferArgs &args) { return pool(args); }

Types infer_max_pool2d_backward(const InferArgs &args) {
  return pool_backward(args, args.operands[1]);
}

Types infer_avg_pool2d(const InferArgs &args) { return pool(args); }

Types infer_avg_pool2d_backward(const InferArgs &args) {
  return pool_backward(
      args, {args.operands[0].dtype, args.attributes.get<Ints>("input_shape")});
}

} // namespace tensorc
