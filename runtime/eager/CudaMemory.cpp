//===- CudaMemory.cpp - Memory of GPUs, for tensors -----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/CommonDims.h"
#include "runtime/core/Dense.h"
#include "runtime/core/DeviceMemory.h"
#include "runtime/device/cuda/Queue.h"
#include "runtime/eager/Kernels.h"

#include <algorithm>

namespace tensorc::eager {

using Ints = std::vector<std::int64_t>;

namespace {
/// On the queue of each device, where copies are kernels.
class CudaMemory : public DeviceMemory {
public:
  std::shared_ptr<void> allocate(Device device, std::size_t bytes) override {
    return queue(device)->allocate(bytes);
  }
  void clear(Device device, void *address, std::size_t bytes) override {
    queue(device)->clear(address, bytes);
  }
  void upload(Device device, void *address, const void *source,
              std::size_t bytes) override {
    queue(device)->upload(address, source, bytes);
  }
  void download(Device device, void *destination, const void *address,
                std::size_t bytes) override {
    queue(device)->download(destination, address, bytes);
  }
  void copy(const TensorImpl &from, const TensorImpl &to) override;

private:
  static std::shared_ptr<cuda::Queue> queue(Device device) {
    return cuda::Queue::get(device.index());
  }
};
} // namespace

/// By kernels of four dimensions; what is outside of these by offsets.
void CudaMemory::copy(const TensorImpl &from, const TensorImpl &to) {
  constexpr std::size_t rank = 4;
  constexpr DType words[] = {kInt8, kInt16, kInt32, kInt64};
  CommonDims dims(from, to);
  std::size_t missing = rank - std::min(rank, dims.shape.size());
  dims.shape.insert(dims.shape.begin(), missing, 1);
  dims.sources.insert(dims.sources.begin(), missing, 0);
  dims.targets.insert(dims.targets.begin(), missing, 0);
  auto inner = [&](const Ints &all) {
    return Ints(all.end() - rank, all.end());
  };
  auto outer = [&](const Ints &all) {
    return Ints(all.begin(), all.end() - rank);
  };
  int width = 0;
  while (size_of(words[width]) != size_of(from.type.dtype))
    ++width;
  static const KernelSet copy("copy");
  Tensor source(std::make_shared<TensorImpl>(from));
  Tensor target(std::make_shared<TensorImpl>(to));
  Ints starts;
  for_each_offset(outer(dims.shape), outer(dims.sources),
                  [&](std::int64_t offset) { starts.push_back(offset); });
  std::size_t next = 0;
  for_each_offset(
      outer(dims.shape), outer(dims.targets), [&](std::int64_t offset) {
        run_kernel(copy, words[width],
                   {make_view(source, inner(dims.shape), inner(dims.sources),
                              from.offset + starts[next++]),
                    make_view(target, inner(dims.shape), inner(dims.targets),
                              to.offset + offset)},
                   Location::current());
      });
}

/// From when the library is loaded.
static const bool registered = [] {
  static CudaMemory memory;
  DeviceMemory::set(&memory);
  return true;
}();

} // namespace tensorc::eager
