//===- Pool.cpp - Pooling in eager mode -----------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Dense.h"
#include "runtime/eager/Compute.h"
#include "runtime/eager/Kernels.h"
#include "runtime/ops/Windows.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"

#include <algorithm>
#include <cmath>

namespace tensorc::eager {

namespace {
/// Where the windows of a pooling of images of `shape` lie.
struct Windows {
  Windows(const Attributes &attributes, const Shape &shape, std::int64_t rows,
          std::int64_t columns)
      : kernel(attributes.get<Ints>("kernel_size")),
        stride(attributes.get<Ints>("stride")), shape(shape),
        count{rows, columns} {
    const Ints &padding = attributes.get<Ints>("padding");
    if (attributes.find("dilation"))
      dilation = attributes.get<Ints>("dilation");
    for (int i = 0; i < 2; ++i) {
      low[2 + i] = padding[i];
      high[2 + i] = window_padding(shape[2 + i], count[i], kernel[i], stride[i],
                                   padding[i], dilation[i]);
    }
  }

  /// The images with all that windows reach.
  Tensor pad(const Tensor &images, double value) const {
    if (!is_padded())
      return images;
    return ops::pad(images, low, high, {0, 0, 0, 0}, value);
  }
  /// A gradient of the padded images as one of the images.
  Tensor crop(const Tensor &gradient) const {
    if (gradient.shape() == shape && low == Ints(4, 0))
      return gradient;
    Ints before = low, after = high;
    for (std::int64_t &size : before)
      size = -size;
    for (std::int64_t &size : after)
      size = -size;
    return ops::pad(gradient, before, after, {0, 0, 0, 0}, 0);
  }
  /// Zeros of the padded images' shape.
  Tensor padded_zeros(DType dtype) const {
    Shape sizes = shape;
    for (int d = 0; d < 4; ++d)
      sizes[d] += low[d] + high[d];
    return make_dense({dtype, sizes});
  }
  Tensor view(const Tensor &padded) const {
    return window_view(padded, count[0], count[1], kernel, stride, dilation);
  }

  /// The position in each window of its first element that isn't padding, as
  /// kernels count: [OH, OW].
  Tensor first_inside() const {
    Ints first[2];
    for (int i = 0; i < 2; ++i)
      for (std::int64_t window = 0; window < count[i]; ++window) {
        std::int64_t before = low[2 + i] - window * stride[i];
        first[i].push_back(before > 0 ? (before + dilation[i] - 1) / dilation[i]
                                      : 0);
      }
    Tensor result = make_dense({kInt32, count}, kCPU);
    char *element = address(*result.impl());
    for (std::int64_t row : first[0])
      for (std::int64_t column : first[1]) {
        write_element(element, kInt32, row * 65536 + column);
        element += size_of(kInt32);
      }
    return moved_to(result, default_device());
  }

  bool is_padded() const {
    return std::max({low[2], low[3], high[2], high[3]}) > 0;
  }
  /// Whether each element is in a window, if they aren't padded.
  bool cover() const {
    for (int i = 0; i < 2; ++i)
      if (dilation[i] != 1 || kernel[i] != stride[i] ||
          count[i] * stride[i] != shape[2 + i])
        return false;
    return true;
  }
  /// Whether an element may be in two windows.
  bool overlap() const {
    return stride[0] <= (kernel[0] - 1) * dilation[0] ||
           stride[1] <= (kernel[1] - 1) * dilation[1];
  }

