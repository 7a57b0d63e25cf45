//===- SharedDevice.h - A device's context and its errors -----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DEVICE_CUDA_SHAREDDEVICE_H
#define TENSORC_DEVICE_CUDA_SHAREDDEVICE_H

#include "Allocator.h"

#include <atomic>

namespace tensorc::rt::cuda {

/// A device's primary context, which all users in the process share, its memory
/// and what became of it. Any thread may use it at any time.
class SharedDevice {
public:
  /// Finds or makes the one of `ordinal`; each is to be released.
  static int32_t acquire(int32_t ordinal, SharedDevice *&device);
  void release();

  /// Calls the driver. A failure gets its type and its words here.
  template <typename... Parameters, typename... Arguments>
  [[gnu::always_inline]] int32_t call(const Entry<Parameters...> &entry,
                                      Arguments... arguments) {
    if (int32_t status = checkLost())
      return status;
    Result result = entry(arguments...);
    return result == kSuccess ? TENSORC_OK : failed(result, entry.name);
  }
  /// The same for a call that needs device memory: with too little of it, the
  /// cache is given back and the call made again.
  template <typename... Parameters, typename... Arguments>
  [[gnu::always_inline]] int32_t callWithRoom(const Entry<Parameters...> &entry,
                                              Arguments... arguments) {
    if (int32_t status = checkLost())
      return status;
    Result result = entry(arguments...);
    if (result == kOutOfMemory) {
      memory.releaseCache();
      result = entry(arguments...);
    }
    return result == kSuccess ? TENSORC_OK : failed(result, entry.name);
  }

  /// Records that `call` failed so.
  int32_t failed(Result result, const char *call);
  /// Takes notice of a result that is no failure of the caller's.
  void note(Result result, const char *call);
  /// Fails once the device is lost.
  int32_t checkLost();

  /// Page-locked host memory.
  int32_t allocateHost(uint64_t bytes, void *&address);

  const int32_t ordinal;
  const tensorc_cuda_device_info info;

private:
  friend class Current;
  SharedDevice(int32_t ordinal, DeviceHandle handle, Context context,
               const tensorc_cuda_device_info &info)
      : ordinal(ordinal), info(info), handle(handle), context(context) {}
  ~SharedDevice() = default;
  static int32_t create(int32_t ordinal, SharedDevice *&device);

  DeviceHandle handle;
  Context context;
  int32_t users = 0;            // under the registry's lock
  SharedDevice *next = nullptr; // under the registry's lock
  std::atomic<Result> lost = kSuccess;
  std::atomic<const char *> lostIn = nullptr; // set before `lost`

public:
  Allocator memory{*this}; // goes first, and may still find the device lost
};

/// Makes a device's context current on this thread while it lives, and leaves
/// the thread as it was. Also on a lost device, for the sake of those who clean
/// up; others look at `status`.
class Current {
public:
  explicit Current(SharedDevice &device);
  Current(const Current &) = delete;
  Current &operator=(const Current &) = delete;
  ~Current();

  int32_t status;

private:
  bool pushed;
};

} // namespace tensorc::rt::cuda

#endif // TENSORC_DEVICE_CUDA_SHAREDDEVICE_H
