//===- Emulator.cpp - GPU kernels, run on the CPU -------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/gpu/EmulatedBlock.h"
#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <random>

using namespace tensorc;
using namespace tensorc::test;

//===----------------------------------------------------------------------===//
// Fibers
//===----------------------------------------------------------------------===//

/// Saves the callee's registers on the stack, leaves its top in `*from`, and
/// goes on where `to` left off. (System V, x86-64, as all emulated code.)
extern "C" void tensorcSwitchStack(void **from, void *to);
asm(R"(
.text
.globl tensorcSwitchStack
.type tensorcSwitchStack, @function
tensorcSwitchStack:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size tensorcSwitchStack, .-tensorcSwitchStack
)");

static constexpr size_t stackBytes = 64 << 10;

EmulatedBlock *test::currentBlock;

static void yieldTo(EmulatedWait wait) {
  EmulatedThread &thread = *currentBlock->running;
  thread.wait = wait;
  tensorcSwitchStack(&thread.stack, currentBlock->scheduler);
}

/// The bottom of each fiber's stack.
static void threadMain() {
  currentBlock->kernel(currentBlock->buffers, currentBlock->sizes, 0, 1);
  yieldTo(EmulatedWait::Done);
  abort();
}

static void prepareStack(EmulatedThread &thread, uint8_t *memory) {
  auto *top = reinterpret_cast<void **>(memory + stackBytes);
  // A return address above `threadMain`'s, as the call would have left it, and
  // the registers that a switch restores.
  *--top = nullptr;
  *--top = reinterpret_cast<void *>(&threadMain);
  for (int i = 0; i < 6; ++i)
    *--top = nullptr;
  thread.stack = top;
  thread.wait = EmulatedWait::None;
}

//===----------------------------------------------------------------------===//
// What code calls
//===----------------------------------------------------------------------===//

extern "C" {
int64_t tensorc_emulate_thread() { return currentBlock->running->number; }
int64_t tensorc_emulate_block() { return currentBlock->number; }
int64_t tensorc_emulate_blocks() { return currentBlock->launch->blocks; }
void tensorc_emulate_barrier() { yieldTo(EmulatedWait::Barrier); }
void tensorc_emulate_fragment(int32_t slot, int32_t bits) {
  currentBlock->running->fragments[slot] = uint32_t(bits);
}
int32_t tensorc_emulate_sum(int32_t slot) {
  return int32_t(currentBlock->running->fragments[6 + slot]);
}
void tensorc_emulate_mma(int32_t type) {
  currentBlock->running->type = MatrixType(type);
  yieldTo(EmulatedWait::Multiply);
}
void tensorc_emulate_ldmatrix(uint64_t row, int32_t turned) {
  currentBlock->running->row = reinterpret_cast<const uint8_t *>(row);
  currentBlock->running->turned = turned != 0;
  yieldTo(EmulatedWait::LoadMatrix);
}
int32_t tensorc_emulate_word(int32_t number) {
  return int32_t(currentBlock->running->fragments[number]);
}
void tensorc_emulate_copy(uint64_t to, uint64_t from, int64_t bytes,
                          int64_t taken) {
  currentBlock->running->copies.back().push_back(
      {reinterpret_cast<uint8_t *>(to), reinterpret_cast<const uint8_t *>(from),
       bytes, taken});
}
void tensorc_emulate_commit() { currentBlock->running->copies.emplace_back(); }
void tensorc_emulate_wait(int32_t pending) {
  auto &groups = currentBlock->running->copies;
  while (int64_t(groups.size()) - 1 > pending) {
    currentBlock->running->hidesCopies |= !groups.front().empty();
    for (const EmulatedCopy &copy : groups.front()) {
      std::memset(copy.to, 0, copy.bytes);
      std::memcpy(copy.to, copy.from, copy.taken);
    }
    groups.erase(groups.begin());
  }
}
void tensorc_emulate_show_copies() {
  currentBlock->running->hidesCopies = false;
}
void tensorc_emulate_warpgroup_multiply(float *sums, uint64_t rows,
                                        uint64_t columns, int32_t count,
                                        int32_t type, int32_t turnedRows,
                                        int32_t turnedColumns) {
  currentBlock->running->product = {{rows, columns},
                                    {turnedRows != 0, turnedColumns != 0},
                                    count,
                                    MatrixType(type),
                                    sums,
                                    0};
  yieldTo(EmulatedWait::WarpgroupMultiply);
}
void tensorc_emulate_commit_products() {
  currentBlock->running->products.emplace_back();
}
void tensorc_emulate_wait_products(int32_t pending) {
  auto &groups = currentBlock->running->products;
  while (int64_t(groups.size()) - 1 > pending) {
    // One thread of each warp looks.
    for (const EmulatedProduct &product : groups.front())
      if (currentBlock->running->number % warpThreads == 0 &&
          checksumOf(product) != product.checksum)
        currentBlock->wrong = "shared memory changes while it is multiplied";
    groups.erase(groups.begin());
  }
}
uint64_t tensorc_emulate_shuffle(uint64_t value, int32_t distance) {
  EmulatedThread &thread = *currentBlock->running;
  thread.offered = value;
  thread.partner = thread.number ^ distance;
  yieldTo(EmulatedWait::Shuffle);
  return currentBlock->running->offered;
}
}

