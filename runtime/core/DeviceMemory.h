//===- DeviceMemory.h - Memory that isn't the host's ------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_CORE_DEVICEMEMORY_H
#define TENSORC_RUNTIME_CORE_DEVICEMEMORY_H

#include "tensorc/tensor.h"

namespace tensorc {

/// The memory of all devices but the host. Any thread may use it. Throws what
/// the public functions throw: `OutOfMemoryError`, `DeviceLostError`, `Error`.
class DeviceMemory {
public:
  virtual ~DeviceMemory();

  /// Memory that is freed with its last owner; contents undefined.
  virtual std::shared_ptr<void> allocate(Device device, std::size_t bytes) = 0;
  /// Zeros.
  virtual void clear(Device device, void *address, std::size_t bytes) = 0;
  /// `source` is read before this returns.
  virtual void upload(Device device, void *address, const void *source,
                      std::size_t bytes) = 0;
  /// Waits.
  virtual void download(Device device, void *destination, const void *address,
                        std::size_t bytes) = 0;
  /// Copies elements between tensors of one type on one device.
  virtual void copy(const TensorImpl &from, const TensorImpl &to) = 0;

  static DeviceMemory &get();
  /// Makes the one that is used (that of libtensorc's eager mode registers
  /// itself).
  static void set(DeviceMemory *memory);
};

} // namespace tensorc

#endif // TENSORC_RUNTIME_CORE_DEVICEMEMORY_H
