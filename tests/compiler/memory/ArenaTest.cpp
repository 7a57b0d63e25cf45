//===- ArenaTest.cpp - Offsets by lifetime --------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/memory/Arena.h"

#include <gtest/gtest.h>

#include <random>

using namespace tensorc::compiler::memory;

TEST(Arena, FillsTheSmallestGapThatFits) {
  // At time 1 there are gaps of 448 bytes at 512 and of 320 at 1344.
  Block blocks[] = {{512, {0, 2}}, {448, {0, 0}}, {384, {0, 2}},
                    {320, {0, 0}}, {256, {0, 2}}, {192, {1, 2}}};
  EXPECT_EQ(placeBlocks(blocks, 64), 1920);
  EXPECT_EQ(blocks[5].offset, 1344);
  EXPECT_EQ(liveBytes(blocks), 1920);
}

TEST(Arena, KeepsNothingForEmptyBlocks) {
  Block blocks[] = {{0, {0, 3}}, {0, {1, 2}}};
  EXPECT_EQ(placeBlocks(blocks, 64), 0);
  EXPECT_EQ(placeBlocks({}, 64), 0);
  EXPECT_EQ(liveBytes({}), 0);
}

TEST(Arena, NeverOverlapsWhatLivesTogether) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<Block> blocks(1 + random() % 40);
    int64_t all = 0;
    for (Block &block : blocks) {
      block.bytes = random() % 1000;
      block.lifetime.first = random() % 30;
      block.lifetime.last = block.lifetime.first + random() % 10;
      all += (block.bytes + 63) / 64 * 64;
    }
    int64_t total = placeBlocks(blocks, 64);
    EXPECT_LE(total, all);
    EXPECT_GE(total, liveBytes(blocks));
    for (size_t i = 0; i < blocks.size(); ++i) {
      EXPECT_EQ(blocks[i].offset % 64, 0);
      EXPECT_LE(blocks[i].offset + blocks[i].bytes, total);
      for (size_t j = 0; j < i; ++j)
        if (blocks[i].bytes && blocks[j].bytes &&
            blocks[i].lifetime.overlaps(blocks[j].lifetime))
          EXPECT_TRUE(blocks[i].offset + blocks[i].bytes <= blocks[j].offset ||
                      blocks[j].offset + blocks[j].bytes <= blocks[i].offset)
              << "round " << round << ": " << i << " and " << j;
    }
  }
}
