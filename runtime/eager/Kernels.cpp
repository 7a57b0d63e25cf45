//===- Kernels.cpp - The kernels that eager mode runs on ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Dense.h"
#include "runtime/eager/KernelTables.h"
#include "tensorc/parallel.h"

#include <cassert>
#include <cstdlib>
#include <dlfcn.h>

namespace tensorc::eager {

const void *load_table(const char *library, const char *variable,
                       const char *symbol, std::string &problem) {
  std::string path = library;
  Dl_info here;
  if (const char *named = std::getenv(variable))
    path = named;
  else if (dladdr(reinterpret_cast<void *>(&load_table), &here))
    path = std::string(here.dli_fname)
               .substr(0, std::string(here.dli_fname).rfind('/') + 1) +
           path;
  // Never closed: kernels may run until the program ends.
  void *handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (void *table = handle ? dlsym(handle, symbol) : nullptr)
    return table;
  const char *words = dlerror();
  problem = words ? words : path + " can't be loaded";
  return nullptr;
}

static KernelTables<tensorc_eager_table> &tables() {
  static KernelTables<tensorc_eager_table> all(
      "libtensorc_kernels.so", "TENSORC_KERNELS", "tensorc_eager_kernels");
  return all;
}

//===----------------------------------------------------------------------===//
// By name and type
//===----------------------------------------------------------------------===//

KernelSet::KernelSet(std::string name, std::string suffix)
    : prefix_(std::move(name) + "."), suffix_(std::move(suffix)) {}

std::string KernelSet::name(DType dtype) const {
  return prefix_ + info_of(dtype).mlir + suffix_;
}

const tensorc_eager_kernel *KernelSet::look_up(DType dtype) const {
  static constexpr tensorc_eager_kernel none = {};
  const tensorc_eager_kernel *kernel = tables().find(name(dtype));
  known_[std::size_t(dtype)].store(kernel ? kernel : &none,
                                   std::memory_order_release);
  return kernel;
}

const tensorc_eager_kernel &KernelSet::get(DType dtype,
                                           Location location) const {
  if (const tensorc_eager_kernel *kernel = find(dtype))
    return *kernel;
  return tables().get(name(dtype), "CPUs", location);
}

bool KernelSet::has(DType dtype, Device device) const {
  return device.is_cuda() ? has_cuda_kernel(name(dtype))
                          : find(dtype) != nullptr;
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

KernelSizes kernel_sizes(const char *name, Buffers buffers,
                         const tensorc_eager_argument *expected, int64_t count,
                         Location location) {
  if (count != int64_t(buffers.size()))
    throw Error("the kernel `" + std::string(name) + "` takes " +
                    std::to_string(count) + " buffers, received " +
                    std::to_string(buffers.size()),
                user_location(location));
  KernelSizes sizes;
  for (const Buffer &buffer : buffers) {
    if (buffer.shape.size() != std::size_t(expected->rank))
      throw Error(
          "the kernel `" + std::string(name) + "` takes a buffer of " +
              std::to_string(expected->rank) +
              " dimensions, received one of shape " +
              to_string(Shape(buffer.shape.begin(), buffer.shape.end())),
          user_location(location));
    assert(sizes.count + 2 * expected->rank <= KernelSizes::most);
    for (int32_t d = 0; d < expected->rank; ++d)
      if (expected->sizes >> d & 1)
        sizes.values[sizes.count++] = buffer.shape[d];
    for (int32_t d = 0; d < expected->rank; ++d)
      if (expected->strides >> d & 1)
        sizes.values[sizes.count++] = buffer.strides[d];
    ++expected;
  }
  return sizes;
}

int64_t task_count(int64_t elements, int64_t products) {
  // 5 to 10 µs each, of which sharing takes less than 0.1; so many that 64
  // threads, or 48, have the same to do.
  constexpr int64_t elements_per_task = 1 << 15, products_per_task = 1 << 18,
                    most = 256;
  return std::clamp<int64_t>(
      std::max(elements / elements_per_task, products / products_per_task), 1,
      most);
}

void run_tasks(tensorc_kernel_fn function, void *const *buffers,
               const int64_t *sizes, int64_t tasks, Location location,
               const char *failure) {
  int32_t status = tasks == 1
                       ? function(buffers, sizes, 0, 1)
                       : tensorc_rt_launch(function, buffers, sizes, tasks);
  if (status != TENSORC_OK) [[unlikely]]
    throw Error(failure ? failure
                        : std::string("a kernel failed: ") +
                              tensorc_rt_last_error(),
                user_location(location));
}

static void run_host_kernel(const tensorc_eager_kernel &kernel, Buffers buffers,
                            Location location, const std::string &failure,
                            int64_t products) {
  KernelSizes sizes = kernel_sizes(kernel.name, buffers, kernel.arguments,
                                   kernel.argument_count, location);
  void *addresses[8];
  assert(buffers.size() <= std::size(addresses));
  void **next = addresses;
  int64_t elements = 0;
  for (const Buffer &buffer : buffers) {
    *next++ = address(*buffer.tensor.impl());
    elements += buffer.count();
  }
  run_tasks(kernel.function, addresses, sizes.values,
            task_count(elements, products), location,
            failure.empty() ? kernel.failure : failure.c_str());
}

void run_kernel(const KernelSet &set, DType dtype, Buffers buffers,
                Location location, const std::string &failure,
                int64_t products) {
  if (buffers.begin()->tensor.is_cuda())
    run_cuda_kernel(set.name(dtype), buffers, location, failure);
  else
    run_host_kernel(set.get(dtype, location), buffers, location, failure,
                    products);
}

} // namespace tensorc::eager

void tensorc::set_num_threads(int count) { tensorc_rt_set_num_threads(count); }
int tensorc::get_num_threads() { return tensorc_rt_num_threads(); }
