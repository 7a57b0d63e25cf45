//===- KernelTables.h - Kernels by name -------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_EAGER_KERNELTABLES_H
#define TENSORC_RUNTIME_EAGER_KERNELTABLES_H

#include "runtime/eager/Kernels.h"

#include <algorithm>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace tensorc::eager {

/// Loads what a library beside libtensorc, or in the file that the environment
/// variable names, defines as `symbol`. Null, and the problem, where it can't.
const void *load_table(const char *library, const char *variable,
                       const char *symbol, std::string &problem);

/// The kernels of one library, by name. Any thread may ask.
template <typename Table> class KernelTables {
public:
  using Kernel = std::remove_pointer_t<decltype(Table::kernels)>;

  KernelTables(const char *library, const char *variable, const char *symbol)
      : library(library), variable(variable), symbol(symbol) {}

  /// The kernel `name`, or null.
  Kernel *find(const std::string &name) {
    std::lock_guard lock(mutex);
    auto found = kernels.find(name);
    if (found == kernels.end() && !loaded) {
      loaded = true;
      table_ = static_cast<const Table *>(
          load_table(library, variable, symbol, problem_));
      for (int64_t i = 0; table_ && i < table_->count; ++i)
        kernels.try_emplace(table_->kernels[i].name, &table_->kernels[i]);
      found = kernels.find(name);
    }
    return found == kernels.end() ? nullptr : found->second;
  }
  /// The same; an `Error` where there is none.
  Kernel &get(const std::string &name, const std::string &device,
              Location location) {
    if (Kernel *kernel = find(name))
      return *kernel;
    throw Error("eager mode has no kernel `" + name + "` for " + device +
                    (problem_.empty() ? "" : ": " + problem_),
                user_location(location));
  }
  /// The library's, once a kernel of it was found.
  const Table &table() const { return *table_; }

private:
  const char *library, *variable, *symbol;
  std::mutex mutex;
  std::unordered_map<std::string, Kernel *> kernels;
  bool loaded = false;
  const Table *table_ = nullptr;
  std::string problem_; ///< why the library isn't there
};

/// The sizes and strides that a kernel is passed.
struct KernelSizes {
  static constexpr int most = 64;
  int64_t values[most];
  int count = 0;
};
/// An `Error` where `buffers` aren't what the kernel takes.
KernelSizes kernel_sizes(const char *name, Buffers buffers,
                         const tensorc_eager_argument *expected, int64_t count,
                         Location location);

/// The part for GPUs.
bool has_cuda_kernel(const std::string &name);
void run_cuda_kernel(const std::string &name, Buffers buffers,
                     Location location, const std::string &failure);

} // namespace tensorc::eager

#endif // TENSORC_RUNTIME_EAGER_KERNELTABLES_H
