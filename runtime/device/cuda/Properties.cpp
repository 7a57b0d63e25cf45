//===- Properties.cpp - The CUDA devices of this machine ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Part of libtensorc; the rest of this folder is libtensorc_rt.
//
//===----------------------------------------------------------------------===//

#include "tensorc/abi_cuda.h"
#include "tensorc/cuda.h"
#include "tensorc/error.h"

#include <cstdint>

namespace tensorc::cuda {

int device_count() noexcept {
  std::int32_t count = 0;
  tensorc_rt_cuda_device_count(&count); // leaves 0 when it fails
  return count;
}

bool is_available() noexcept { return device_count() > 0; }

std::string unavailable_reason() {
  std::int32_t count = 0;
  return tensorc_rt_cuda_device_count(&count) ? tensorc_rt_last_error() : "";
}

DeviceProperties get_device_properties(int device,
                                       std::source_location location) {
  tensorc_cuda_device_info info;
  if (tensorc_rt_cuda_device_info(device, &info))
    throw Error(tensorc_rt_last_error(), location);
  return {info.name, info.sm / 10, info.sm % 10, info.multiprocessors,
          info.total_bytes};
}

std::string get_device_name(int device, std::source_location location) {
  return get_device_properties(device, location).name;
}

} // namespace tensorc::cuda
