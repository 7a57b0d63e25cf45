//===- Window.cpp - Rules of pooling --------------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Dense.h"
#include "runtime/ops/Images.h"
#include "runtime/ops/Rules.h"
#include "runtime/ops/Windows.h"
#include "tensorc/functions.h"
#include "tensorc/ops.h"

#include <cmath>

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
    if (self.shape[2 + i] == 0 ||
        (shape[2 + i] < 1 && !is_dynamic(shape[2 + i])))
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

//===----------------------------------------------------------------------===//
// Pools without edges, and their gradients
//===----------------------------------------------------------------------===//

namespace {

/// The windows over one dimension of an image.
struct Windows {
  std::int64_t size, count, kernel, stride, padding, dilation;

  std::int64_t reach() const { return (kernel - 1) * dilation; }
  /// Padding that the windows need after the image.
  std::int64_t high() const {
    return std::max<std::int64_t>(
        0, window_padding(size, count, kernel, stride, padding, dilation));
  }
  bool overlap() const {
    return stride < reach() + 1 || (dilation != 1 && kernel != 1);
  }
  bool inside(std::int64_t window, std::int64_t place) const {
    std::int64_t at = window * stride + place * dilation - padding;
    return at >= 0 && at < size;
  }
  /// How many places of a window its mean is over.
  std::int64_t counted(std::int64_t window, bool count_padding) const {
    std::int64_t begin = window * stride - padding;
    std::int64_t end = std::min(begin + kernel, size + padding);
    return count_padding
               ? end - begin
               : std::min(end, size) - std::max<std::int64_t>(begin, 0);
  }
};

/// Those over both.
struct Windows2d : std::array<Windows, 2> {
  Windows2d(const Attributes &attributes, const Shape &image,
            const Shape &pooled, const char *what) {
    require_static(image, what);
    require_static(pooled, what);
    Ints ones = {1, 1};
    bool dilated = attributes.find("dilation");
    const Ints &dilations = dilated ? attributes.get<Ints>("dilation") : ones;
    for (std::size_t i = 0; i < 2; ++i)
      (*this)[i] = {image[2 + i],
                    pooled[2 + i],
                    attributes.get<Ints>("kernel_size")[i],
                    attributes.get<Ints>("stride")[i],
                    attributes.get<Ints>("padding")[i],
                    dilations[i]};
  }

  Pair size() const { return of(&Windows::size); }
  Pair count() const { return of(&Windows::count); }
  Pair padding() const { return of(&Windows::padding); }
  Pair stride() const { return of(&Windows::stride); }
  Pair high() const { return {front().high(), back().high()}; }
  std::int64_t area() const { return front().kernel * back().kernel; }
  bool overlap() const { return front().overlap() || back().overlap(); }
  bool padded() const { return padding() != Pair{} || high() != Pair{}; }
  /// Whether the mean of each window is over all of its places.
  bool are_whole(bool count_padding) const {
    for (const Windows &w : *this)
      for (std::int64_t window = 0; window < w.count; ++window)
        if (w.counted(window, count_padding) != w.kernel)
          return false;
    return true;
  }
  Ints list(std::int64_t Windows::*member) const {
    return {front().*member, back().*member};
  }

  Tensor pad(const Tensor &image, double value) const {
    return pad_images(image, padding(), high(), {}, value);
  }
  /// Each window's value at its start, with room for a slice at each place.
  Tensor spread(const Tensor &values, double edge) const {
    Pair low, high, interior;
    for (std::size_t i = 0; i < 2; ++i) {
      const Windows &w = (*this)[i];
      low[i] = w.reach();
      high[i] = w.size + w.padding - (w.count - 1) * w.stride - 1;
      interior[i] = w.stride - 1;
    }
    return pad_images(values, low, high, interior, edge);
  }

  /// A constant with a number for each window, for images of `shape`.
  template <typename F>
  Tensor constant(DType dtype, const Shape &shape, F &&number) const {
    Tensor result = make_dense({dtype, list(&Windows::count)}, kCPU);
    char *element = address(*result.impl());
    for (std::int64_t y = 0; y < front().count; ++y)
      for (std::int64_t x = 0; x < back().count; ++x) {
        write_element(element, dtype, number(y, x));
        element += size_of(dtype);
      }
    return ops::broadcast_to(moved_to(result, default_device()), shape);
  }

private:
  Pair of(std::int64_t Windows::*member) const {
    return {front().*member, back().*member};
  }
};

} // namespace

/// `means` of whole windows as means of the elements that count.
static Tensor of_counted(const Tensor &means, const Windows2d &w,
                         bool count_padding) {
  if (w.are_whole(count_padding))
    return means;
  Tensor factors = w.constant(
      means.dtype(), means.shape(), [&](std::int64_t y, std::int64_t x) {
        return static_cast<double>(w.area()) / (w[0].counted(y, count_padding) *
                                                w[1].counted(x, count_padding));
      });
  return ops::mul(means, factors);
}

