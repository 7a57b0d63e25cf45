//===- Copy.cpp - Copies elements, also between devices -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Dense.h"
#include "runtime/device/cuda/Queue.h"
#include "runtime/eager/Kernels.h"

#include <cstring>

namespace tensorc {

using Ints = std::vector<std::int64_t>;

//===----------------------------------------------------------------------===//
// On one device
//===----------------------------------------------------------------------===//

template <typename T>
static void copy_as(const TensorImpl &from, const TensorImpl &to) {
  const T *source = reinterpret_cast<const T *>(address(from));
  T *target = reinterpret_cast<T *>(address(to));
  const Shape &shape = from.type.shape;
  std::size_t rank = shape.size();
  if (rank == 0) {
    *target = *source;
    return;
  }
  // Rows by a plain loop; what is outside by offsets.
  Shape outer(shape.begin(), shape.end() - 1);
  std::int64_t row = shape[rank - 1];
  std::int64_t step = from.strides[rank - 1],
               target_step = to.strides[rank - 1];
  std::vector<std::int64_t> starts;
  starts.reserve(std::size_t(element_count(outer)));
  for_each_offset(outer, from.strides,
                  [&](std::int64_t offset) { starts.push_back(offset); });
  std::size_t next = 0;
  for_each_offset(outer, to.strides, [&](std::int64_t offset) {
    const T *in = source + starts[next++];
    T *out = target + offset;
    if (step == 1 && target_step == 1)
      std::memmove(out, in, std::size_t(row) * sizeof(T));
    else
      for (std::int64_t i = 0; i < row; ++i)
        out[i * target_step] = in[i * step];
  });
}

static void copy_on_host(const TensorImpl &from, const TensorImpl &to) {
  switch (size_of(from.type.dtype)) {
  case 1:
    return copy_as<std::uint8_t>(from, to);
  case 2:
    return copy_as<std::uint16_t>(from, to);
  case 4:
    return copy_as<std::uint32_t>(from, to);
  default:
    return copy_as<std::uint64_t>(from, to);
  }
}

namespace {
/// The elements of two tensors of one shape, with as few dimensions as can be.
struct CommonDims {
  CommonDims(const TensorImpl &from, const TensorImpl &to) {
    for (std::size_t d = 0; d < from.type.shape.size(); ++d) {
      std::int64_t size = from.type.shape[d];
      std::int64_t source = from.strides[d], target = to.strides[d];
      if (size == 1)
        continue;
      if (!shape.empty() && sources.back() == size * source &&
          targets.back() == size * target) {
        shape.back() *= size;
        sources.back() = source;
        targets.back() = target;
        continue;
      }
      shape.push_back(size);
      sources.push_back(source);
      targets.push_back(target);
    }
  }
  Shape shape;
  Ints sources, targets;
};
} // namespace

/// By kernels of four dimensions; what is outside of these by offsets.
static void copy_on_device(const TensorImpl &from, const TensorImpl &to) {
  constexpr std::size_t rank = 4;
  constexpr DType words[] = {kInt8, kInt16, kInt32, kInt64};
  CommonDims dims(from, to);
  std::size_t missing = rank - std::min(rank, dims.shape.size());
  dims.shape.insert(dims.shape.begin(), missing, 1);
  dims.sources.insert(dims.sources.begin(), missing, 0);
  dims.targets.insert(dims.targets.begin(), missing, 0);
  auto inner = [&](const Ints &all) {
    return Ints(all.end() - rank, all.end());
  };
  auto outer = [&](const Ints &all) {
    return Ints(all.begin(), all.end() - rank);
  };
  int width = 0;
  while (size_of(words[width]) != size_of(from.type.dtype))
    ++width;
  std::string kernel = std::string("copy.") + eager::type_name(words[width]);
  Tensor source(std::make_shared<TensorImpl>(from));
  Tensor target(std::make_shared<TensorImpl>(to));
  Ints starts;
  for_each_offset(outer(dims.shape), outer(dims.sources),
                  [&](std::int64_t offset) { starts.push_back(offset); });
  std::size_t next = 0;
  for_each_offset(
      outer(dims.shape), outer(dims.targets), [&](std::int64_t offset) {
        eager::run_kernel(
            kernel,
            {make_view(source, inner(dims.shape), inner(dims.sources),
                       from.offset + starts[next++]),
             make_view(target, inner(dims.shape), inner(dims.targets),
                       to.offset + offset)},
            Location::current());
      });
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
    cuda::Queue::get(to.device.index())
        ->upload(address(to), address(from), bytes);
  else
    cuda::Queue::get(from.device.index())
        ->download(address(to), address(from), bytes);
}

void copy_elements(const TensorImpl &from, const TensorImpl &to) {
  if (element_count(from.type.shape) == 0)
    return;
  if (from.device == to.device)
    return from.device.is_cpu() ? copy_on_host(from, to)
                                : copy_on_device(from, to);
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
