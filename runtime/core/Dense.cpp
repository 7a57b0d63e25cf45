//===- Dense.cpp - Eager tensors in memory --------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Dense.h"
#include "runtime/core/DeviceMemory.h"
#include "runtime/core/Half.h"
#include "runtime/core/HostMemory.h"
#include "runtime/core/Sizes.h"
#include "tensorc/abi.h"

#include <cstring>
#include <fstream>
#include <limits>

namespace tensorc {

std::vector<std::int64_t> dense_strides(const Shape &shape) {
  std::vector<std::int64_t> strides(shape.size());
  std::int64_t step = 1;
  for (std::size_t d = shape.size(); d-- > 0;) {
    strides[d] = step;
    step *= std::max<std::int64_t>(shape[d], 1);
  }
  return strides;
}

static constexpr std::int64_t kGreatestBytes = std::int64_t(1) << 47;

/// The product of the sizes that aren't 0, which strides are made of, where
/// they are greatest; nothing if it isn't below `limit`.
static std::optional<std::int64_t> product(const Shape &shape,
                                           std::int64_t limit) {
  std::int64_t count = 1;
  for (SymInt size : shape) {
    std::int64_t greatest = size.is(kDynamic) ? 1 : size.max();
    if (greatest > 0 &&
        (__builtin_mul_overflow(count, greatest, &count) || count > limit))
      return std::nullopt;
  }
  return count;
}

std::int64_t element_count(const Shape &shape) {
  bool empty = false;
  for (std::int64_t size : shape) {
    if (size < 0)
      throw Error(function_prefix("") +
                      "expected sizes of at least 0, received " +
                      to_string(shape),
                  user_location({}));
    empty |= size == 0;
  }
  std::optional<std::int64_t> count = product(shape, kGreatestBytes);
  if (!count)
    throw Error(function_prefix("") +
                    "expected a tensor that memory can hold, received one of "
                    "shape " +
                    to_string(shape),
                user_location({}));
  return empty ? 0 : *count;
}

void require_size(const TensorType &type) {
  if (!product(type.shape, kGreatestBytes / std::int64_t(size_of(type.dtype))))
    throw Error("expected a result that memory can hold, received " +
                to_string(type));
}

/// The bytes that the system can give, where it says so. It promises more than
/// it has, and ends programs that take it.
static std::size_t available_bytes() {
  std::ifstream info("/proc/meminfo");
  std::string word;
  while (info >> word)
    if (std::size_t kilobytes = 0; word == "MemAvailable:" && info >> kilobytes)
      return kilobytes * 1024;
  return SIZE_MAX;
}

Storage::~Storage() {
  if (block)
    free_host(data, block);
}

DeviceMemory::~DeviceMemory() = default;

static DeviceMemory *&device_memory() {
  static DeviceMemory *memory = nullptr;
  return memory;
}
DeviceMemory &DeviceMemory::get() {
  if (!device_memory())
    throw Error("no device but the CPU is there");
  return *device_memory();
}
void DeviceMemory::set(DeviceMemory *memory) { device_memory() = memory; }

static void allocate(Storage &storage, const TensorType &type, Device device) {
  storage.bytes = std::size_t(element_count(type.shape)) * size_of(type.dtype);
  if (device.is_cuda()) {
    storage.owner = DeviceMemory::get().allocate(device, storage.bytes);
    storage.data = storage.owner.get();
    return;
  }
  constexpr std::size_t large = 1 << 30;
  std::size_t block = 0, bytes = storage.bytes;
  std::size_t available = bytes < large ? SIZE_MAX : available_bytes();
  storage.data = bytes > available ? nullptr : allocate_host(bytes, block);
  if (!storage.data)
    throw OutOfMemoryError(
        function_prefix("") + "out of memory for " + to_string(type) + ": " +
            std::to_string(bytes) + " bytes" +
            (available == SIZE_MAX
                 ? ""
                 : " asked for, " + std::to_string(available) + " are free"),
        user_location(Location::current()));
  storage.block = block;
}

Tensor make_unset(TensorType type, Device device) {
  auto storage = std::make_shared<Storage>();
  allocate(*storage, type, device);
  auto impl = std::make_shared<TensorImpl>();
  impl->strides = dense_strides(type.shape);
  impl->type = std::move(type);
  impl->storage = std::move(storage);
  impl->device = device;
  return Tensor(std::move(impl));
}

Tensor make_dense(const TensorType &type, Device device) {
  Tensor result = make_unset(type, device);
  const Storage &storage = *result.impl()->storage;
  if (device.is_cpu())
    std::memset(storage.data, 0, storage.bytes);
  else
    DeviceMemory::get().clear(device, storage.data, storage.bytes);
  return result;
}

Tensor make_view(const Tensor &base, const Shape &shape,
                 std::vector<std::int64_t> strides, std::int64_t offset) {
  auto impl = std::make_shared<TensorImpl>();
  impl->type = {base.dtype(), shape};
  impl->storage = base.impl()->storage;
  impl->strides = std::move(strides);
  impl->offset = offset;
  impl->device = base.device();
  impl->base = base.impl()->base ? base.impl()->base : base.impl();
  impl->history = impl->base->history;
  return Tensor(std::move(impl));
}

/// `size / divisor` where there is no remainder, for all sizes.
static std::optional<SymInt> divided(SymInt size, SymInt divisor) {
  if (size.is_symbolic() || divisor.is_symbolic())
    return divided_exactly(size, divisor);
  if (size.raw() % divisor.raw())
    return std::nullopt;
  return size.raw() / divisor.raw();
}

std::optional<std::vector<std::int64_t>>
view_strides(const Shape &shape, const std::vector<std::int64_t> &strides,
             const Shape &target) {
  if (count_of(shape).is(0))
    return has_symbols(target) ? std::vector<std::int64_t>(target.size(), 1)
                               : dense_strides(target);
  std::vector<std::int64_t> result(target.size());
  // From the back: runs of dimensions that lie as one are cut anew. A symbol is
  // taken to be a size at which it matters how dimensions lie.
  std::size_t next = target.size();
  std::size_t end = shape.size();
  while (end > 0) {
    std::size_t begin = end - 1;
    SymInt count = shape[begin], step = strides[begin];
    while (begin > 0 && (shape[begin - 1].is(1) || count.is(1) ||
                         (count * step).is(strides[begin - 1]))) {
      --begin;
      if (count.is(1))
        step = strides[begin];
      count *= shape[begin];
    }
    SymInt left = count;
    while (next > 0 && (!left.is(1) || target[next - 1].is(1))) {
      std::optional<SymInt> over = divided(left, target[next - 1]);
      if (!over)
        return std::nullopt;
      --next;
      result[next] = (step * *divided(count, left)).raw();
      left = *over;
    }
    if (!left.is(1))
      return std::nullopt;
    end = begin;
  }
  while (next > 0)
    result[--next] = 1; // only sizes of 1 are left
  return result;
}

char *address(const TensorImpl &impl) {
  return static_cast<char *>(impl.storage->data) +
         impl.offset * std::int64_t(size_of(impl.type.dtype));
}

template <typename T> static void put(char *element, T value) {
  std::memcpy(element, &value, sizeof value);
}
template <typename T> static T take(const char *element) {
  T value;
  std::memcpy(&value, element, sizeof value);
  return value;
}

/// A double as a whole number of T, as x86's instructions have it: NaN and what
/// T doesn't hold is its least number.
template <typename T> static T truncate(double value) {
  constexpr double least = static_cast<double>(std::numeric_limits<T>::min());
  return value < -least && value > least - 1 ? static_cast<T>(value)
                                             : std::numeric_limits<T>::min();
}

/// As `to` has it: types narrower than int32 get that one's low bits.
static std::int64_t to_whole(const Scalar &value, DType dtype) {
  if (value.kind() != Scalar::Kind::Floating)
    return value.to_int();
  return dtype == kInt64 ? truncate<std::int64_t>(value.to_double())
                         : truncate<std::int32_t>(value.to_double());
}

void write_element(char *element, DType dtype, const Scalar &value) {
  std::int64_t whole = to_whole(value, dtype);
  switch (dtype) {
  case DType::Bool:
    return put<std::uint8_t>(element, value.to_double() != 0);
  case DType::UInt8:
  case DType::Int8:
    return put(element, static_cast<std::uint8_t>(whole));
  case DType::Int16:
    return put(element, static_cast<std::uint16_t>(whole));
  case DType::Int32:
    return put(element, static_cast<std::uint32_t>(whole));
  case DType::Int64:
    return put(element, whole);
  case DType::Float16:
    return put(element, to_float16(value.to_double()));
  case DType::BFloat16:
    return put(element, to_bfloat16(value.to_double()));
  case DType::Float32:
    return put(element, value.kind() == Scalar::Kind::Floating
                            ? static_cast<float>(value.to_double())
                            : static_cast<float>(value.to_int()));
  case DType::Float64:
    return put(element, value.to_double());
  }
}

double read_double(const char *element, DType dtype) {
  switch (dtype) {
  case DType::Float16:
    return from_float16(take<std::uint16_t>(element));
  case DType::BFloat16:
    return from_bfloat16(take<std::uint16_t>(element));
  case DType::Float32:
    return take<float>(element);
  case DType::Float64:
    return take<double>(element);
  default:
    return static_cast<double>(read_int(element, dtype));
  }
}

std::int64_t read_int(const char *element, DType dtype) {
  switch (dtype) {
  case DType::Bool:
  case DType::UInt8:
    return take<std::uint8_t>(element);
  case DType::Int8:
    return take<std::int8_t>(element);
  case DType::Int16:
    return take<std::int16_t>(element);
  case DType::Int32:
    return take<std::int32_t>(element);
  case DType::Int64:
    return take<std::int64_t>(element);
  default:
    return truncate<std::int64_t>(read_double(element, dtype));
  }
}

} // namespace tensorc
