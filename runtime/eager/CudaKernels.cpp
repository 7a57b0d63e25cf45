//===- CudaKernels.cpp - Runs kernels on GPUs -----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Dense.h"
#include "runtime/device/cuda/Queue.h"
#include "runtime/eager/KernelTables.h"

namespace tensorc::eager {

static KernelTables<tensorc_eager_cuda_table> &tables() {
  static KernelTables<tensorc_eager_cuda_table> all(
      "libtensorc_kernels_cuda.so", "TENSORC_CUDA_KERNELS",
      "tensorc_eager_cuda_kernels");
  return all;
}

bool has_cuda_kernel(const std::string &name) {
  const tensorc_eager_cuda_kernel *kernel = tables().find(name);
  return kernel && !kernel->missing;
}

/// As many as there is work for, within what a device holds at a time.
static std::uint32_t block_count(Buffers buffers, std::uint32_t threads,
                                 int multiprocessors) {
  constexpr std::int64_t blocks_each = 16;
  std::int64_t most = 0;
  for (const Buffer &buffer : buffers)
    most = std::max(most, buffer.count());
  std::int64_t blocks = (most + threads - 1) / threads;
  return std::uint32_t(
      std::clamp<std::int64_t>(blocks, 1, multiprocessors * blocks_each));
}

void run_cuda_kernel(const std::string &name, Buffers buffers,
                     Location location, const std::string &failure) {
  location = user_location(location);
  Device device = buffers.begin()->tensor.device();
  const tensorc_eager_cuda_kernel &kernel =
      tables().get(name, "CUDA devices", location);
  if (kernel.missing)
    throw Error("eager mode has no kernel `" + name +
                    "` for CUDA devices: " + kernel.missing,
                location);
  KernelSizes sizes = kernel_sizes(kernel.name, buffers, kernel.arguments,
                                   kernel.argument_count, location);
  std::vector<std::uint64_t> words;
  for (const Buffer &buffer : buffers)
    words.push_back(
        reinterpret_cast<std::uint64_t>(address(*buffer.tensor.impl())));
  words.insert(words.end(), sizes.values, sizes.values + sizes.count);
  std::string wrong =
      failure.empty() && kernel.failure ? kernel.failure : failure;
  LocationScope scope(location);
  std::shared_ptr<cuda::Queue> queue = cuda::Queue::get(device.index());
  queue->launch({*tables().table().code, kernel.kernel,
                 block_count(buffers, kernel.threads, queue->multiprocessors()),
                 kernel.threads, kernel.shared_bytes, words,
                 kernel.failure ? &wrong : nullptr, location});
}

} // namespace tensorc::eager
