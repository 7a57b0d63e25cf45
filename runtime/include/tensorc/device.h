//===- device.h - Where tensors are -----------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DEVICE_H
#define TENSORC_DEVICE_H

#include "tensorc/dtype.h"
#include "tensorc/location.h"

#include <concepts>
#include <iosfwd>
#include <optional>
#include <string>

namespace tensorc {

enum class DeviceType : std::uint8_t { CPU, CUDA };

/// Where a tensor's elements are. Written as in PyTorch: "cpu", "cuda" (the
/// first GPU), "cuda:1". Whether there is such a device shows when a tensor is
/// made on it.
class Device {
public:
  constexpr explicit Device(DeviceType type = DeviceType::CPU, int index = 0)
      : type_(type), index_(index) {}
  /// Throws `Error` for other names.
  Device(const std::string &name, Location location = Location::current());
  /// Not of a number: 0 is no name.
  template <std::convertible_to<const char *> T>
  Device(const T &name, Location location = Location::current())
      : Device(std::string(name), location) {}

  constexpr DeviceType type() const { return type_; }
  constexpr int index() const { return index_; }
  constexpr bool is_cpu() const { return type_ == DeviceType::CPU; }
  constexpr bool is_cuda() const { return type_ == DeviceType::CUDA; }
  /// `cpu`, `cuda:0`.
  std::string str() const;

  bool operator==(const Device &) const = default;

private:
  DeviceType type_;
  int index_;
};

inline constexpr Device kCPU(DeviceType::CPU);
inline constexpr Device kCUDA(DeviceType::CUDA);

/// `cpu`, `cuda:0`.
std::ostream &operator<<(std::ostream &out, const Device &device);

/// Where this thread's new tensors are if nothing else is said; `kCPU` at
/// first.
Device default_device();
void set_default_device(Device device);

/// Another default while it lives, as `with torch.device("cuda"):`.
class DeviceGuard {
public:
  explicit DeviceGuard(Device device) : previous_(default_device()) {
    set_default_device(device);
  }
  ~DeviceGuard() { set_default_device(previous_); }
  DeviceGuard(const DeviceGuard &) = delete;
  DeviceGuard &operator=(const DeviceGuard &) = delete;

private:
  Device previous_;
};

/// What a new tensor is like: `zeros({2, 3}, kFloat64)`, `zeros({2, 3},
/// "cuda")`, `zeros({2, 3}, {kFloat64, "cuda"})`. What is left out follows from
/// the function.
struct TensorOptions {
  TensorOptions() = default;
  TensorOptions(DType dtype) : dtype(dtype) {}
  TensorOptions(std::optional<DType> dtype) : dtype(dtype) {}
  TensorOptions(Device device) : device(device) {}
  template <std::convertible_to<const char *> T>
  TensorOptions(const T &device, Location location = Location::current())
      : device(Device(device, location)) {}
  TensorOptions(std::optional<DType> dtype, Device device)
      : dtype(dtype), device(device) {}

  std::optional<DType> dtype;
  std::optional<Device> device;
};

} // namespace tensorc

#endif // TENSORC_DEVICE_H
