//===- Arena.h - Offsets by lifetime ---------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_MEMORY_ARENA_H
#define TENSORC_COMPILER_MEMORY_ARENA_H

#include "compiler/memory/Lifetimes.h"

namespace tensorc::compiler::memory {

/// A buffer that wants a place.
struct Block {
  int64_t bytes;
  Lifetime lifetime;
  int64_t offset = 0; ///< set by `placeBlocks`
};

/// Gives each block an offset that is a multiple of `alignment`, so that no two
/// that live at the same time overlap: largest first, each in the smallest gap
/// between its contemporaries that it fits in. Returns the bytes of the arena.
int64_t placeBlocks(llvm::MutableArrayRef<Block> blocks, int64_t alignment);

/// The most bytes that are live at one time.
int64_t liveBytes(llvm::ArrayRef<Block> blocks);

} // namespace tensorc::compiler::memory

#endif // TENSORC_COMPILER_MEMORY_ARENA_H
