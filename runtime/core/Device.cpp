//===- Device.cpp - Where tensors are -------------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/device.h"
#include "runtime/core/Operands.h"
#include "tensorc/executor.h"
#include "tensorc/functions.h"

#include <atomic>
#include <charconv>
#include <ostream>
#include <string_view>

namespace tensorc {

Device::Device(const std::string &name, Location location) : Device() {
  std::string_view text = name, cuda = "cuda";
  if (text == "cpu" || text == cuda) {
    type_ = text == cuda ? DeviceType::CUDA : DeviceType::CPU;
    return;
  }
  if (text.starts_with("cuda:")) {
    const char *first = text.data() + cuda.size() + 1;
    const char *end = text.data() + text.size();
    auto [stop, problem] = std::from_chars(first, end, index_);
    if (problem == std::errc() && stop == end && index_ >= 0) {
      type_ = DeviceType::CUDA;
      return;
    }
  }
  throw Error("expected a device `cpu`, `cuda` or `cuda:<number>`, received `" +
                  std::string(text) + "`",
              user_location(location));
}

std::string Device::str() const {
  return is_cpu() ? "cpu" : "cuda:" + std::to_string(index_);
}

std::ostream &operator<<(std::ostream &out, const Device &device) {
  return out << device.str();
}

static thread_local Device current_default;
static std::atomic<bool> cpu_only = false;

Device default_device() { return cpu_only ? kCPU : current_default; }
void set_default_device(Device device) { current_default = device; }

void ignore_devices() { cpu_only = true; }

Device device_of(const TensorOptions &options) {
  return cpu_only ? kCPU : options.device.value_or(current_default);
}

//===----------------------------------------------------------------------===//
// From device to device
//===----------------------------------------------------------------------===//

Tensor Tensor::to(Device device, Location location) const {
  if (this->device() == device || cpu_only)
    return *this;
  return Executor::current().to_device(*this, device, location);
}
Tensor Tensor::to(Device device, DType dtype, Location location) const {
  return to(dtype, location).to(device, location);
}
Tensor Tensor::cpu(Location location) const { return to(kCPU, location); }
Tensor Tensor::cuda(int index, Location location) const {
  return to(Device(DeviceType::CUDA, index), location);
}

} // namespace tensorc
