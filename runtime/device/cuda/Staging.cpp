//===- Staging.cpp - Uploads that need not wait ---------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Staging.h"

#include <algorithm>
#include <cstring>

using namespace tensorc::cuda;
using tensorc::rt::cuda::api;

Staging::~Staging() {
  if (memory)
    device.note(api().memFreeHost(memory), api().memFreeHost.name);
  for (rt::cuda::Event event : copied)
    if (event)
      device.note(api().eventDestroy(event), api().eventDestroy.name);
}

/// Allocates what isn't there yet.
std::int32_t Staging::prepare() {
  for (rt::cuda::Event &event : copied)
    if (!event)
      if (std::int32_t status =
              device.call(api().eventCreate, &event,
                          unsigned(rt::cuda::kEventDisableTiming)))
        return status;
  return memory ? TENSORC_OK : device.allocateHost(2 * kHalf, memory);
}

/// To the other half, once what was copied out of it is done.
std::int32_t Staging::turn() {
  if (std::int32_t status =
          device.call(api().eventRecord, copied[half], stream))
    return status;
  recorded[half] = true;
  half ^= 1;
  used = 0;
  return recorded[half] ? device.call(api().eventSynchronize, copied[half])
                        : TENSORC_OK;
}

std::int32_t Staging::upload(rt::cuda::Address address, const void *source,
                             std::size_t bytes) {
  if (std::int32_t status = prepare())
    return status;
  const char *from = static_cast<const char *>(source);
  while (bytes) {
    if (used == kHalf)
      if (std::int32_t status = turn())
        return status;
    std::size_t count = std::min(bytes, kHalf - used);
    char *place = static_cast<char *>(memory) + half * kHalf + used;
    std::memcpy(place, from, count);
    if (std::int32_t status =
            device.call(api().memcpyHtoDAsync, address, place, count, stream))
      return status;
    used += count;
    address += count;
    from += count;
    bytes -= count;
  }
  return TENSORC_OK;
}
