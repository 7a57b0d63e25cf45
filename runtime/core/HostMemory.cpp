//===- HostMemory.cpp - Memory of the host, kept for the next tensor ------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/HostMemory.h"
#include "tensorc/abi.h"

#include <bit>
#include <cstdlib>
#include <new>

namespace tensorc {

// Sanitizers are to see every block come and go.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TENSORC_KEEP_NOTHING
#endif
#endif
#if defined(TENSORC_KEEP_NOTHING) || defined(__SANITIZE_ADDRESS__)
static constexpr std::size_t kLimit = 0;
#else
static constexpr std::size_t kLimit = kKeptBytes;
#endif

// Four sizes for each power of two, from 64 bytes on: at most a fifth of a
// block is unused.
static constexpr std::size_t kClasses = 160;

/// The smallest class of blocks of at least `bytes`.
static std::size_t class_of(std::size_t bytes) {
  std::size_t units = (bytes + TENSORC_ALIGNMENT - 1) / TENSORC_ALIGNMENT;
  if (units <= 4)
    return units ? units - 1 : 0;
  int top = std::bit_width(units - 1) - 1; // 2^top <= units - 1 < 2^(top + 1)
  std::size_t quarter = (units - 1) >> (top - 2); // 4 … 7
  return std::size_t(top - 1) * 4 + quarter - 4;
}

static std::size_t bytes_of(std::size_t size_class) {
  if (size_class < 4)
    return (size_class + 1) * TENSORC_ALIGNMENT;
  std::size_t quarter = size_class % 4 + 5; // 5 … 8
  return (quarter << (size_class / 4 - 1)) * TENSORC_ALIGNMENT;
}

namespace {
/// A freed block holds the one that was freed before it.
struct Block {
  Block *next;
};

struct Kept {
  Block *blocks[kClasses];
  std::size_t bytes;
  bool begun; ///< what follows is arranged for
  bool over;  ///< the thread ends: tensors that are still there free by hand
};
} // namespace

// Without a destructor, so that it is there to the end.
static thread_local Kept kept;

std::size_t release_kept() {
  std::size_t released = kept.bytes;
  for (Block *&first : kept.blocks)
    while (Block *block = first) {
      first = block->next;
      std::free(block);
    }
  kept.bytes = 0;
  return released;
}

namespace {
struct AtThreadEnd {
  ~AtThreadEnd() {
    kept.over = true;
    release_kept();
  }
};
} // namespace

void *allocate_host(std::size_t bytes, std::size_t &block) {
  if (bytes > std::size_t(1) << 47)
    return nullptr; // no address is that far
  std::size_t size_class = class_of(bytes);
  block = bytes_of(size_class);
  if (Block *first = kept.blocks[size_class]) {
    kept.blocks[size_class] = first->next;
    kept.bytes -= block;
    return first;
  }
  void *memory = std::aligned_alloc(TENSORC_ALIGNMENT, block);
  if (!memory && release_kept())
    memory = std::aligned_alloc(TENSORC_ALIGNMENT, block);
  return memory;
}

void free_host(void *memory, std::size_t block) {
  if (!kept.begun) [[unlikely]] {
    static thread_local AtThreadEnd at_thread_end;
    (void)&at_thread_end;
    kept.begun = true;
  }
  if (kept.over || block > kLimit - kept.bytes) {
    std::free(memory);
    return;
  }
  Block *&first = kept.blocks[class_of(block)];
  first = new (memory) Block{first};
  kept.bytes += block;
}

} // namespace tensorc
