//===- Windows.h - Windows over the last dimensions -------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What convolutions and pools of one to three dimensions are made of: padding,
// views of windows, and slices at a place in each.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_OPS_WINDOWS_H
#define TENSORC_RUNTIME_OPS_WINDOWS_H

#include "runtime/ops/Support.h"
#include "tensorc/functions.h"

namespace tensorc {

/// How many windows of `kernel` elements, `dilation` apart, fit at steps of
/// `stride` into `size` elements with `padding` more at each end; with
/// `ceil_mode`, the last may reach beyond. Not positive when there is not even
/// one. The formula is PyTorch's (`pooling_output_shape`).
SymInt window_count(SymInt size, std::int64_t kernel, std::int64_t stride,
                    std::int64_t padding, std::int64_t dilation,
                    bool ceil_mode = false);

/// The windows along one dimension of an image.
struct WindowsAlong {
  SymInt size, count;
  std::int64_t kernel, stride, padding, dilation;

  /// From a window's first element to its last.
  std::int64_t reach() const { return (kernel - 1) * dilation; }
  /// Padding that the windows need after the image; below 0 where they leave
  /// out its end, of sizes that are symbols.
  SymInt high() const;
  /// Whether an element may be in two windows, or between the elements of one.
  bool overlap() const;
  /// The first place in a window that isn't in the padding before the image.
  std::int64_t first_inside(std::int64_t window) const;
  /// How many places of a window its mean is over.
  std::int64_t counted(std::int64_t window, bool count_padding) const;
};

/// Those along the last dimensions of images [N, C, …]. Values of windows are
/// [N, C, count…]; elements of windows have dimensions for the place behind
/// these.
class Windows : public std::vector<WindowsAlong> {
public:
  /// Of a pool over images of shape `image`.
  Windows(const Attributes &attributes, const Shape &image,
          const Shape &pooled);
  /// Of a convolution, or of its gradients.
  Windows(const Attributes &attributes, const Shape &image, const Shape &weight,
          const Shape &result);

  /// A list of a number for each dimension, with `otherwise` for those before.
  template <typename F>
  auto list(F &&number, std::int64_t otherwise = 0) const {
    using Number = decltype(number((*this)[0]));
    std::conditional_t<std::same_as<Number, SymInt>, Shape, Ints> values(
        2, otherwise);
    for (const WindowsAlong &along : *this)
      values.push_back(number(along));
    return values;
  }
  /// The last dimensions of the elements of windows.
  Ints places() const;
  std::int64_t area() const;
  bool overlap() const;
  bool padded() const;
  /// Whether the sizes of images and windows are.
  bool are_numbers() const;
  /// Throws `Error` unless these are known; `what` takes them.
  void require_known(const char *what) const;

  /// The images with what the windows reach, themselves where that is all.
  Tensor pad(const Tensor &images, double value) const;
  /// With the padding of a convolution, which is the same at both ends.
  Tensor pad_both(const Tensor &images) const;
  /// The elements of the windows of padded images.
  Tensor view(const Tensor &padded) const;
  /// The images whose elements are those of windows that don't overlap.
  Tensor images(const Tensor &elements) const;

  /// Σ over the places in windows of term(place, the slices that are there of
  /// `spread` values): what comes to each point of the image from all windows
  /// that it is in. Values are spread over the image, with `edges` elsewhere.
  template <typename F>
  Tensor
  sum_over_places(std::initializer_list<std::pair<Tensor, double>> values,
                  F &&term) const {
    std::vector<Tensor> spreads;
    for (const auto &[value, edge] : values)
      spreads.push_back(spread(value, edge));
    Tensor sum;
    for (std::int64_t place = 0; place < area(); ++place) {
      std::vector<Tensor> there;
      for (const Tensor &each : spreads)
        there.push_back(slice(each, place));
      Tensor next = term(place, there);
      sum = sum.defined() ? plus(sum, next) : next;
    }
    return sum;
  }

  /// How many elements of each window aren't padding, or are in the padding of
  /// the pool, for values of windows of `shape`; by counting.
  Tensor counted(DType dtype, const Shape &shape, bool count_padding) const;
  /// A constant with number(window…) for each window, on images of `shape`.
  template <typename F>
  Tensor constant(DType dtype, const Shape &shape, F &&number) const {
    std::vector<double> numbers;
    std::vector<std::int64_t> window(size(), 0);
    do
      numbers.push_back(number(window));
    while (advance(window));
    return numbered(dtype, shape, numbers);
  }

private:
  /// `view` by strides, of an eager tensor, where no step is recorded.
  Tensor view_at_once(const Tensor &padded) const;
  static Tensor plus(const Tensor &a, const Tensor &b);
  /// The next window in row-major order; false after the last.
  bool advance(std::vector<std::int64_t> &window) const;
  Tensor numbered(DType dtype, const Shape &shape,
                  const std::vector<double> &numbers) const;
  /// Each window's value at its start, with room for a slice at each place.
  Tensor spread(const Tensor &values, double edge) const;
  Tensor slice(const Tensor &spread, std::int64_t place) const;
};

/// `images` themselves where there is nothing to add.
Tensor padded_by(const Tensor &images, const Shape &low, const Shape &high,
                 const Ints &interior, double value);

/// The elements at `places` among the dimensions `dims`, which are counted as
/// in `first_max`; `places` has these with size 1.
Tensor at_places(const Tensor &places, const Tensor &elements,
                 const Ints &dims);

/// The place in each window of its first maximum, as `first_max` counts, with
/// the places' dimensions of size 1. Padding is never the maximum, not even of
/// a window of -inf.
Tensor first_maxima(const Windows &windows, const Tensor &images);

} // namespace tensorc

#endif // TENSORC_RUNTIME_OPS_WINDOWS_H
