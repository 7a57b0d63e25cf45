//===- Kernels.cpp - The kernels that eager mode runs on ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Dense.h"
#include "runtime/eager/KernelTables.h"
#include "tensorc/parallel.h"

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

bool has_kernel(const std::string &name, Device device) {
  return device.is_cuda() ? has_cuda_kernel(name)
                          : tables().find(name) != nullptr;
}

void register_kernels(const tensorc_eager_table &table) { tables().add(table); }

std::vector<int64_t> kernel_sizes(const std::string &name, Arguments arguments,
                                  const tensorc_eager_argument *expected,
                                  int64_t count, Location location) {
  if (count != int64_t(arguments.size()))
    throw Error("the kernel `" + name + "` takes " + std::to_string(count) +
                    " buffers, received " + std::to_string(arguments.size()),
                user_location(location));
  std::vector<int64_t> sizes;
  for (const Tensor &argument : arguments) {
    if (argument.dim() != expected->rank)
      throw Error("the kernel `" + name + "` takes a buffer of " +
                      std::to_string(expected->rank) +
                      " dimensions, received " + to_string(argument.type()),
                  user_location(location));
    for (int32_t d = 0; d < expected->rank; ++d)
      if (expected->sizes >> d & 1)
        sizes.push_back(argument.shape()[d]);
    for (int32_t d = 0; d < expected->rank; ++d)
      if (expected->strides >> d & 1)
        sizes.push_back(argument.strides()[d]);
    ++expected;
  }
  return sizes;
}

/// Into how many tasks a kernel on `arguments` is split: by the sizes alone, so
/// that results don't depend on the number of threads.
static int64_t task_count(Arguments arguments) {
  constexpr int64_t elements_per_task = 1 << 15, most = 16;
  int64_t elements = 0;
  for (const Tensor &argument : arguments)
    elements += element_count(argument.shape());
  return std::clamp<int64_t>(elements / elements_per_task, 1, most);
}

static void run_host_kernel(const std::string &name, Arguments arguments,
                            Location location, const std::string &failure) {
  const tensorc_eager_kernel &kernel = tables().get(name, "CPUs", location);
  std::vector<int64_t> sizes = kernel_sizes(name, arguments, kernel.arguments,
                                            kernel.argument_count, location);
  std::vector<void *> buffers;
  for (const Tensor &argument : arguments)
    buffers.push_back(address(*argument.impl()));
  if (tensorc_rt_launch(kernel.function, buffers.data(), sizes.data(),
                        task_count(arguments)) != TENSORC_OK)
    throw Error(failure.empty() ? "the kernel `" + name +
                                      "` failed: " + tensorc_rt_last_error()
                                : failure,
                user_location(location));
}

void run_kernel(const std::string &name, Arguments arguments, Location location,
                const std::string &failure) {
  if (arguments.begin()->is_cuda())
    run_cuda_kernel(name, arguments, location, failure);
  else
    run_host_kernel(name, arguments, location, failure);
}

const char *type_name(DType dtype) {
  constexpr const char *names[] = {"i1",  "ui8", "i8",   "i16", "i32",
                                   "i64", "f16", "bf16", "f32", "f64"};
  return names[static_cast<std::size_t>(dtype)];
}

} // namespace tensorc::eager

void tensorc::set_num_threads(int count) { tensorc_rt_set_num_threads(count); }
int tensorc::get_num_threads() { return tensorc_rt_num_threads(); }
