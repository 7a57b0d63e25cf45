//===- Driver.cpp - Loads the CUDA driver ---------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Driver.h"

#include <dlfcn.h>
#include <stdio.h>
#include <utility>

using namespace tensorc::rt;
using namespace tensorc::rt::cuda;

static constinit Api driver;
static pthread_mutex_t loadLock = PTHREAD_MUTEX_INITIALIZER;
static void *driverHandle = nullptr; // under `loadLock`
static bool initialized = false;     // under `loadLock`

const Api &tensorc::rt::cuda::api() { return driver; }

ErrorWords::ErrorWords(Result result) {
  const char *name = nullptr, *words = nullptr;
  if (driver.getErrorName(result, &name) != kSuccess || !name)
    snprintf(text, sizeof(text), "CUDA error %d", result);
  else if (driver.getErrorString(result, &words) != kSuccess || !words)
    snprintf(text, sizeof(text), "%s", name);
  else
    snprintf(text, sizeof(text), "%s (%s)", name, words);
}

bool tensorc::rt::cuda::isFatal(Result result) {
  switch (result) {
  case kDeinitialized:
  case kEccUncorrectable:
  case kNvlinkUncorrectable:
  case kContained:
  case kIllegalAddress:
  case kLaunchTimeout:
  case kContextIsDestroyed:
  case kAssert:
  case kHardwareStackError:
  case kIllegalInstruction:
  case kMisalignedAddress:
  case kInvalidAddressSpace:
  case kInvalidPc:
  case kLaunchFailed:
  case kTensorMemoryLeak:
  case kMpsClientTerminated:
    return true;
  default:
    return false;
  }
}

/// Fills in the table. A driver that lacks something is closed again.
static int32_t openDriver() {
  const char *path = getenv("TENSORC_CUDA_DRIVER");
  if (!path || !*path)
    path = "libcuda.so.1";
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    const char *words = dlerror();
    return tensorc_rt_fail(TENSORC_ERROR_NO_DEVICE,
                           "no CUDA device: can't load the driver: %s",
                           words ? words : path);
  }
  for (Symbol *symbol = driver.first; symbol; symbol = symbol->next) {
    symbol->address = dlsym(handle, symbol->name);
    if (symbol->address || !symbol->required)
      continue;
    dlclose(handle);
    return tensorc_rt_fail(
        TENSORC_ERROR_NO_DEVICE,
        "no CUDA device: the driver `%s` is too old: it has no `%s`", path,
        symbol->name);
  }
  // One without the others is of no use.
  if (!driver.libraryUnload.address || !driver.libraryGetKernel.address ||
      !driver.kernelGetFunction.address)
    driver.libraryLoadData.address = nullptr;
  driverHandle = handle;
  return TENSORC_OK;
}

int32_t tensorc::rt::cuda::loadDriver() {
  Lock lock(loadLock);
  if (initialized)
    return TENSORC_OK;
  if (!driverHandle)
    if (int32_t status = openDriver())
      return status;
  if (Result result = driver.init(0))
    return tensorc_rt_fail(TENSORC_ERROR_NO_DEVICE,
                           "no CUDA device: `cuInit` failed: %s",
                           ErrorWords(result).text);
  initialized = true;
  return TENSORC_OK;
}

/// For calls that don't concern a context.
static int32_t refused(const Symbol &symbol, Result result) {
  return tensorc_rt_fail(TENSORC_ERROR_DEVICE, "`%s` failed: %s", symbol.name,
                         ErrorWords(result).text);
}

int32_t tensorc::rt::cuda::countDevices(int32_t &count) {
  count = 0;
  if (int32_t status = loadDriver())
    return status;
  int devices = 0;
  Result result = driver.deviceGetCount(&devices);
  if (result == kNoDevice || (result == kSuccess && devices < 1))
    return tensorc_rt_fail(TENSORC_ERROR_NO_DEVICE,
                           "no CUDA device: the driver finds none");
  if (result)
    return refused(driver.deviceGetCount, result);
  count = devices;
  return TENSORC_OK;
}

int32_t tensorc::rt::cuda::findDevice(int32_t ordinal, DeviceHandle &device) {
  int32_t count;
  if (int32_t status = countDevices(count))
    return status;
  if (ordinal < 0 || ordinal >= count)
    return tensorc_rt_fail(TENSORC_ERROR_NO_DEVICE,
                           "no CUDA device %d: there %s %d", ordinal,
                           count == 1 ? "is" : "are", count);
  if (Result result = driver.deviceGet(&device, ordinal))
    return refused(driver.deviceGet, result);
  return TENSORC_OK;
}

int32_t tensorc::rt::cuda::describeDevice(DeviceHandle device,
                                          tensorc_cuda_device_info &info) {
  info = {};
  if (Result result =
          driver.deviceGetName(info.name, sizeof(info.name) - 1, device))
    return refused(driver.deviceGetName, result);
  int major = 0, minor = 0, processors = 0, version = 0;
  size_t bytes = 0;
  for (auto [value, attribute] : {std::pair{&major, kComputeCapabilityMajor},
                                  std::pair{&minor, kComputeCapabilityMinor},
                                  std::pair{&processors, kMultiprocessorCount}})
    if (Result result = driver.deviceGetAttribute(value, attribute, device))
      return refused(driver.deviceGetAttribute, result);
  if (Result result = driver.deviceTotalMem(&bytes, device))
    return refused(driver.deviceTotalMem, result);
  if (Result result = driver.driverGetVersion(&version))
    return refused(driver.driverGetVersion, result);
  info.sm = major * 10 + minor;
  info.multiprocessors = processors;
  info.driver_version = version;
  info.total_bytes = bytes;
  return TENSORC_OK;
}

int32_t tensorc_rt_cuda_device_count(int32_t *count) {
  if (!count)
    return tensorc_rt_fail(TENSORC_ERROR_INVALID_ARGUMENT,
                           "the count is a null pointer");
  return countDevices(*count);
}

int32_t tensorc_rt_cuda_device_info(int32_t ordinal,
                                    tensorc_cuda_device_info *info) {
  if (!info)
    return tensorc_rt_fail(TENSORC_ERROR_INVALID_ARGUMENT,
                           "the info is a null pointer");
  DeviceHandle device;
  if (int32_t status = findDevice(ordinal, device))
    return status;
  return describeDevice(device, *info);
}
