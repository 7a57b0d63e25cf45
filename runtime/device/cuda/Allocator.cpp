//===- Allocator.cpp - Device memory that is kept for reuse ---------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SharedDevice.h"

#include <bit>

using namespace tensorc::rt;
using namespace tensorc::rt::cuda;

namespace {

/// Blocks are multiples of this, so that their addresses are aligned.
constexpr uint64_t kGranule = 512;
static_assert(kGranule % TENSORC_CUDA_ALIGNMENT == 0);
/// Requests up to this share segments of `kSegment`; larger ones get segments
/// of their own size, rounded up to `kSegment`, the driver's page size.
constexpr uint64_t kSmall = 1 << 20;
constexpr uint64_t kSegment = 2 << 20;

int binOf(uint64_t bytes) { return std::bit_width(bytes) - 1; }

} // namespace

struct Allocator::Block {
  Address address;
  uint64_t bytes;
  Block *before, *after;  ///< neighbours in the segment, null at its ends
  Block *previous, *next; ///< in the list that holds it
  bool small;             ///< of which kind its segment is
  bool used;
};

Allocator::~Allocator() {
  for (Block *&bucket : usedBlocks)
    while (Block *block = bucket)
      free(block->address);
  releaseUnused();
  // What the driver didn't take back goes with the context.
  for (auto &bins : freeBlocks)
    for (Block *&head : bins)
      while (Block *block = head) {
        removeFree(*block);
        ::free(block);
      }
}

Allocator::Block **Allocator::bucketOf(Address address) {
  return &usedBlocks[address / kGranule % kBuckets];
}

void Allocator::pushFree(Block &block) {
  Block *&head = freeBlocks[block.small][binOf(block.bytes)];
  block.used = false;
  block.previous = nullptr;
  block.next = head;
  if (head)
    head->previous = &block;
  head = &block;
}

void Allocator::removeFree(Block &block) {
  if (block.next)
    block.next->previous = block.previous;
  if (block.previous)
    block.previous->next = block.next;
  else
    freeBlocks[block.small][binOf(block.bytes)] = block.next;
}

/// The smallest free block that fits, out of its list.
Allocator::Block *Allocator::takeFree(uint64_t bytes, bool small) {
  for (int bin = binOf(bytes); bin < kBins; ++bin) {
    Block *best = nullptr;
    for (Block *block = freeBlocks[small][bin]; block; block = block->next)
      if (block->bytes >= bytes && (!best || block->bytes < best->bytes))
        best = block;
    if (!best)
      continue;
    removeFree(*best);
    return best;
  }
  return nullptr;
}

int32_t Allocator::addSegment(uint64_t bytes, bool small, Block *&block) {
  uint64_t wanted = small ? kSegment : (bytes + kSegment - 1) & ~(kSegment - 1);
  block = static_cast<Block *>(calloc(1, sizeof(Block)));
  if (!block)
    return tensorc_rt_fail(TENSORC_ERROR_OUT_OF_MEMORY,
                           "can't allocate %zu bytes", sizeof(Block));
  Result result = api().memAlloc(&block->address, wanted);
  if (result == kOutOfMemory) {
    releaseUnused();
    ++counts.cache_releases;
    result = api().memAlloc(&block->address, wanted);
  }
  if (result != kSuccess) {
    ::free(block);
    block = nullptr;
    return result == kOutOfMemory ? outOfMemory(bytes)
                                  : device.failed(result, api().memAlloc.name);
  }
  block->bytes = wanted;
  block->small = small;
  counts.reserved += wanted;
  if (counts.reserved > counts.peak_reserved)
    counts.peak_reserved = counts.reserved;
  return TENSORC_OK;
}

int32_t Allocator::outOfMemory(uint64_t bytes) {
  size_t available = 0, total = 0;
  api().memGetInfo(&available, &total); // zeros when it can't tell
  return tensorc_rt_fail(
      TENSORC_ERROR_DEVICE_OUT_OF_MEMORY,
      "CUDA device %d (`%s`): can't allocate %llu bytes: %zu of %zu bytes are "
      "free, %llu are in use by this process: %s",
      device.ordinal, device.info.name, static_cast<unsigned long long>(bytes),
      available, total, static_cast<unsigned long long>(counts.in_use),
      ErrorWords(kOutOfMemory).text);
}

/// Leaves `bytes` in `block` and frees the rest, if it is worth it.
void Allocator::split(Block &block, uint64_t bytes) {
  uint64_t rest = block.bytes - bytes;
  if (rest < (block.small ? kGranule : kSmall + kGranule))
    return;
  // Without host memory for it, the rest stays with the block.
  Block *second = static_cast<Block *>(calloc(1, sizeof(Block)));
  if (!second)
    return;
  second->address = block.address + bytes;
  second->bytes = rest;
  second->small = block.small;
  second->before = &block;
  second->after = block.after;
  if (second->after)
    second->after->before = second;
  block.after = second;
  block.bytes = bytes;
  pushFree(*second);
}

int32_t Allocator::allocate(uint64_t bytes, Address &address) {
  address = 0;
  if (bytes == 0)
    return TENSORC_OK;
  Lock guard(lock);
  if (bytes > UINT64_MAX / 2)
    return outOfMemory(bytes);
  uint64_t rounded = (bytes + kGranule - 1) & ~(kGranule - 1);
  bool small = rounded <= kSmall;
  Block *block = takeFree(rounded, small);
  if (block)
    ++counts.cache_hits;
  else if (int32_t status = addSegment(rounded, small, block))
    return status;
  split(*block, rounded);
  block->used = true;
  Block *&bucket = *bucketOf(block->address);
  block->next = bucket;
  bucket = block;
  ++counts.allocations;
  counts.in_use += block->bytes;
  if (counts.in_use > counts.peak_in_use)
    counts.peak_in_use = counts.in_use;
  address = block->address;
  return TENSORC_OK;
}

/// Makes one block of `block` and the free ones beside it.
Allocator::Block *Allocator::join(Block *block) {
  auto absorb = [](Block *first, Block *second) {
    first->bytes += second->bytes;
    first->after = second->after;
    if (first->after)
      first->after->before = first;
    ::free(second);
  };
  if (Block *after = block->after; after && !after->used) {
    removeFree(*after);
    absorb(block, after);
  }
  if (Block *before = block->before; before && !before->used) {
    removeFree(*before);
    absorb(before, block);
    block = before;
  }
  return block;
}

bool Allocator::free(Address address) {
  Lock guard(lock);
  Block **link = bucketOf(address);
  while (*link && (*link)->address != address)
    link = &(*link)->next;
  Block *block = *link;
  if (!block)
    return false;
  *link = block->next;
  counts.in_use -= block->bytes;
  pushFree(*join(block));
  return true;
}

/// Keeps the segment when the driver does.
void Allocator::releaseSegment(Block *block) {
  Result result = api().memFree(block->address);
  device.note(result, api().memFree.name);
  if (result != kSuccess)
    return;
  removeFree(*block);
  counts.reserved -= block->bytes;
  ::free(block);
}

void Allocator::releaseUnused() {
  for (auto &bins : freeBlocks)
    for (Block *head : bins)
      for (Block *block = head, *next; block; block = next) {
        next = block->next;
        if (!block->before && !block->after)
          releaseSegment(block);
      }
}

void Allocator::releaseCache() {
  Lock guard(lock);
  releaseUnused();
}

tensorc_cuda_memory Allocator::statistics() {
  Lock guard(lock);
  return counts;
}
