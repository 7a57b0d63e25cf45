//===- Driver.h - Loads the CUDA driver -----------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DEVICE_CUDA_DRIVER_H
#define TENSORC_DEVICE_CUDA_DRIVER_H

#include "Api.h"
#include "rt/Status.h"

#pragma GCC visibility push(default)
#include "tensorc/abi_cuda.h"
#pragma GCC visibility pop

#include <pthread.h>
#include <stdlib.h>

namespace tensorc::rt::cuda {

/// Loads and initializes the driver, once; it stays loaded. Fails with
/// `TENSORC_ERROR_NO_DEVICE`, and tries again at the next call.
int32_t loadDriver();
/// The driver. Only after `loadDriver` has succeeded.
const Api &api();

/// "CUDA_ERROR_LAUNCH_FAILED (unspecified launch failure)". Use as
/// `ErrorWords(result).text`.
struct ErrorWords {
  explicit ErrorWords(Result result);
  char text[256];
};

/// Whether the context is broken for good after `result`.
bool isFatal(Result result);

/// The number of devices, at least 1.
int32_t countDevices(int32_t &count);
/// The driver's handle for a device that exists.
int32_t findDevice(int32_t ordinal, DeviceHandle &device);
/// Asks the driver; needs no context.
int32_t describeDevice(DeviceHandle device, tensorc_cuda_device_info &info);

/// Holds a mutex.
class Lock {
public:
  explicit Lock(pthread_mutex_t &mutex) : mutex(mutex) {
    pthread_mutex_lock(&mutex);
  }
  Lock(const Lock &) = delete;
  Lock &operator=(const Lock &) = delete;
  ~Lock() { pthread_mutex_unlock(&mutex); }

private:
  pthread_mutex_t &mutex;
};

} // namespace tensorc::rt::cuda

#endif // TENSORC_DEVICE_CUDA_DRIVER_H
