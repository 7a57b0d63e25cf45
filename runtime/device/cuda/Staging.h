//===- Staging.h - Uploads that need not wait -------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DEVICE_CUDA_STAGING_H
#define TENSORC_DEVICE_CUDA_STAGING_H

#include "SharedDevice.h"

namespace tensorc::cuda {

/// Page-locked memory that data goes through on its way to a device, so that
/// the host need not wait for it. Two halves in turn: one is filled while the
/// other is still copied. The device's context is current in all of it.
class Staging {
public:
  Staging(rt::cuda::SharedDevice &device, rt::cuda::Stream stream)
      : device(device), stream(stream) {}
  Staging(const Staging &) = delete;
  Staging &operator=(const Staging &) = delete;
  /// Nothing may be under way any more.
  ~Staging();

  /// Queues a copy; `source` is read before this returns. A `tensorc_status`.
  std::int32_t upload(rt::cuda::Address address, const void *source,
                      std::size_t bytes);

private:
  static constexpr std::size_t kHalf = 1 << 20;

  std::int32_t prepare();
  std::int32_t turn();

  rt::cuda::SharedDevice &device;
  rt::cuda::Stream stream;
  void *memory = nullptr;
  /// When the copies out of a half are done.
  rt::cuda::Event copied[2] = {};
  bool recorded[2] = {};
  std::size_t half = 0, used = 0;
};

} // namespace tensorc::cuda

#endif // TENSORC_DEVICE_CUDA_STAGING_H
