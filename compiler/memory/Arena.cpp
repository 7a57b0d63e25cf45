//===- Arena.cpp - Offsets by lifetime ------------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/memory/Arena.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/Support/MathExtras.h"

#include <map>

using namespace mlir;

namespace tensorc::compiler::memory {

int64_t placeBlocks(MutableArrayRef<Block> blocks, int64_t alignment) {
  auto order = llvm::to_vector(llvm::seq<size_t>(0, blocks.size()));
  llvm::sort(order, [&](size_t a, size_t b) {
    return std::tuple(-blocks[a].bytes, a) < std::tuple(-blocks[b].bytes, b);
  });
  int64_t total = 0;
  SmallVector<const Block *> placed; // by offset
  for (size_t index : order) {
    Block &block = blocks[index];
    int64_t bytes = llvm::alignTo(block.bytes, alignment);
    int64_t end = 0; // of the contemporaries so far
    int64_t best = -1, bestGap = 0;
    for (const Block *other : placed) {
      if (!other->lifetime.overlaps(block.lifetime))
        continue;
      int64_t gap = other->offset - end;
      if (gap >= bytes && (best < 0 || gap < bestGap)) {
        best = end;
        bestGap = gap;
      }
      if (bestGap == bytes && best >= 0)
        break; // none is smaller
      end = std::max<int64_t>(end, other->offset +
                                       llvm::alignTo(other->bytes, alignment));
    }
    block.offset = best < 0 ? end : best;
    total = std::max(total, block.offset + bytes);
    auto *place = llvm::upper_bound(
        placed, block.offset,
        [](int64_t offset, const Block *b) { return offset < b->offset; });
    placed.insert(place, &block);
  }
  return total;
}

int64_t liveBytes(ArrayRef<Block> blocks) {
  std::map<unsigned, int64_t> changes; // by launch
  for (const Block &block : blocks) {
    changes[block.lifetime.first] += block.bytes;
    changes[block.lifetime.last + 1] -= block.bytes;
  }
  int64_t live = 0, most = 0;
  for (auto [launch, change] : changes)
    most = std::max(most, live += change);
  return most;
}

} // namespace tensorc::compiler::memory
