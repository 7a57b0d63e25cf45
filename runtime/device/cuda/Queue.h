//===- Queue.h - A CUDA device as eager mode uses it ------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Part of libtensorc, as Queue.cpp, Staging.cpp and Properties.cpp are; the
// rest of this folder is libtensorc_rt.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DEVICE_CUDA_QUEUE_H
#define TENSORC_DEVICE_CUDA_QUEUE_H

#include "tensorc/abi_cuda.h"
#include "tensorc/location.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace tensorc::cuda {

/// The stream of a device on which all eager work is done, in the order of the
/// calls, and the memory that is used on it. Any thread may use it at any time.
/// Functions return when the work is queued, unless they say otherwise, and
/// throw `OutOfMemoryError`, `DeviceLostError` or `Error`.
///
/// Memory that is freed serves the next allocation at once: what still uses it
/// was queued before what will. It isn't shared with other streams, on which
/// compiled models run; between them it goes through the driver, which waits.
class Queue : public std::enable_shared_from_this<Queue> {
public:
  /// The one of the device `index`, opened when first asked for. It stays open;
  /// one that is lost is opened afresh when no tensor is on it any more.
  static std::shared_ptr<Queue> get(int index);
  /// The same, but null where it isn't open.
  static std::shared_ptr<Queue> find(int index);
  /// All that are open.
  static std::vector<std::shared_ptr<Queue>> all();
  /// Closes those that no tensor is on. For tests.
  static void close_idle();

  ~Queue();

  /// Memory that is freed with its last owner; contents undefined.
  std::shared_ptr<void> allocate(std::size_t bytes);
  /// Zeros.
  void clear(void *address, std::size_t bytes);
  /// `source` is read before this returns.
  void upload(void *address, const void *source, std::size_t bytes);
  /// Waits; fails as `synchronize` does.
  void download(void *destination, const void *address, std::size_t bytes);
  /// Waits for all that is queued. Throws the first failure that a kernel found
  /// since the last time.
  void synchronize();
  /// Waits, and gives cached memory back to the driver.
  void empty_cache();
  tensorc_cuda_memory memory() const;
  int multiprocessors() const;

  /// What a launch needs to know.
  struct Launch {
    const tensorc_cuda_code &code; ///< the same one always
    std::uint32_t kernel;          ///< index into the code's
    std::uint32_t blocks, threads, shared_bytes;
    std::span<const std::uint64_t> arguments;
    /// Where the kernel can fail: the words of the `Error`. The address of its
    /// status is added to the arguments.
    const std::string *failure;
    Location location;
  };
  void launch(const Launch &launch);

private:
  struct State;
  Queue();
  void open(int index);

  std::unique_ptr<State> state_;
};

} // namespace tensorc::cuda

#endif // TENSORC_DEVICE_CUDA_QUEUE_H
