//===- Copy.cpp - Copies elements, also between devices -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/CommonDims.h"
#include "runtime/core/Dense.h"
#include "runtime/core/DeviceMemory.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace tensorc {

using Ints = std::vector<std::int64_t>;

//===----------------------------------------------------------------------===//
// On one device
//===----------------------------------------------------------------------===//

/// Four by four words, whose columns are dense in the source, to rows that are
/// in the target.
static void turn_square(const std::uint32_t *from, std::int64_t column,
                        std::uint32_t *to, std::int64_t row) {
  using Four [[gnu::vector_size(16)]] = std::uint32_t;
  Four in[4];
  for (int j = 0; j < 4; ++j)
    std::memcpy(&in[j], from + j * column, sizeof(Four));
  Four low01 = __builtin_shufflevector(in[0], in[1], 0, 4, 1, 5);
  Four high01 = __builtin_shufflevector(in[0], in[1], 2, 6, 3, 7);
  Four low23 = __builtin_shufflevector(in[2], in[3], 0, 4, 1, 5);
  Four high23 = __builtin_shufflevector(in[2], in[3], 2, 6, 3, 7);
  Four out[] = {__builtin_shufflevector(low01, low23, 0, 1, 4, 5),
                __builtin_shufflevector(low01, low23, 2, 3, 6, 7),
                __builtin_shufflevector(high01, high23, 0, 1, 4, 5),
                __builtin_shufflevector(high01, high23, 2, 3, 6, 7)};
  for (int i = 0; i < 4; ++i)
    std::memcpy(to + i * row, &out[i], sizeof(Four));
}

/// In squares where rows of the source are columns of the target, so that each
/// line of the cache that is touched is used up.
template <typename T>
static void copy_plane(const T *from, T *to, const Plane &plane) {
  bool turned = std::abs(plane.source_row) < std::abs(plane.source_column);
  constexpr std::int64_t side = 64 / sizeof(T) < 16 ? 16 : 64 / sizeof(T);
  bool by_squares = turned && plane.source_row == 1 && plane.target_column == 1;
  auto by_rows = [&](std::int64_t r, std::int64_t end, std::int64_t c,
                     std::int64_t count) {
    for (; r < end; ++r) {
      const T *in = from + r * plane.source_row + c * plane.source_column;
      T *out = to + r * plane.target_row + c * plane.target_column;
      if (plane.source_column == 1 && plane.target_column == 1)
        std::memmove(out, in, std::size_t(count) * sizeof(T));
      else if (plane.target_column == 1)
        for (std::int64_t j = 0; j < count; ++j)
          out[j] = in[j * plane.source_column];
      else
        for (std::int64_t j = 0; j < count; ++j)
          out[j * plane.target_column] = in[j * plane.source_column];
    }
  };
  if (!turned)
    return by_rows(0, plane.rows, 0, plane.columns);
  // Few rows: along the source, each part of which is then touched once.
  std::int64_t height = plane.rows <= 4 * side ? plane.rows : side;
  for (std::int64_t r = 0; r < plane.rows; r += height)
    for (std::int64_t c = 0; c < plane.columns; c += side) {
      std::int64_t r_end = std::min(r + height, plane.rows),
                   c_end = std::min(c + side, plane.columns), i = r;
      if constexpr (sizeof(T) == 4)
        for (; by_squares && i + 4 <= r_end; i += 4) {
          std::int64_t j = c;
          for (; j + 4 <= c_end; j += 4)
            turn_square(from + i + j * plane.source_column, plane.source_column,
                        to + i * plane.target_row + j, plane.target_row);
          by_rows(i, i + 4, j, c_end - j);
        }
      by_rows(i, r_end, c, c_end - c);
    }
}

/// Calls `body` with a number of type T, of so many bytes.
template <typename F> static void for_words(std::size_t size, F &&body) {
  switch (size) {
  case 1:
    return body(std::uint8_t());
  case 2:
    return body(std::uint16_t());
  case 4:
    return body(std::uint32_t());
  default:
    return body(std::uint64_t());
  }
}

void copy_plane(std::size_t size, const char *from, char *to,
                const Plane &plane) {
  for_words(size, [&](auto word) {
    using T = decltype(word);
    copy_plane(reinterpret_cast<const T *>(from), reinterpret_cast<T *>(to),
               plane);
  });
}

