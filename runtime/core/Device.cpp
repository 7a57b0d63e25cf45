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

static std::vector<TensorType> infer_to_copy(const InferArgs &args) {
  return {args.operands[0]};
}

static std::vector<Tensor> gradient_to_copy(const GradientArgs &args) {
  return {args.gradients[0].to(args.operands[0].device())};
}

/// An op of eager mode alone: compiled functions know no devices.
static const OpInfo &to_copy() {
  static constexpr std::string_view operands[] = {"self"},
                                    attributes[] = {"device"},
                                    results[] = {"result"};
  static constexpr OpInfo info = {
      "to_copy", OpKind::Movement, operands,         {},     false, attributes,
      results,   infer_to_copy,    gradient_to_copy, nullptr};
  return info;
}

Tensor Tensor::to(Device device, Location location) const {
  Executor &executor = Executor::current();
  if (this->device() == device || cpu_only || executor.is_recording())
    return *this;
  return executor.execute(
      {to_copy(), {this, 1}, {{"device", device.str()}}, location})[0];
}
Tensor Tensor::to(Device device, DType dtype, Location location) const {
  return to(dtype, location).to(device, location);
}
Tensor Tensor::cpu(Location location) const { return to(kCPU, location); }
Tensor Tensor::cuda(int index, Location location) const {
  return to(Device(DeviceType::CUDA, index), location);
}

} // namespace tensorc
