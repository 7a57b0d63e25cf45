//===- Allocator.h - Device memory that is kept for reuse -----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DEVICE_CUDA_ALLOCATOR_H
#define TENSORC_DEVICE_CUDA_ALLOCATOR_H

#include "Driver.h"

namespace tensorc::rt::cuda {

class SharedDevice;

/// Device memory from the driver in segments, handed out in blocks. A freed
/// block joins its free neighbours and serves the next request that fits; small
/// and large requests have segments of their own, so that a small one that
/// lives long doesn't pin a large one. Any thread may use it, the device's
/// context being current.
class Allocator {
public:
  explicit Allocator(SharedDevice &device) : device(device) {}
  Allocator(const Allocator &) = delete;
  Allocator &operator=(const Allocator &) = delete;
  /// Gives everything back, in use or not.
  ~Allocator();

  int32_t allocate(uint64_t bytes, Address &address);
  /// Whether `address` was in use.
  bool free(Address address);
  /// Gives the segments back in which nothing is in use.
  void releaseCache();
  tensorc_cuda_memory statistics();

private:
  struct Block;
  static constexpr int kBins = 64, kBuckets = 512;

  Block *takeFree(uint64_t bytes, bool small);
  int32_t addSegment(uint64_t bytes, bool small, Block *&block);
  void split(Block &block, uint64_t bytes);
  Block *join(Block *block);
  void pushFree(Block &block);
  void removeFree(Block &block);
  Block **bucketOf(Address address);
  void releaseUnused();
  void releaseSegment(Block *block);
  int32_t outOfMemory(uint64_t bytes);

  SharedDevice &device;
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  tensorc_cuda_memory counts = {};
  Block *freeBlocks[2][kBins] = {}; ///< by size class; [1] of small segments
  Block *usedBlocks[kBuckets] = {}; ///< by address
};

} // namespace tensorc::rt::cuda

#endif // TENSORC_DEVICE_CUDA_ALLOCATOR_H
