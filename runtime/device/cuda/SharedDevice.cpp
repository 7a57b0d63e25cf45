//===- SharedDevice.cpp - A device's context and its errors ---------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SharedDevice.h"

#include <new>

using namespace tensorc::rt;
using namespace tensorc::rt::cuda;

static pthread_mutex_t registryLock = PTHREAD_MUTEX_INITIALIZER;
static SharedDevice *registry = nullptr; // under `registryLock`

int32_t SharedDevice::create(int32_t ordinal, SharedDevice *&device) {
  DeviceHandle handle;
  if (int32_t status = findDevice(ordinal, handle))
    return status;
  tensorc_cuda_device_info info;
  if (int32_t status = describeDevice(handle, info))
    return status;
  void *memory = malloc(sizeof(SharedDevice));
  if (!memory)
    return tensorc_rt_fail(TENSORC_ERROR_OUT_OF_MEMORY,
                           "can't allocate %zu bytes", sizeof(SharedDevice));
  Context context;
  if (Result result = api().primaryCtxRetain(&context, handle)) {
    free(memory);
    int32_t status = result == kOutOfMemory ? TENSORC_ERROR_DEVICE_OUT_OF_MEMORY
                     : result == kDeviceUnavailable ? TENSORC_ERROR_NO_DEVICE
                                                    : TENSORC_ERROR_DEVICE;
    return tensorc_rt_fail(status,
                           "CUDA device %d (`%s`): can't make a context: %s",
                           ordinal, info.name, ErrorWords(result).text);
  }
  device = new (memory) SharedDevice(ordinal, handle, context, info);
  return TENSORC_OK;
}

int32_t SharedDevice::acquire(int32_t ordinal, SharedDevice *&device) {
  Lock lock(registryLock);
  for (device = registry; device; device = device->next)
    if (device->ordinal == ordinal)
      break;
  if (device) {
    if (int32_t status = device->checkLost())
      return status;
  } else {
    if (int32_t status = create(ordinal, device))
      return status;
    device->next = registry;
    registry = device;
  }
  ++device->users;
  return TENSORC_OK;
}

void SharedDevice::release() {
  Lock lock(registryLock);
  if (--users)
    return;
  SharedDevice **link = &registry;
  while (*link != this)
    link = &(*link)->next;
  *link = next;
  DeviceHandle released = handle;
  {
    Current current(*this);
    this->~SharedDevice();
  }
  free(this);
  // Ends the context, and with it whatever was lost in it.
  api().primaryCtxRelease(released);
}

int32_t SharedDevice::checkLost() {
  Result result = lost.load(std::memory_order_acquire);
  if (result == kSuccess) [[likely]]
    return TENSORC_OK;
  return tensorc_rt_fail(
      TENSORC_ERROR_DEVICE_LOST,
      "CUDA device %d (`%s`) is lost until all that is open on it is closed: "
      "`%s` failed: %s",
      ordinal, info.name, lostIn.load(std::memory_order_relaxed),
      ErrorWords(result).text);
}

void SharedDevice::note(Result result, const char *call) {
  if (!isFatal(result))
    return;
  const char *none = nullptr;
  if (lostIn.compare_exchange_strong(none, call))
    lost.store(result, std::memory_order_release);
}

int32_t SharedDevice::failed(Result result, const char *call) {
  note(result, call);
  if (isFatal(result))
    return tensorc_rt_fail(TENSORC_ERROR_DEVICE_LOST,
                           "CUDA device %d (`%s`) is lost until all that is "
                           "open on it is closed: `%s` failed: %s",
                           ordinal, info.name, call, ErrorWords(result).text);
  return tensorc_rt_fail(result == kOutOfMemory
                             ? TENSORC_ERROR_DEVICE_OUT_OF_MEMORY
                             : TENSORC_ERROR_DEVICE,
                         "CUDA device %d (`%s`): `%s` failed: %s", ordinal,
                         info.name, call, ErrorWords(result).text);
}

