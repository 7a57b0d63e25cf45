//===- FakeDriver.h - A CUDA driver on host memory, for tests -------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// `libfakecuda.so` has the driver's functions that the runtime uses. Work on
// streams is put off until somebody waits, and then done in a random order that
// streams and events allow: what isn't ordered goes wrong sooner or later.
// Misuse that a real driver would let pass, or punish much later, is written
// down as a violation.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_RUNTIME_CUDA_FAKEDRIVER_H
#define TENSORC_TESTS_RUNTIME_CUDA_FAKEDRIVER_H

#include "runtime/device/cuda/Api.h"

#include <cstdint>
#include <cstdlib>
#include <dlfcn.h>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

/// A launch as a kernel sees it.
struct FakeLaunch {
  unsigned grid[3], block[3], cluster[3];
  unsigned sharedBytes;
  std::vector<std::uint64_t> arguments;
};

/// The fake's settings and what it has seen. One per process.
struct FakeDriver {
  using Result = tensorc::rt::cuda::Result;

  // What the machine is like.
  int devices = 1;
  int sm = 90;
  int version = 13000;
  int multiprocessors = 132;
  std::size_t memoryBytes = std::size_t(64) << 20;
  Result initResult = 0;
  /// Kernels by name; what they do to host memory.
  std::map<std::string, std::function<void(const FakeLaunch &)>> kernels;
  /// What loading an image gives that starts with this text.
  std::map<std::string, Result> imageResults;
  /// Running this kernel breaks the context.
  std::string crashingKernel;

  // The call to fail: the one that finds 0, if its name is `failOnly` or that
  // is empty; and so many calls of that name in all. -1: none.
  int failCountdown = -1;
  int failTimes = 1;
  Result failWith = tensorc::rt::cuda::kUnknown;
  std::string failOnly;
  std::string failed; ///< the call that was failed

  // What has happened.
  std::vector<std::string> calls;      ///< names, in order
  std::vector<std::string> executed;   ///< work on streams, in order
  std::vector<FakeLaunch> launches;    ///< executed
  std::vector<std::string> violations; ///< misuse
  std::map<std::string, int> live;     ///< resources not given back, by kind
  int reclaimed = 0; ///< resources that ended with their context instead
  std::size_t bytesInUse = 0;
  std::mt19937 random{1};

  int countCalls(const std::string &name) const {
    int count = 0;
    for (const std::string &call : calls)
      count += call == name;
    return count;
  }
  bool nothingLive() const {
    for (const auto &[kind, count] : live)
      if (count)
        return false;
    return bytesInUse == 0;
  }
};

/// Exported by the fake as `fakecuda`.
using FakeDriverFunction = FakeDriver *();

/// Makes the library at `path` this process's driver.
inline FakeDriver &loadFakeDriver(const char *path) {
  setenv("TENSORC_CUDA_DRIVER", path, 1);
  void *handle = dlopen(path, RTLD_NOW);
  void *function = handle ? dlsym(handle, "fakecuda") : nullptr;
  if (!function)
    std::abort();
  return *reinterpret_cast<FakeDriverFunction *>(function)();
}

#endif // TENSORC_TESTS_RUNTIME_CUDA_FAKEDRIVER_H