template <typename T>
static void copy_as(const TensorImpl &from, const TensorImpl &to) {
  const T *source = reinterpret_cast<const T *>(address(from));
  T *target = reinterpret_cast<T *>(address(to));
  CommonDims dims(from, to);
  // The inner dimension, and the one that lies densest in the source.
  std::size_t rank = dims.shape.size(), other = 0;
  if (rank == 0) {
    *target = *source;
    return;
  }
  if (rank == 1)
    return copy_plane(
        source, target,
        {1, dims.shape[0], 0, dims.sources[0], 0, dims.targets[0]});
  other = rank - 2;
  for (std::size_t d = 0; d + 1 < rank; ++d)
    if (dims.sources[d] == 1 && dims.sources[rank - 1] != 1)
      other = d;
  Plane plane = {dims.shape[other],   dims.shape[rank - 1],
                 dims.sources[other], dims.sources[rank - 1],
                 dims.targets[other], dims.targets[rank - 1]};
  for (Ints *each : {&dims.shape, &dims.sources, &dims.targets}) {
    each->pop_back();
    each->erase(each->begin() + std::ptrdiff_t(other));
  }
  Ints index(dims.shape.size(), 0);
  for (std::int64_t left = element_count(dims.shape); left-- > 0;) {
    copy_plane(source, target, plane);
    for (std::size_t d = index.size(); d-- > 0;) {
      source += dims.sources[d];
      target += dims.targets[d];
      if (++index[d] < dims.shape[d])
        break;
      source -= dims.sources[d] * dims.shape[d];
      target -= dims.targets[d] * dims.shape[d];
      index[d] = 0;
    }
  }
}

static void copy_on_host(const TensorImpl &from, const TensorImpl &to) {
  std::size_t size = size_of(from.type.dtype);
  if (from.strides == to.strides &&
      to.strides == dense_strides(to.type.shape)) {
    std::memmove(address(to), address(from),
                 std::size_t(element_count(to.type.shape)) * size);
    return;
  }
  for_words(size, [&](auto word) { copy_as<decltype(word)>(from, to); });
}

//===----------------------------------------------------------------------===//
// Between devices
//===----------------------------------------------------------------------===//

static Tensor dense_copy(const TensorImpl &of, Device device) {
  Tensor copy = make_unset(of.type, device);
  copy_elements(of, *copy.impl());
  return copy;
}

/// Both dense, one on the host.
static void transfer(const TensorImpl &from, const TensorImpl &to) {
  std::size_t bytes =
      std::size_t(element_count(from.type.shape)) * size_of(from.type.dtype);
  if (to.device.is_cuda())
    DeviceMemory::get().upload(to.device, address(to), address(from), bytes);
  else
    DeviceMemory::get().download(from.device, address(to), address(from),
                                 bytes);
}

void copy_elements(const TensorImpl &from, const TensorImpl &to) {
  if (element_count(from.type.shape) == 0)
    return;
  if (from.device == to.device)
    return from.device.is_cpu() ? copy_on_host(from, to)
                                : DeviceMemory::get().copy(from, to);
  if (from.device.is_cuda() && to.device.is_cuda())
    return copy_elements(*dense_copy(from, kCPU).impl(), to);
  auto is_dense = [](const TensorImpl &impl) {
    return Tensor(std::make_shared<TensorImpl>(impl)).is_contiguous();
  };
  if (!is_dense(from))
    return copy_elements(*dense_copy(from, from.device).impl(), to);
  if (is_dense(to))
    return transfer(from, to);
  Tensor arrived = make_unset(to.type, to.device);
  transfer(from, *arrived.impl());
  copy_elements(*arrived.impl(), to);
}

Tensor moved_to(const Tensor &tensor, Device device) {
  return tensor.device() == device ? tensor
                                   : dense_copy(*tensor.impl(), device);
}

void replace_contents(const Tensor &tensor, const Tensor &value) {
  TensorImpl &to = *tensor.impl();
  const TensorImpl &from = *value.impl();
  to.type = from.type;
  to.storage = from.storage;
  to.strides = from.strides;
  to.offset = from.offset;
  to.device = from.device;
  to.base = from.base;
  to.history = from.history;
}

std::vector<char> dense_bytes(const Tensor &tensor) {
  Tensor host = moved_to(tensor, kCPU);
  if (!host.is_contiguous())
    host = dense_copy(*host.impl(), kCPU);
  const char *first = address(*host.impl());
  return {first, first + std::size_t(host.numel()) * size_of(host.dtype())};
}

} // namespace tensorc