std::vector<std::pair<std::string, void *>> test::emulatorFunctions() {
  auto address = [](auto *function) {
    return reinterpret_cast<void *>(function);
  };
  return {
      {"tensorc_emulate_thread", address(tensorc_emulate_thread)},
      {"tensorc_emulate_block", address(tensorc_emulate_block)},
      {"tensorc_emulate_blocks", address(tensorc_emulate_blocks)},
      {"tensorc_emulate_barrier", address(tensorc_emulate_barrier)},
      {"tensorc_emulate_fragment", address(tensorc_emulate_fragment)},
      {"tensorc_emulate_sum", address(tensorc_emulate_sum)},
      {"tensorc_emulate_mma", address(tensorc_emulate_mma)},
      {"tensorc_emulate_ldmatrix", address(tensorc_emulate_ldmatrix)},
      {"tensorc_emulate_word", address(tensorc_emulate_word)},
      {"tensorc_emulate_copy", address(tensorc_emulate_copy)},
      {"tensorc_emulate_commit", address(tensorc_emulate_commit)},
      {"tensorc_emulate_wait", address(tensorc_emulate_wait)},
      {"tensorc_emulate_show_copies", address(tensorc_emulate_show_copies)},
      {"tensorc_emulate_warpgroup_multiply",
       address(tensorc_emulate_warpgroup_multiply)},
      {"tensorc_emulate_commit_products",
       address(tensorc_emulate_commit_products)},
      {"tensorc_emulate_wait_products", address(tensorc_emulate_wait_products)},
      {"tensorc_emulate_shuffle", address(tensorc_emulate_shuffle)}};
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

/// Multiplies for each warpgroup that waits for it. Whether one did.
static bool multiplyWarpgroups(EmulatedBlock &block) {
  bool any = false;
  int64_t count = int64_t(block.threads.size());
  for (int64_t first = 0; first + 128 <= count; first += 128) {
    auto begin = block.threads.begin() + first;
    if (!std::all_of(begin, begin + 128, [](const EmulatedThread &thread) {
          return thread.wait == EmulatedWait::WarpgroupMultiply;
        }))
      continue;
    any = true;
    if (block.wrong.empty())
      block.wrong = multiplyWarpgroup(block, first);
  }
  return any;
}

/// Runs each warp until all of its threads wait for the block, for their
/// warpgroup, or are done.
static std::string runWarp(EmulatedBlock &block, std::vector<int64_t> &order) {
  for (;;) {
    for (int64_t number : order) {
      EmulatedThread &thread = block.threads[number];
      if (thread.wait != EmulatedWait::None)
        continue;
      block.running = &thread;
      tensorcSwitchStack(&block.scheduler, thread.stack);
    }
    EmulatedWait first = block.threads[order.front()].wait;
    for (int64_t number : order)
      if (block.threads[number].wait != first)
        return "the threads of a warp part at a barrier or shuffle";
    if (first == EmulatedWait::Multiply || first == EmulatedWait::LoadMatrix) {
      std::vector<EmulatedThread *> warp(order.size());
      for (int64_t number : order) {
        warp[number % warpThreads] = &block.threads[number];
        block.threads[number].wait = EmulatedWait::None;
      }
      if (first == EmulatedWait::Multiply)
        multiplyWarp(warp);
      else if (std::string wrong = loadMatrices(warp); !wrong.empty())
        return wrong;
      continue;
    }
    if (first != EmulatedWait::Shuffle)
      return "";
    std::vector<uint64_t> values;
    for (int64_t number : order) {
      int64_t partner = block.threads[number].partner;
      if (partner >= int64_t(block.threads.size()) ||
          partner / warpThreads != number / warpThreads)
        return "a shuffle leaves its warp";
      values.push_back(block.threads[partner].offered);
    }
    for (size_t i = 0; i < order.size(); ++i) {
      block.threads[order[i]].offered = values[i];
      block.threads[order[i]].wait = EmulatedWait::None;
    }
  }
}

static std::string runBlock(EmulatedBlock &block, uint8_t *stacks,
                            std::mt19937 &generator) {
  // Nothing is known of shared memory at the start; as floats, these are NaN.
  std::fill_n(block.shared, block.sharedBytes, 0xff);
  int64_t count = block.launch->threads;
  block.threads.assign(count, EmulatedThread());
  std::vector<std::vector<int64_t>> warps;
  for (int64_t i = 0; i < count; ++i) {
    block.threads[i].number = i;
    prepareStack(block.threads[i], stacks + size_t(i) * stackBytes);
    if (i % warpThreads == 0)
      warps.emplace_back();
    warps.back().push_back(i);
  }
  auto arrange = [&](auto &list) {
    if (block.launch->order == ThreadOrder::Backward)
      std::reverse(list.begin(), list.end());
    else if (block.launch->order == ThreadOrder::Shuffled)
      std::shuffle(list.begin(), list.end(), generator);
  };
  for (auto &warp : warps)
    arrange(warp);
  arrange(warps);
  for (;;) {
    for (auto &warp : warps)
      if (std::string wrong = runWarp(block, warp); !wrong.empty())
        return wrong;
    bool multiplied = multiplyWarpgroups(block);
    if (!block.wrong.empty())
      return block.wrong;
    if (multiplied)
      continue;
    EmulatedWait first = block.threads.front().wait;
    for (EmulatedThread &thread : block.threads)
      if (thread.wait != first || first == EmulatedWait::WarpgroupMultiply)
        return "not all threads of a block reach a barrier";
    if (first == EmulatedWait::Done) {
      for (EmulatedThread &thread : block.threads)
        if (thread.copies.size() > 1 || !thread.copies.front().empty())
          return "a thread ends before its copies";
      for (EmulatedThread &thread : block.threads)
        if (thread.products.size() > 1 || !thread.products.front().empty())
          return "a thread ends before its products";
      return "";
    }
    for (EmulatedThread &thread : block.threads)
      thread.wait = EmulatedWait::None;
  }
}

std::string test::emulate(tensorc_kernel_fn kernel, std::vector<void *> buffers,
                          const int64_t *sizes, const EmulatedLaunch &launch) {
  static std::vector<uint8_t> memory;
  memory.resize(size_t(launch.threads) * stackBytes + 64);
  auto address = reinterpret_cast<uintptr_t>(memory.data());
  uint8_t *stacks = memory.data() + (64 - address % 64) % 64;
  EmulatedBlock block;
  block.launch = &launch;
  block.kernel = kernel;
  block.sizes = sizes;
  // As large as the window, and where one starts.
  constexpr size_t window = 1 << 18, alignment = 1024;
  static std::vector<uint8_t> sharedMemory(2 * window);
  auto place = reinterpret_cast<uintptr_t>(sharedMemory.data());
  block.shared = sharedMemory.data() + (window - place % window) % window;
  for (int64_t bytes : launch.sharedBytes) {
    buffers.push_back(block.shared + block.sharedBytes);
    block.sharedBytes +=
        (size_t(bytes) + alignment - 1) / alignment * alignment;
  }
  assert(block.sharedBytes <= window);
  block.buffers = buffers.data();
  std::mt19937 generator(7);
  currentBlock = &block;
  std::string wrong;
  for (int64_t i = 0; i < launch.blocks && wrong.empty(); ++i) {
    // Blocks run in any order, too.
    block.number =
        launch.order == ThreadOrder::Forward ? i : launch.blocks - 1 - i;
    wrong = runBlock(block, stacks, generator);
  }
  currentBlock = nullptr;
  return wrong;
}
