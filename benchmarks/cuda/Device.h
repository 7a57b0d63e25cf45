//===- Device.h - Functions of a program on a device, timed -----*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The device runtime's own parts, put together for measuring: inputs stay on
// the device, and launches are timed by events on it. All of this throws
// `std::runtime_error`.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_BENCHMARKS_CUDA_DEVICE_H
#define TENSORC_BENCHMARKS_CUDA_DEVICE_H

#include "device/cuda/Code.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tensorc::benchmark {

/// Throws the runtime's words where `status` is a failure.
void check(int32_t status);

/// The device with its context current on this thread, a stream, and what the
/// runtime doesn't need of the driver.
class Device {
public:
  Device();
  Device(const Device &) = delete;
  Device &operator=(const Device &) = delete;
  ~Device();

  rt::cuda::SharedDevice &operator*() const { return *shared; }
  rt::cuda::SharedDevice *operator->() const { return shared; }
  const tensorc_cuda_device_info &info() const { return shared->info; }

  /// Queues a copy from device memory to device memory.
  void copy(rt::cuda::Address to, rt::cuda::Address from, uint64_t bytes);
  void wait();

  using Work = std::function<void()>; ///< queues something on `stream`
  /// Seconds of each of `works`, in turns: for each, the median over so many
  /// turns. A turn is a graph that repeats the work for some milliseconds.
  std::vector<double> time(const std::vector<Work> &works, int turns);

  rt::cuda::Stream stream = nullptr;

private:
  struct Repeated;
  double elapsed(const Work &work);

  rt::cuda::SharedDevice *shared = nullptr;
  std::unique_ptr<rt::cuda::Current> current;
  rt::cuda::Event begin = nullptr, end = nullptr;
  rt::cuda::Symbol *symbols = nullptr; // must come before the entries
  rt::cuda::Entry<float *, rt::cuda::Event, rt::cuda::Event> eventElapsedTime{
      symbols, "cuEventElapsedTime"};
  rt::cuda::Entry<rt::cuda::Address, rt::cuda::Address, size_t,
                  rt::cuda::Stream>
      memcpyDtoDAsync{symbols, "cuMemcpyDtoDAsync_v2"};
};

/// Device memory.
class Memory {
public:
  Memory(Device &device, uint64_t bytes) : device(device), bytes(bytes) {
    check(device->memory.allocate(bytes, address));
  }
  Memory(const Memory &) = delete;
  Memory &operator=(const Memory &) = delete;
  ~Memory() {
    if (address)
      device->memory.free(address);
  }
  void upload(const void *source);
  void download(void *destination) const;

  Device &device;
  const uint64_t bytes;
  rt::cuda::Address address = 0;
};

/// The code of a program that suits the device, loaded.
class LoadedProgram {
public:
  LoadedProgram(Device &device, const tensorc_cuda_program &program);

  Device &device;
  const tensorc_cuda_code *code = nullptr;
  std::unique_ptr<rt::cuda::Kernels> kernels;
};

/// Several programs, whose functions have different names.
class LoadedPrograms {
public:
  LoadedPrograms(Device &device,
                 const std::vector<const tensorc_cuda_program *> &programs);
  /// The one that has the function `name`.
  LoadedProgram &find(const std::string &name);

  Device &device;

private:
  std::vector<std::unique_ptr<LoadedProgram>> loaded;
};

/// A function without state, with its memory.
class LoadedFunction {
public:
  LoadedFunction(LoadedProgram &program, const std::string &name);

  /// Queues its launches.
  void launch();

  const tensorc_cuda_function *description = nullptr;
  std::vector<std::unique_ptr<Memory>> inputs, outputs;

private:
  uint64_t resolve(const tensorc_cuda_argument &argument) const;

  LoadedProgram &program;
  std::unique_ptr<Memory> workspace, constants, status;
};

} // namespace tensorc::benchmark

#endif // TENSORC_BENCHMARKS_CUDA_DEVICE_H
