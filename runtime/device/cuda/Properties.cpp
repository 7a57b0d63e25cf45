//===- Properties.cpp - The CUDA devices of this machine ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Part of libtensorc.
//
//===----------------------------------------------------------------------===//

#include "Queue.h"
#include "tensorc/cuda.h"
#include "tensorc/error.h"

#include <cstdint>

namespace tensorc::cuda {

int device_count() noexcept {
  std::int32_t count = 0;
  tensorc_rt_cuda_device_count(&count); // leaves 0 when it fails
  return count;
}

bool is_available() noexcept { return device_count() > 0; }

std::string unavailable_reason() {
  std::int32_t count = 0;
  return tensorc_rt_cuda_device_count(&count) ? tensorc_rt_last_error() : "";
}

DeviceProperties get_device_properties(int device, SourceLocation location) {
  tensorc_cuda_device_info info;
  if (tensorc_rt_cuda_device_info(device, &info))
    throw Error(tensorc_rt_last_error(), location);
  return {info.name, info.sm / 10, info.sm % 10, info.multiprocessors,
          info.total_bytes};
}

std::string get_device_name(int device, SourceLocation location) {
  return get_device_properties(device, location).name;
}

/// Throws unless `device` is one of CUDA's.
static int index_of(Device device, const char *function,
                    SourceLocation location) {
  if (device.is_cpu())
    throw Error("[" + std::string(function) +
                    "] expected a CUDA device, received " + device.str(),
                user_location(location));
  return device.index();
}

void synchronize(Device device, SourceLocation location) {
  int index = index_of(device, "synchronize", location);
  LocationScope scope(location);
  Queue::get(index)->synchronize();
}

static tensorc_cuda_memory memory_of(Device device) {
  std::shared_ptr<Queue> queue = Queue::find(device.index());
  return queue && device.is_cuda() ? queue->memory() : tensorc_cuda_memory{};
}

std::size_t memory_allocated(Device device) { return memory_of(device).in_use; }
std::size_t memory_reserved(Device device) {
  return memory_of(device).reserved;
}
std::size_t max_memory_allocated(Device device) {
  return memory_of(device).peak_in_use;
}

void empty_cache(SourceLocation location) {
  LocationScope scope(location);
  for (const std::shared_ptr<Queue> &queue : Queue::all())
    queue->empty_cache();
}

} // namespace tensorc::cuda