  const Ints &kernel, &stride;
  Ints dilation = {1, 1};
  Shape shape;
  Ints count, low = Ints(4, 0), high = Ints(4, 0);
};

/// How many elements of a dimension the average of each window is over.
Ints extents(const OpCall &call, const Shape &shape, const Windows &windows,
             int i) {
  bool include = call.attributes.get<bool>("count_include_pad");
  std::int64_t size = shape[2 + i], padding = windows.low[2 + i];
  Ints result;
  for (std::int64_t window = 0; window < windows.count[i]; ++window) {
    std::int64_t begin = window * windows.stride[i] - padding;
    std::int64_t end = std::min(begin + windows.kernel[i], size + padding);
    if (!include) {
      begin = std::max<std::int64_t>(begin, 0);
      end = std::min(end, size);
    }
    result.push_back(end - begin);
  }
  return result;
}

/// The divisors of an average pooling, [OH, OW].
Tensor divisors(const OpCall &call, const Shape &shape, const Windows &windows,
                DType dtype) {
  Ints rows = extents(call, shape, windows, 0);
  Ints columns = extents(call, shape, windows, 1);
  Tensor result = make_dense({dtype, windows.count}, kCPU);
  char *element = address(*result.impl());
  for (std::int64_t row : rows)
    for (std::int64_t column : columns) {
      write_element(element, dtype, row * column);
      element += size_of(dtype);
    }
  return moved_to(result, default_device());
}

const KernelSet window_max("window_max"), window_sum("window_sum"),
    window_argmax("window_argmax"), window_scatter("window_scatter"),
    window_spread("window_spread");
} // namespace

/// Adds a kernel's gradient to windows, which `run` is given as a view with the
/// first position in it. Where windows overlap, it is given one position of all
/// after the other: within each, no element is there twice.
template <typename F>
static void add_to_windows(const Windows &windows, const Tensor &sums,
                           F &&run) {
  Tensor view = windows.view(sums);
  if (!windows.overlap())
    return run(view, 0, 0);
  for (std::int64_t y = 0; y < windows.kernel[0]; ++y)
    for (std::int64_t x = 0; x < windows.kernel[1]; ++x)
      run(view.narrow(4, y, 1).narrow(5, x, 1), y, x);
}

static Tensor max_pool2d(const OpCall &call, const TensorType &type) {
  const Tensor &self = call.operands[0];
  Windows windows(call.attributes, self.shape(), type.shape[2], type.shape[3]);
  Tensor result = make_unset(type);
  run_kernel(window_max, type.dtype,
             {windows.view(windows.pad(self, -INFINITY)), result},
             call.location);
  return result;
}

static Tensor max_pool2d_backward(const OpCall &call, const TensorType &type) {
  Tensor grad = dense(call.operands[0]);
  const Tensor &self = call.operands[1];
  Windows windows(call.attributes, type.shape, grad.shape()[2],
                  grad.shape()[3]);
  static const KernelSet at_once("window_max_backward");
  if (!windows.overlap() && !windows.is_padded() &&
      at_once.has(type.dtype, self.device())) {
    Tensor result = windows.cover() ? make_unset(type) : make_dense(type);
    run_kernel(at_once, type.dtype,
               {grad, windows.view(self), windows.view(result)}, call.location);
    return result;
  }
  Tensor place = make_unset({kInt32, grad.shape()});
  run_kernel(window_argmax, type.dtype,
             {windows.view(windows.pad(self, -INFINITY)), place},
             call.location);
  // Padding is never the maximum, not even of a window of -inf: what comes
  // before the first element is its place.
  if (windows.low[2] || windows.low[3])
    place = maximum(place, windows.first_inside());
  Tensor sums = windows.padded_zeros(type.dtype);
  add_to_windows(
      windows, sums, [&](const Tensor &view, std::int64_t y, std::int64_t x) {
        std::int64_t first = y * 65536 + x;
        run_kernel(window_scatter, type.dtype,
                   {grad, first ? place - first : place, view}, call.location);
      });
  return windows.crop(sums);
}

static Tensor avg_pool2d(const OpCall &call, const TensorType &type) {
  const Tensor &self = call.operands[0];
  Windows windows(call.attributes, self.shape(), type.shape[2], type.shape[3]);
  // Windows with an edge in them, by the same arithmetic as compiled code.
  if (windows.is_padded())
    return call.info.decompose({call.operands, call.attributes})[0];
  Tensor sums = make_unset(type);
  run_kernel(window_sum, type.dtype, {windows.view(windows.pad(self, 0)), sums},
             call.location);
  return sums / divisors(call, self.shape(), windows, type.dtype);
}

static Tensor avg_pool2d_backward(const OpCall &call, const TensorType &type) {
  const Tensor &grad = call.operands[0];
  Windows windows(call.attributes, type.shape, grad.shape()[2],
                  grad.shape()[3]);
  Tensor share = grad / divisors(call, type.shape, windows, type.dtype);
  Tensor sums = windows.padded_zeros(type.dtype);
  add_to_windows(windows, sums,
                 [&](const Tensor &view, std::int64_t, std::int64_t) {
                   run_kernel(window_spread, type.dtype, {dense(share), view},
                              call.location);
                 });
  return windows.crop(sums);
}

Tensor pool(const OpCall &call, const TensorType &type) {
  bool empty = element_count(type.shape) == 0;
  for (const Tensor &operand : call.operands)
    empty |= element_count(operand.shape()) == 0;
  if (empty)
    return make_dense(type);
  if (call.info.name == "max_pool2d")
    return max_pool2d(call, type);
  if (call.info.name == "max_pool2d_backward")
    return max_pool2d_backward(call, type);
  if (call.info.name == "avg_pool2d")
    return avg_pool2d(call, type);
  if (call.info.name == "avg_pool2d_backward")
    return avg_pool2d_backward(call, type);
  throw Error("[" + std::string(call.info.name) +
                  "] this op isn't there in eager mode",
              call.location);
}

} // namespace tensorc::eager
