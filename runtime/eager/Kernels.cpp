//===- Kernels.cpp - The kernels that eager mode runs on ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eager/Kernels.h"
#include "runtime/core/Dense.h"
#include "tensorc/parallel.h"

#include <algorithm>
#include <cstdlib>
#include <dlfcn.h>
#include <mutex>
#include <unordered_map>

namespace tensorc::eager {

namespace {
struct Registry {
  std::mutex mutex;
  std::unordered_map<std::string, const tensorc_eager_kernel *> kernels;
  bool loaded = false;
  std::string problem; ///< why the library isn't there

  void add(const tensorc_eager_table &table) {
    for (int64_t i = 0; i < table.count; ++i)
      kernels[table.kernels[i].name] = &table.kernels[i];
  }

  void load() {
    loaded = true;
    std::string path = "libtensorc_kernels.so";
    Dl_info here;
    if (const char *named = std::getenv("TENSORC_KERNELS"))
      path = named;
    else if (dladdr(reinterpret_cast<void *>(&find_kernel), &here))
      path = std::string(here.dli_fname)
                 .substr(0, std::string(here.dli_fname).rfind('/') + 1) +
             path;
    // Never closed: kernels may run until the program ends.
    void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    void *table = library ? dlsym(library, "tensorc_eager_kernels") : nullptr;
    if (!table) {
      const char *words = dlerror();
      problem = words ? words : path + " can't be loaded";
      return;
    }
    auto known = kernels;
    add(*static_cast<const tensorc_eager_table *>(table));
    for (const auto &[name, kernel] : known)
      kernels[name] = kernel;
  }
};
} // namespace

static Registry &registry() {
  static Registry registry;
  return registry;
}

const tensorc_eager_kernel *find_kernel(const std::string &name) {
  Registry &all = registry();
  std::lock_guard lock(all.mutex);
  auto found = all.kernels.find(name);
  if (found == all.kernels.end() && !all.loaded) {
    all.load();
    found = all.kernels.find(name);
  }
  return found == all.kernels.end() ? nullptr : found->second;
}

void register_kernels(const tensorc_eager_table &table) {
  std::lock_guard lock(registry().mutex);
  registry().add(table);
}

/// Into how many tasks a kernel on `arguments` is split: by the sizes alone, so
/// that results don't depend on the number of threads.
static int64_t task_count(std::initializer_list<Tensor> arguments) {
  constexpr int64_t elements_per_task = 1 << 15, most = 16;
  int64_t elements = 0;
  for (const Tensor &argument : arguments)
    elements += element_count(argument.shape());
  return std::clamp<int64_t>(elements / elements_per_task, 1, most);
}

void run_kernel(const std::string &name,
                std::initializer_list<Tensor> arguments, Location location) {
  const tensorc_eager_kernel *kernel = find_kernel(name);
  if (!kernel) {
    const std::string &problem = registry().problem;
    throw Error("eager mode has no kernel `" + name + "`" +
                    (problem.empty() ? "" : ": " + problem),
                user_location(location));
  }
  if (kernel->argument_count != int64_t(arguments.size()))
    throw Error("the kernel `" + name + "` takes " +
                    std::to_string(kernel->argument_count) +
                    " buffers, received " + std::to_string(arguments.size()),
                user_location(location));
  // Windows that overlap are added to without locks.
  bool adds =
      name.starts_with("window_scatter") || name.starts_with("window_spread");
  std::vector<void *> buffers;
  std::vector<int64_t> sizes;
  const tensorc_eager_argument *expected = kernel->arguments;
  for (const Tensor &argument : arguments) {
    if (argument.dim() != expected->rank)
      throw Error("the kernel `" + name + "` takes a buffer of " +
                      std::to_string(expected->rank) +
                      " dimensions, received " + to_string(argument.type()),
                  user_location(location));
    buffers.push_back(address(*argument.impl()));
    for (int32_t d = 0; d < expected->rank; ++d)
      if (expected->sizes >> d & 1)
        sizes.push_back(argument.shape()[d]);
    for (int32_t d = 0; d < expected->rank; ++d)
      if (expected->strides >> d & 1)
        sizes.push_back(argument.strides()[d]);
    ++expected;
  }
  int64_t tasks = adds ? 1 : task_count(arguments);
  if (tensorc_rt_launch(kernel->function, buffers.data(), sizes.data(),
                        tasks) != TENSORC_OK)
    throw Error("the kernel `" + name + "` failed: " + tensorc_rt_last_error(),
                user_location(location));
}

const char *type_name(DType dtype) {
  constexpr const char *names[] = {"i1",  "ui8", "i8",   "i16", "i32",
                                   "i64", "f16", "bf16", "f32", "f64"};
  return names[static_cast<std::size_t>(dtype)];
}

} // namespace tensorc::eager

void tensorc::set_num_threads(int count) { tensorc_rt_set_num_threads(count); }
int tensorc::get_num_threads() { return tensorc_rt_num_threads(); }
