//===- EmulatedMatrices.cpp - Tensor cores, on the CPU --------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/gpu/EmulatedBlock.h"
#include <cstring>

using namespace tensorc;
using namespace tensorc::test;

//===----------------------------------------------------------------------===//
// A warp's matrices in registers
//===----------------------------------------------------------------------===//

/// Number `part` of those in a register.
static double numberOf(uint32_t bits, int part, MatrixType type) {
  uint16_t word = uint16_t(bits >> (16 * part));
  if (type == MatrixType::F16) {
    _Float16 value;
    std::memcpy(&value, &word, 2);
    return double(value);
  }
  // TF32 has ten bits of mantissa; what is below them isn't looked at.
  uint32_t wide =
      type == MatrixType::BF16 ? uint32_t(word) << 16 : bits & ~0x1fffu;
  float value;
  std::memcpy(&value, &wide, 4);
  return value;
}

/// mma.m16n8k16, or m16n8k8 for TF32; fragments as in the PTX ISA.
void test::multiplyWarp(const std::vector<EmulatedThread *> &warp) {
  MatrixType type = warp[0]->type;
  // Numbers in a register, and the depth that four threads have at once.
  int parts = type == MatrixType::TF32 ? 1 : 2, width = 4 * parts;
  double rows[16][16], columns[8][16];
  for (int lane = 0; lane < 32; ++lane) {
    int group = lane / 4, first = lane % 4 * parts;
    for (int part = 0; part < parts; ++part) {
      auto number = [&](int slot) {
        return numberOf(warp[lane]->fragments[slot], part, type);
      };
      rows[group][first + part] = number(0);
      rows[group + 8][first + part] = number(1);
      rows[group][first + width + part] = number(2);
      rows[group + 8][first + width + part] = number(3);
      columns[group][first + part] = number(4);
      columns[group][first + width + part] = number(5);
    }
  }
  for (int lane = 0; lane < 32; ++lane)
    for (int i = 0; i < 4; ++i) {
      int row = lane / 4 + i / 2 * 8, column = lane % 4 * 2 + i % 2;
      float sum;
      std::memcpy(&sum, &warp[lane]->fragments[6 + i], 4);
      double total = sum;
      for (int k = 0; k < 2 * width; ++k)
        total += rows[row][k] * columns[column][k];
      sum = float(total);
      std::memcpy(&warp[lane]->fragments[6 + i], &sum, 4);
    }
}

/// ldmatrix.x4: the threads 8 * n and on point to the rows of matrix n. Returns
/// what is wrong.
std::string test::loadMatrices(const std::vector<EmulatedThread *> &warp) {
  for (EmulatedThread *thread : warp)
    if (reinterpret_cast<uintptr_t>(thread->row) % 16 != 0)
      return "a row of a matrix isn't aligned";
  for (int lane = 0; lane < 32; ++lane)
    for (int matrix = 0; matrix < 4; ++matrix)
      for (int part = 0; part < 2; ++part) {
        int row = lane / 4, column = lane % 4 * 2 + part;
        if (warp[lane]->turned)
          std::swap(row, column);
        std::memcpy(
            reinterpret_cast<uint8_t *>(&warp[lane]->fragments[matrix]) +
                2 * part,
            warp[8 * matrix + row]->row + 2 * column, 2);
      }
  return "";
}

//===----------------------------------------------------------------------===//
// Matrices in shared memory
//===----------------------------------------------------------------------===//

/// The depth of a warpgroup's product.
static constexpr int64_t productDepth = 16;

/// Where the element of a matrix is: number `place` of the rows or columns, and
/// `depth`. (PTX ISA, "Strides"; 128-byte swizzling, the only one there is.)
static const uint8_t *elementOf(uint64_t descriptor, bool turned, int64_t place,
                                int64_t depth) {
  auto field = [&](int shift) {
    return int64_t(descriptor >> shift & 0x3fff) << 4;
  };
  int64_t leading = field(16), stride = field(32);
  int64_t offset = turned ? place / 64 * leading + place % 64 * 2 +
                                depth / 8 * stride + depth % 8 * 128
                          : place / 8 * stride + place % 8 * 128 + depth * 2;
  uint64_t address = uint64_t(field(0) + offset) & 0x3ffff;
  address ^= (address >> 7 & 7) << 4;
  return currentBlock->shared + address;
}

/// The words of a product's rows (0) or columns (1), row by row.
static std::vector<uint16_t> wordsOf(const EmulatedProduct &product, int i) {
  std::vector<uint16_t> words;
  for (int64_t place = 0; place < (i == 0 ? 64 : product.columns); ++place)
    for (int64_t depth = 0; depth < productDepth; ++depth)
      std::memcpy(
          &words.emplace_back(),
          elementOf(product.descriptors[i], product.turned[i], place, depth),
          2);
  return words;
}

uint64_t test::checksumOf(const EmulatedProduct &product) {
  uint64_t sum = 0;
  for (int i : {0, 1})
    for (uint16_t word : wordsOf(product, i))
      sum = sum * 0x9e3779b97f4a7c15 + word;
  return sum;
}

std::string test::multiplyWarpgroup(EmulatedBlock &block, int64_t first) {
  EmulatedProduct &product = block.threads[first].product;
  for (int64_t i = first; i < first + 128; ++i) {
    const EmulatedProduct &other = block.threads[i].product;
    if (other.descriptors[0] != product.descriptors[0] ||
        other.descriptors[1] != product.descriptors[1])
      return "the threads of a warpgroup multiply different matrices";
  }
  for (EmulatedThread &thread : block.threads)
    if (thread.hidesCopies)
      return "wgmma may not see copies that have arrived";
  for (uint64_t descriptor : product.descriptors)
    if (descriptor >> 62 != 1)
      return "a matrix without 128-byte swizzling";
  std::vector<double> numbers[2];
  for (int i : {0, 1})
    for (uint16_t word : wordsOf(product, i))
      numbers[i].push_back(numberOf(word, 0, product.type));
  uint64_t checksum = checksumOf(product);
  for (int64_t i = 0; i < 128; ++i) {
    EmulatedThread &thread = block.threads[first + i];
    int64_t lane = i % warpThreads;
    for (int64_t slot = 0; slot < product.columns / 2; ++slot) {
      int64_t row = i / warpThreads * 16 + lane / 4 + slot % 4 / 2 * 8;
      int64_t column = slot / 4 * 8 + lane % 4 * 2 + slot % 2;
      double total = thread.product.sums[slot];
      for (int64_t k = 0; k < productDepth; ++k)
        total += numbers[0][row * productDepth + k] *
                 numbers[1][column * productDepth + k];
      thread.product.sums[slot] = float(total);
    }
    thread.product.checksum = checksum;
    thread.products.back().push_back(thread.product);
    thread.wait = EmulatedWait::None;
  }
  return "";
}
