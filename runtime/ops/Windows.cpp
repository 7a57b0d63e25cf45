//===- Windows.cpp - Windows over the last dimensions ---------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/ops/Windows.h"
#include "runtime/core/Dense.h"
#include "tensorc/executor.h"
#include "tensorc/functions.h"
#include "tensorc/grad_mode.h"
#include "tensorc/ops.h"

#include <algorithm>
#include <cmath>

namespace tensorc {

SymInt window_count(SymInt size, std::int64_t kernel, std::int64_t stride,
                    std::int64_t padding, std::int64_t dilation,
                    bool ceil_mode) {
  if (is_dynamic(size))
    return kDynamic;
  SymInt room =
      size + SymInt(padding) * 2 - SymInt(dilation) * (kernel - 1) - 1;
  if (ceil_mode)
    room += stride - 1;
  if (!known_at_most(0, room))
    return -1;
  // With `ceil_mode` the last window starts inside the input or its left
  // padding.
  SymInt count = room / stride + 1;
  return ceil_mode ? min(count, (size + padding + stride - 1) / stride) : count;
}

//===----------------------------------------------------------------------===//
// Along a dimension
//===----------------------------------------------------------------------===//

SymInt WindowsAlong::high() const {
  SymInt beyond = (count - 1) * stride + reach() + 1 - size - padding;
  if (!beyond.is_symbolic())
    return max(0, beyond);
  if (known_at_most(0, beyond))
    return beyond;
  // Of which `count` windows are known to be. Where the last may reach beyond
  // the padding, they end where it does, which may cut off the last elements.
  bool fit = count.is((size + SymInt(padding) * 2 - reach() - 1) / stride + 1);
  return fit ? SymInt(padding) : beyond;
}

bool WindowsAlong::overlap() const {
  return stride < reach() + 1 || (dilation != 1 && kernel != 1);
}

std::int64_t WindowsAlong::first_inside(std::int64_t window) const {
  std::int64_t before = padding - window * stride;
  return before > 0 ? (before + dilation - 1) / dilation : 0;
}

std::int64_t WindowsAlong::counted(std::int64_t window,
                                   bool count_padding) const {
  std::int64_t pixels = size, begin = window * stride - padding;
  std::int64_t end = std::min(begin + kernel, pixels + padding);
  return count_padding
             ? end - begin
             : std::min(end, pixels) - std::max<std::int64_t>(begin, 0);
}

//===----------------------------------------------------------------------===//
// Along all
//===----------------------------------------------------------------------===//

Windows::Windows(const Attributes &attributes, const Shape &image,
                 const Shape &pooled) {
  const Ints &kernel = attributes.get<Ints>("kernel_size"),
             &stride = attributes.get<Ints>("stride"),
             &padding = attributes.get<Ints>("padding");
  bool dilated = attributes.find("dilation");
  reserve(kernel.size());
  for (std::size_t i = 0; i < kernel.size(); ++i)
    push_back({image[2 + i], pooled[2 + i], kernel[i], stride[i], padding[i],
               dilated ? attributes.get<Ints>("dilation")[i] : 1});
}

Windows::Windows(const Attributes &attributes, const Shape &image,
                 const Shape &weight, const Shape &result) {
  const Ints &stride = attributes.get<Ints>("stride"),
             &padding = attributes.get<Ints>("padding"),
             &dilation = attributes.get<Ints>("dilation");
  reserve(image.size() - 2);
  for (std::size_t i = 0; i + 2 < image.size(); ++i)
    push_back({image[2 + i], result[2 + i], weight[2 + i], stride[i],
               padding[i], dilation[i]});
}

Ints Windows::places() const {
  Ints dims;
  dims.reserve(size());
  for (std::size_t i = 0; i < size(); ++i)
    dims.push_back(std::int64_t(2 + size() + i));
  return dims;
}

std::int64_t Windows::area() const {
  std::int64_t area = 1;
  for (const WindowsAlong &along : *this)
    area *= along.kernel;
  return area;
}

bool Windows::overlap() const {
  return std::any_of(begin(), end(),
                     [](const auto &along) { return along.overlap(); });
}

bool Windows::padded() const {
  return std::any_of(begin(), end(), [](const auto &along) {
    return along.padding != 0 || !along.high().is(0);
  });
}

bool Windows::are_numbers() const {
  return std::none_of(begin(), end(), [](const auto &along) {
    return along.size.is_symbolic() || along.count.is_symbolic();
  });
}

void Windows::require_known(const char *what) const {
  Shape sizes;
  bool known = true;
  for (const WindowsAlong &along : *this) {
    sizes.push_back(along.size);
    known &= !is_dynamic(along.size) && !is_dynamic(along.count);
  }
  if (!known)
    expected("images and windows of known sizes for " + std::string(what),
             to_string(sizes));
}

Tensor padded_by(const Tensor &images, const Shape &low, const Shape &high,
                 const Ints &interior, double value) {
  auto none = [](const auto &counts) {
    return std::ranges::all_of(counts,
                               [](SymInt count) { return count.is(0); });
  };
  if (none(low) && none(high) && none(interior))
    return images;
  return ops::pad(images, low, high, interior, value);
}

Tensor Windows::pad(const Tensor &images, double value) const {
  if (!padded())
    return images;
  return padded_by(images,
                   list([](const auto &along) { return along.padding; }),
                   list([](const auto &along) { return along.high(); }),
                   list([](const auto &) { return std::int64_t(0); }), value);
}

Tensor Windows::pad_both(const Tensor &images) const {
  if (std::all_of(begin(), end(),
                  [](const auto &along) { return along.padding == 0; }))
    return images;
  Ints padding = list([](const auto &along) { return along.padding; });
  return padded_by(images, padding, padding, Ints(padding.size(), 0), 0);
}

Tensor Windows::view_at_once(const Tensor &padded) const {
  Shape shape = padded.shape();
  Ints strides = padded.strides();
  shape.reserve(shape.size() + size());
  strides.reserve(strides.size() + size());
  for (std::size_t i = 0; i < size(); ++i) {
    const WindowsAlong &along = (*this)[i];
    shape.push_back(along.kernel);
    strides.push_back(strides[2 + i] * along.dilation);
    shape[2 + i] = (shape[2 + i] - along.reach() - 1) / along.stride + 1;
    strides[2 + i] *= along.stride;
  }
  return make_view(padded, shape, std::move(strides), padded.impl()->offset);
}

Tensor Windows::view(const Tensor &padded) const {
  bool recorded = GradMode::is_enabled() && padded.requires_grad();
  if (!recorded && !Executor::current().is_recording())
    return view_at_once(padded);
  Tensor result = padded;
  for (std::size_t i = 0; i < size(); ++i) {
    const WindowsAlong &along = (*this)[i];
    result = ops::unfold(result, std::int64_t(2 + i), along.reach() + 1,
                         along.stride);
    if (along.dilation == 1 || along.kernel == 1)
      continue;
    // Every `dilation`th of the places is a window of one.
    std::int64_t last = result.dim() - 1;
    result = ops::unfold(result, last, 1, along.dilation);
    Shape shape = result.shape();
    shape.pop_back();
    result = ops::reshape(result, shape);
  }
  return result;
}

Tensor Windows::images(const Tensor &elements) const {
  Tensor result = elements;
  for (std::size_t i = size(); i-- > 0;) {
    const WindowsAlong &along = (*this)[i];
    Shape shape = result.shape();
    shape.pop_back();
    shape[2 + i] = along.size;
    result = ops::unfold_backward(result, shape, std::int64_t(2 + i),
                                  along.kernel, along.stride);
  }
  return result;
}

Tensor Windows::plus(const Tensor &a, const Tensor &b) {
  return ops::add(a, b);
}

bool Windows::advance(std::vector<std::int64_t> &window) const {
  for (std::size_t i = size(); i-- > 0;) {
    if (++window[i] < (*this)[i].count)
      return true;
    window[i] = 0;
  }
  return false;
}

Tensor Windows::numbered(DType dtype, const Shape &shape,
                         const std::vector<double> &numbers) const {
  Shape counts(shape.begin() + 2, shape.end());
  Tensor result = make_dense({dtype, counts}, kCPU);
  char *element = address(*result.impl());
  for (double number : numbers) {
    write_element(element, dtype, number);
    element += size_of(dtype);
  }
  return ops::broadcast_to(moved_to(result, default_device()), shape);
}

Tensor Windows::counted(DType dtype, const Shape &shape,
                        bool count_padding) const {
  Shape ones(2, 1), low(2, 0), high(2, 0);
  for (const WindowsAlong &along : *this) {
    std::int64_t before = count_padding ? 0 : along.padding;
    SymInt counting =
        count_padding ? along.size + 2 * along.padding : along.size;
    ones.push_back(counting);
    low.push_back(before);
    high.push_back(along.padding + along.size + along.high() - before -
                   counting);
  }
  Tensor elements = view(
      padded_by(ops::full(1, ones, dtype), low, high, Ints(ones.size(), 0), 0));
  return ops::broadcast_to(ops::sum(elements, places(), false), shape);
}

Tensor Windows::spread(const Tensor &values, double edge) const {
  auto low = [](const auto &along) { return along.reach(); };
  auto high = [](const auto &along) {
    return along.size + along.padding - (along.count - 1) * along.stride - 1;
  };
  auto interior = [](const auto &along) { return along.stride - 1; };
  return padded_by(values, list(low), list(high), list(interior), edge);
}

Tensor Windows::slice(const Tensor &spread, std::int64_t place) const {
  Shape starts(spread.shape().size(), 0), ends = spread.shape();
  for (std::size_t i = size(); i-- > 0;) {
    const WindowsAlong &along = (*this)[i];
    starts[2 + i] =
        along.padding + along.reach() - place % along.kernel * along.dilation;
    ends[2 + i] = starts[2 + i] + along.size;
    place /= along.kernel;
  }
  return ops::slice(spread, starts, ends, Ints(starts.size(), 1));
}

//===----------------------------------------------------------------------===//
// Maxima
//===----------------------------------------------------------------------===//

/// The numbers of the places among `dims` of a tensor of `shape`.
static Tensor numbers_of(const Shape &shape, const Ints &dims) {
  Tensor numbers;
  for (std::int64_t dim : dims) {
    Tensor index = ops::iota(dim, shape, kInt32);
    if (numbers.defined())
      index =
          ops::add(ops::mul(numbers, ops::full(double(shape[std::size_t(dim)]),
                                               shape, kInt32)),
                   index);
    numbers = index;
  }
  return numbers;
}

Tensor at_places(const Tensor &places, const Tensor &elements,
                 const Ints &dims) {
  const Shape &shape = elements.shape();
  Tensor wanted = ops::reshape(places, reduced_shape(shape, dims, true));
  Tensor hit =
      ops::eq(ops::broadcast_to(wanted, shape), numbers_of(shape, dims));
  Tensor chosen =
      ops::where(hit, elements, ops::full(0, shape, elements.dtype()));
  return ops::sum(chosen, dims, false);
}

/// The first place in each window that isn't in padding, the number of places
/// where all are; as `first_max` counts.
static Tensor first_inside(const Windows &windows, const Shape &shape) {
  if (windows.are_numbers())
    return windows.constant(
        kInt32, shape, [&](const std::vector<std::int64_t> &window) {
          std::int64_t place = 0;
          for (std::size_t i = 0; i < windows.size(); ++i) {
            std::int64_t first_along = windows[i].first_inside(window[i]);
            if (first_along >= windows[i].kernel)
              return windows.area(); // nothing is
            place = place * windows[i].kernel + first_along;
          }
          return place;
        });
  Shape image(2, 1);
  for (const WindowsAlong &along : windows)
    image.push_back(along.size);
  Tensor inside = windows.view(windows.pad(ops::full(1, image, kFloat32), 0));
  Tensor first = ops::first_max(inside, windows.places(), false);
  Tensor any = ops::amax(inside, windows.places(), false);
  Tensor none = ops::full(double(windows.area()), first.shape(), kInt32);
  Tensor zero = ops::full(0, any.shape(), kFloat32);
  return ops::broadcast_to(ops::where(ops::gt(any, zero), first, none), shape);
}

Tensor first_maxima(const Windows &windows, const Tensor &images) {
  Tensor elements = windows.view(windows.pad(images, -INFINITY));
  Tensor first = ops::first_max(elements, windows.places(), false);
  if (!windows.padded())
    return first;
  return ops::maximum(first, first_inside(windows, first.shape()));
}

} // namespace tensorc