int32_t SharedDevice::allocateHost(uint64_t bytes, void *&address) {
  if (int32_t status = checkLost())
    return status;
  Result result = api().memHostAlloc(&address, bytes, 0);
  if (result == kSuccess)
    return TENSORC_OK;
  address = nullptr;
  if (result != kOutOfMemory)
    return failed(result, api().memHostAlloc.name);
  return tensorc_rt_fail(TENSORC_ERROR_OUT_OF_MEMORY,
                         "can't allocate %llu bytes of page-locked host memory",
                         static_cast<unsigned long long>(bytes));
}

Current::Current(SharedDevice &device) {
  Result result = api().ctxPushCurrent(device.context);
  pushed = result == kSuccess;
  status = device.checkLost();
  if (!status && !pushed)
    status = device.failed(result, api().ctxPushCurrent.name);
}

Current::~Current() {
  Context popped;
  if (pushed)
    api().ctxPopCurrent(&popped);
}

//===----------------------------------------------------------------------===//
// The C functions
//===----------------------------------------------------------------------===//

static SharedDevice *unwrap(tensorc_cuda_device *device) {
  return reinterpret_cast<SharedDevice *>(device);
}

static int32_t nullPointer(const char *what) {
  return tensorc_rt_fail(TENSORC_ERROR_INVALID_ARGUMENT, "%s is a null pointer",
                         what);
}

int32_t tensorc_rt_cuda_device_open(int32_t ordinal,
                                    tensorc_cuda_device **device) {
  if (!device)
    return nullPointer("the place for the device");
  SharedDevice *shared = nullptr;
  int32_t status = SharedDevice::acquire(ordinal, shared);
  *device = status ? nullptr : reinterpret_cast<tensorc_cuda_device *>(shared);
  return status;
}

void tensorc_rt_cuda_device_close(tensorc_cuda_device *device) {
  if (device)
    unwrap(device)->release();
}

int32_t tensorc_rt_cuda_alloc(tensorc_cuda_device *device, uint64_t bytes,
                              uint64_t *address) {
  if (!device || !address)
    return nullPointer(device ? "the address" : "the device");
  *address = 0;
  Current current(*unwrap(device));
  if (current.status)
    return current.status;
  Address allocated;
  int32_t status = unwrap(device)->memory.allocate(bytes, allocated);
  *address = allocated;
  return status;
}

int32_t tensorc_rt_cuda_free(tensorc_cuda_device *device, uint64_t address) {
  if (!device)
    return nullPointer("the device");
  if (address && !unwrap(device)->memory.free(address))
    return tensorc_rt_fail(TENSORC_ERROR_INVALID_ARGUMENT,
                           "no memory was allocated at 0x%llx",
                           static_cast<unsigned long long>(address));
  return TENSORC_OK;
}

int32_t tensorc_rt_cuda_empty_cache(tensorc_cuda_device *device) {
  if (!device)
    return nullPointer("the device");
  Current current(*unwrap(device));
  if (!current.status)
    unwrap(device)->memory.releaseCache();
  return current.status;
}

int32_t tensorc_rt_cuda_upload(tensorc_cuda_device *device, uint64_t address,
                               const void *source, uint64_t bytes) {
  if (!device || (!source && bytes))
    return nullPointer(device ? "the source" : "the device");
  Current current(*unwrap(device));
  if (current.status || !bytes)
    return current.status;
  SharedDevice &shared = *unwrap(device);
  if (int32_t status = shared.call(api().memcpyHtoD, address, source, bytes))
    return status;
  // The copy from pageable memory may still be on its way from the driver's
  // own buffer.
  return shared.call(api().streamSynchronize, nullptr);
}

int32_t tensorc_rt_cuda_download(tensorc_cuda_device *device, void *destination,
                                 uint64_t address, uint64_t bytes) {
  if (!device || (!destination && bytes))
    return nullPointer(device ? "the destination" : "the device");
  Current current(*unwrap(device));
  if (current.status || !bytes)
    return current.status;
  return unwrap(device)->call(api().memcpyDtoH, destination, address, bytes);
}

void tensorc_rt_cuda_memory(tensorc_cuda_device *device,
                            tensorc_cuda_memory *memory) {
  *memory = unwrap(device)->memory.statistics();
}