/// Σ over the places in windows of term(place, start of a slice): the gradient
/// at an image's point from all windows that it is in, of values that were
/// `spread`.
template <typename F>
static Tensor sum_over_places(const Windows2d &w, F &&term) {
  Tensor sum;
  for (std::int64_t y = 0; y < w[0].kernel; ++y)
    for (std::int64_t x = 0; x < w[1].kernel; ++x) {
      Pair start = {w[0].padding + w[0].reach() - y * w[0].dilation,
                    w[1].padding + w[1].reach() - x * w[1].dilation};
      Tensor next = term(y * w[1].kernel + x, start);
      sum = sum.defined() ? ops::add(sum, next) : next;
    }
  return sum;
}

/// For each window over padded images, the place of the first maximum in it.
static Tensor first_maxima(const Windows2d &w, const Tensor &padded) {
  Tensor maximum = ops::max_pool2d(padded, w.list(&Windows::kernel),
                                   w.list(&Windows::stride), {0, 0},
                                   w.list(&Windows::dilation), false);
  Shape pooled = maximum.shape();
  Tensor first = ops::full(w.area(), pooled, kInt32);
  for (std::int64_t place = w.area() - 1; place >= 0; --place) {
    std::int64_t y = place / w[1].kernel, x = place % w[1].kernel;
    Tensor element = slice_images(
        padded, {y * w[0].dilation, x * w[1].dilation}, w.count(), w.stride());
    Tensor nan = ops::isnan(element);
    Tensor hit = ops::logical_or(ops::eq(element, maximum), nan);
    // Padding is never the maximum, not even of a window of −∞.
    auto inside = [&](std::int64_t row, std::int64_t column) {
      return w[0].inside(row, y) && w[1].inside(column, x);
    };
    bool all = true;
    for (std::int64_t row = 0; row < w[0].count; ++row)
      for (std::int64_t column = 0; column < w[1].count; ++column)
        all &= inside(row, column);
    if (!all)
      hit = ops::logical_and(hit, w.constant(kBool, pooled, inside));
    Tensor number = ops::full(place, pooled, kInt32);
    first = ops::where(hit, number, first);
  }
  return first;
}

std::vector<Tensor> decompose_max_pool2d(const DecomposeArgs &args) {
  const Tensor &self = args.operands[0];
  Types types = infer_max_pool2d({std::array{self.type()}, args.attributes});
  Windows2d w(args.attributes, self.shape(), types[0].shape, "padding");
  return {ops::max_pool2d(w.pad(self, -INFINITY), w.list(&Windows::kernel),
                          w.list(&Windows::stride), {0, 0},
                          w.list(&Windows::dilation), false)};
}

std::vector<Tensor> decompose_avg_pool2d(const DecomposeArgs &args) {
  const Tensor &self = args.operands[0];
  bool count_padding = args.attributes.get<bool>("count_include_pad");
  Types types = infer_avg_pool2d({std::array{self.type()}, args.attributes});
  Windows2d w(args.attributes, self.shape(), types[0].shape, "padding");
  auto means = [&](const Tensor &image) {
    return ops::avg_pool2d(w.pad(image, 0), w.list(&Windows::kernel),
                           w.list(&Windows::stride), {0, 0}, false,
                           count_padding);
  };
  if (w.are_whole(count_padding))
    return {means(self)};
  return {rounded_once(self, [&](const Tensor &image) {
    return of_counted(means(image), w, count_padding);
  })};
}

std::vector<Tensor> decompose_avg_pool2d_backward(const DecomposeArgs &args) {
  const Tensor &grad = args.operands[0];
  Windows2d w(args.attributes, args.attributes.get<Ints>("input_shape"),
              grad.shape(), "the gradient");
  return {rounded_once(grad, [&](const Tensor &values) {
    Tensor area = ops::full(w.area(), values.shape(), values.dtype());
    Tensor share = of_counted(ops::div(values, area), w,
                              args.attributes.get<bool>("count_include_pad"));
    Tensor spread = w.spread(share, 0);
    return sum_over_places(w, [&](std::int64_t, Pair start) {
      return slice_images(spread, start, w.size(), {1, 1});
    });
  })};
}

/// First the place of each window's maximum, then for each point the gradients
/// of the windows whose maximum it is. Where windows don't overlap and need no
/// padding, the op itself.
std::vector<Tensor> decompose_max_pool2d_backward(const DecomposeArgs &args) {
  const Tensor &grad = args.operands[0], &self = args.operands[1];
  Windows2d w(args.attributes, self.shape(), grad.shape(), "the gradient");
  if (!w.overlap() && !w.padded())
    return {ops::max_pool2d_backward(grad, self, w.list(&Windows::kernel),
                                     w.list(&Windows::stride), {0, 0},
                                     w.list(&Windows::dilation), false)};
  Tensor first = first_maxima(w, w.pad(self, -INFINITY));
  Tensor places = w.spread(first, -1);
  auto gradient = [&](const Tensor &values) {
    Tensor grads = w.spread(values, 0);
    Tensor zero = ops::full(0, self.shape(), values.dtype());
    return sum_over_places(w, [&](std::int64_t place, Pair start) {
      Tensor found = slice_images(places, start, w.size(), {1, 1});
      Tensor number = ops::full(place, self.shape(), kInt32);
      Tensor chosen = ops::eq(found, number);
      return ops::where(chosen, slice_images(grads, start, w.size(), {1, 1}),
                        zero);
    });
  };
  // Where windows don't overlap there is one term, and nothing to round.
  return {w.overlap() ? rounded_once(grad, gradient) : gradient(grad)};
}

} // namespace tensorc
