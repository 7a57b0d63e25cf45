//===- cuda.h - The CUDA devices of this machine ----------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_CUDA_H
#define TENSORC_CUDA_H

#include "tensorc/device.h"

#include "tensorc/location.h"
#include <cstddef>
#include <string>

/// The CUDA driver is looked for when one of these is first called; nothing of
/// CUDA is needed to build or to link. All may be called from any thread.
namespace tensorc::cuda {

/// Whether there is a driver and a device.
bool is_available() noexcept;

/// How many devices there are: 0 where `is_available()` is false.
int device_count() noexcept;

/// Why `is_available()` is false, in one line; empty when it is true.
std::string unavailable_reason();

/// What a device is.
struct DeviceProperties {
  std::string name;
  int major = 0; ///< compute capability
  int minor = 0;
  int multi_processor_count = 0;
  std::size_t total_memory = 0; ///< bytes
};

/// Throws `Error` when there is no device `device`.
DeviceProperties
get_device_properties(int device = 0,
                      SourceLocation location = SourceLocation::current());

/// Throws `Error` when there is no device `device`.
std::string
get_device_name(int device = 0,
                SourceLocation location = SourceLocation::current());

/// Waits for all eager work on a device. Throws `Error` for what went wrong in
/// it: an index that was out of range, at the line of the op that found it.
void synchronize(Device device = kCUDA,
                 SourceLocation location = SourceLocation::current());

/// Bytes that tensors have on a device; 0 where none was made yet.
std::size_t memory_allocated(Device device = kCUDA);
/// The same with what is kept for further tensors.
std::size_t memory_reserved(Device device = kCUDA);
/// The most that tensors had at a time.
std::size_t max_memory_allocated(Device device = kCUDA);
/// Waits, and gives memory that no tensor has back to the driver, for other
/// programs, and for compiled models, which don't share it.
void empty_cache(SourceLocation location = SourceLocation::current());

} // namespace tensorc::cuda

#endif // TENSORC_CUDA_H
