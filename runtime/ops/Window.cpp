//===- Window.cpp - Rules of pools ----------------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/ops/Rules.h"
#include "runtime/ops/Windows.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"

#include <array>
#include <cmath>

namespace tensorc {

/// The shape of a pool's result. Means have no `dilation`.
static Shape pooled_shape(const TensorType &self,
                          const Attributes &attributes) {
  const Ints &kernel = attributes.get<Ints>("kernel_size");
  const Ints &stride = attributes.get<Ints>("stride");
  const Ints &padding = attributes.get<Ints>("padding");
  std::size_t dims = kernel.size();
  require_dimensions(dims, "kernel_size");
  require_rank(self, 2 + dims, "self");
  const Ints ones(dims, 1);
  const Ints &dilation =
      attributes.find("dilation") ? attributes.get<Ints>("dilation") : ones;
  bool ceil_mode = attributes.get<bool>("ceil_mode");
  require_list(kernel, dims, 1, "kernel_size");
  require_list(stride, dims, 1, "stride");
  require_list(padding, dims, 0, "padding");
  require_list(dilation, dims, 1, "dilation");
  Shape shape = self.shape;
  for (std::size_t i = 0; i < dims; ++i) {
    if (padding[i] > kernel[i] / 2)
      expected("padding of at most half the kernel size " + list(kernel),
               list(padding));
    SymInt count = window_count(self.shape[2 + i], kernel[i], stride[i],
                                padding[i], dilation[i], ceil_mode);
    if (self.shape[2 + i].is(0) ||
        (!is_dynamic(count) && !known_at_most(1, count)))
      expected("input that holds a window of " + list(kernel),
               to_string(self) + " with padding " + list(padding));
    shape[2 + i] = count;
  }
  return shape;
}

static Types pool(const InferArgs &args) {
  return {{args.operands[0].dtype,
           pooled_shape(args.operands[0], args.attributes)}};
}

/// The gradient of a pool of `self`.
static Types pool_backward(const InferArgs &args, const TensorType &self) {
  const TensorType &grad = args.operands[0];
  Shape shape = pooled_shape(self, args.attributes);
  if (!compatible(shape, grad.shape) || grad.dtype != self.dtype)
    expected("`grad_output` of type " +
                 to_string(TensorType{self.dtype, shape}),
             to_string(grad));
  return {self};
}

Types infer_max_pool(const InferArgs &args) { return pool(args); }

Types infer_max_pool_backward(const InferArgs &args) {
  return pool_backward(args, args.operands[1]);
}

Types infer_avg_pool(const InferArgs &args) { return pool(args); }

Types infer_avg_pool_backward(const InferArgs &args) {
  return pool_backward(
      args, {args.operands[0].dtype, args.attributes.sizes("input_shape")});
}

//===----------------------------------------------------------------------===//
// Decompositions
//===----------------------------------------------------------------------===//

/// Whether nothing of the windows lies outside of the images, which may be of
/// any size.
static bool are_inside(const Windows &windows, const Attributes &attributes) {
  bool inside = true;
  for (const WindowsAlong &along : windows) {
    bool known = !is_dynamic(along.size) && !is_dynamic(along.count);
    inside &= along.padding == 0 &&
              (known ? along.high().is(0) : !attributes.get<bool>("ceil_mode"));
  }
  return inside;
}

static Windows windows_of(const Tensor &self, const Attributes &attributes) {
  return {attributes, self.shape(), pooled_shape(self.type(), attributes)};
}

/// The elements of the windows of a pool of `self`, with `value` outside of it.
static Tensor elements_of(const Windows &windows, const Attributes &attributes,
                          const Tensor &self, double value) {
  if (are_inside(windows, attributes))
    return windows.view(self);
  windows.require_known("padding");
  return windows.view(windows.pad(self, value));
}

std::vector<Tensor> decompose_max_pool(const DecomposeArgs &args) {
  const Tensor &self = args.operands[0];
  Windows windows = windows_of(self, args.attributes);
  return {ops::amax(elements_of(windows, args.attributes, self, -INFINITY),
                    windows.places(), false)};
}

/// How many elements the mean of each window is over, for values of windows of
/// `shape`.
static Tensor counts(const Windows &windows, const Attributes &attributes,
                     const Shape &shape, DType dtype) {
  bool count_padding = attributes.get<bool>("count_include_pad");
  bool whole = true;
  for (const WindowsAlong &along : windows) {
    // Of any size, windows are whole that reach into no padding that isn't
    // counted.
    if (along.count.is_symbolic())
      whole &= (along.padding == 0 || count_padding) &&
               !attributes.get<bool>("ceil_mode");
    for (std::int64_t window = 0;
         !along.count.is_symbolic() && window < along.count; ++window)
      whole &= along.counted(window, count_padding) == along.kernel;
  }
  if (whole)
    return ops::full(double(windows.area()), shape, dtype);
  windows.require_known("means that leave padding out");
  if (!windows.are_numbers())
    return windows.counted(dtype, shape, count_padding);
  return windows.constant(
      dtype, shape, [&](const std::vector<std::int64_t> &window) {
        double count = 1;
        for (std::size_t i = 0; i < windows.size(); ++i)
          count *= double(windows[i].counted(window[i], count_padding));
        return count;
      });
}

std::vector<Tensor> decompose_avg_pool(const DecomposeArgs &args) {
  const Tensor &self = args.operands[0];
  Windows windows = windows_of(self, args.attributes);
  return {rounded_once(elements_of(windows, args.attributes, self, 0),
                       [&](const Tensor &elements) {
                         Tensor sum =
                             ops::sum(elements, windows.places(), false);
                         return ops::div(sum, counts(windows, args.attributes,
                                                     sum.shape(), sum.dtype()));
                       })};
}

std::vector<Tensor> decompose_avg_pool_backward(const DecomposeArgs &args) {
  const Tensor &grad = args.operands[0];
  Windows windows(args.attributes, args.attributes.sizes("input_shape"),
                  grad.shape());
  windows.require_known("the gradient");
  return {rounded_once(grad, [&](const Tensor &values) {
    Tensor share = ops::div(values, counts(windows, args.attributes,
                                           values.shape(), values.dtype()));
    return windows.sum_over_places(
        {{share, 0}}, [](std::int64_t, const std::vector<Tensor> &there) {
          return there[0];
        });
  })};
}

/// Where windows don't overlap and need no padding, each puts its gradient at
/// its first maximum. Others: first the place of each window's maximum, then
/// for each point the gradients of the windows whose maximum it is.
std::vector<Tensor> decompose_max_pool_backward(const DecomposeArgs &args) {
  const Tensor &grad = args.operands[0], &self = args.operands[1];
  Windows windows(args.attributes, self.shape(), grad.shape());
  if (!windows.overlap() && are_inside(windows, args.attributes))
    return {windows.images(
        ops::first_max_backward(grad, windows.view(self), windows.places()))};
  windows.require_known("the gradient");
  Tensor first = first_maxima(windows, self);
  auto gradient = [&](const Tensor &values) {
    Tensor zero = ops::full(0, self.shape(), values.dtype());
    return windows.sum_over_places(
        {{values, 0}, {first, -1}},
        [&](std::int64_t place, const std::vector<Tensor> &there) {
          Tensor number = ops::full(double(place), self.shape(), kInt32);
          return ops::where(ops::eq(there[1], number), there[0], zero);
        });
  };
  // Where windows don't overlap there is one term, and nothing to round.
  return {windows.overlap() ? rounded_once(grad, gradient) : gradient(grad)};
}

} // namespace tensorc
