//===- Emulator.cpp - GPU kernels, run on the CPU -------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/gpu/Emulator.h"
#include <algorithm>
#include <array>
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <memory>
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

namespace {
constexpr int64_t warpThreads = 32;
constexpr size_t stackBytes = 64 << 10;

enum class Wait { None, Barrier, Shuffle, Multiply, LoadMatrix, Done };

/// An asynchronous copy: it is done no sooner than somebody waits for it.
struct Copy {
  uint8_t *to;
  const uint8_t *from;
  int64_t bytes, taken;
};

struct Thread {
  int64_t number = 0;
  void *stack = nullptr;
  Wait wait = Wait::None;
  /// What this thread offers in a shuffle, and whom it reads.
  uint64_t offered = 0;
  int64_t partner = 0;
  /// Operands of an mma: 4 registers of rows, 2 of columns, 4 of sums; the
  /// result replaces the sums. The words of matrices that were loaded.
  std::array<uint32_t, 10> fragments{};
  MatrixType type = MatrixType::BF16;
  /// The row of a matrix that this thread points to, and how it is read.
  const uint8_t *row = nullptr;
  bool turned = false;
  /// Copies that may not have arrived yet, oldest first; the last group is
  /// still open.
  std::vector<std::vector<Copy>> copies{1};
};

struct Block {
  const EmulatedLaunch *launch = nullptr;
  tensorc_kernel_fn kernel = nullptr;
  void *const *buffers = nullptr;
  const int64_t *sizes = nullptr;
  int64_t number = 0;
  std::vector<Thread> threads;
  std::vector<std::vector<uint8_t>> shared;
  void *scheduler = nullptr;
  Thread *running = nullptr;
};
} // namespace

/// The block that runs now; tests run one at a time.
static Block *current;

static void yieldTo(Wait wait) {
  Thread &thread = *current->running;
  thread.wait = wait;
  tensorcSwitchStack(&thread.stack, current->scheduler);
}

/// The bottom of each fiber's stack.
static void threadMain() {
  current->kernel(current->buffers, current->sizes, 0, 1);
  yieldTo(Wait::Done);
  abort();
}

static void prepareStack(Thread &thread, uint8_t *memory) {
  auto *top = reinterpret_cast<void **>(memory + stackBytes);
  // A return address above `threadMain`'s, as the call would have left it, and
  // the registers that a switch restores.
  *--top = nullptr;
  *--top = reinterpret_cast<void *>(&threadMain);
  for (int i = 0; i < 6; ++i)
    *--top = nullptr;
  thread.stack = top;
  thread.wait = Wait::None;
}

//===----------------------------------------------------------------------===//
// What code calls
//===----------------------------------------------------------------------===//

extern "C" {
int64_t tensorc_emulate_thread() { return current->running->number; }
int64_t tensorc_emulate_block() { return current->number; }
int64_t tensorc_emulate_blocks() { return current->launch->blocks; }
void tensorc_emulate_barrier() { yieldTo(Wait::Barrier); }
void tensorc_emulate_fragment(int32_t slot, int32_t bits) {
  current->running->fragments[slot] = uint32_t(bits);
}
int32_t tensorc_emulate_sum(int32_t slot) {
  return int32_t(current->running->fragments[6 + slot]);
}
void tensorc_emulate_mma(int32_t type) {
  current->running->type = MatrixType(type);
  yieldTo(Wait::Multiply);
}
void tensorc_emulate_ldmatrix(uint64_t row, int32_t turned) {
  current->running->row = reinterpret_cast<const uint8_t *>(row);
  current->running->turned = turned != 0;
  yieldTo(Wait::LoadMatrix);
}
int32_t tensorc_emulate_word(int32_t number) {
  return int32_t(current->running->fragments[number]);
}
void tensorc_emulate_copy(uint64_t to, uint64_t from, int64_t bytes,
                          int64_t taken) {
  current->running->copies.back().push_back(
      {reinterpret_cast<uint8_t *>(to), reinterpret_cast<const uint8_t *>(from),
       bytes, taken});
}
void tensorc_emulate_commit() { current->running->copies.emplace_back(); }
void tensorc_emulate_wait(int32_t pending) {
  auto &groups = current->running->copies;
  while (int64_t(groups.size()) - 1 > pending) {
    for (const Copy &copy : groups.front()) {
      std::memset(copy.to, 0, copy.bytes);
      std::memcpy(copy.to, copy.from, copy.taken);
    }
    groups.erase(groups.begin());
  }
}
uint64_t tensorc_emulate_shuffle(uint64_t value, int32_t distance) {
  Thread &thread = *current->running;
  thread.offered = value;
  thread.partner = thread.number ^ distance;
  yieldTo(Wait::Shuffle);
  return current->running->offered;
}
}

std::vector<std::pair<std::string, void *>> test::emulatorFunctions() {
  auto address = [](auto *function) {
    return reinterpret_cast<void *>(function);
  };
  return {{"tensorc_emulate_thread", address(tensorc_emulate_thread)},
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
          {"tensorc_emulate_shuffle", address(tensorc_emulate_shuffle)}};
}

//===----------------------------------------------------------------------===//
// Blocks
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
static void multiply(const std::vector<Thread *> &warp) {
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
static std::string loadMatrices(const std::vector<Thread *> &warp) {
  for (Thread *thread : warp)
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

/// Runs each warp until all of its threads wait for the block or are done.
static std::string runWarp(Block &block, std::vector<int64_t> &order) {
  for (;;) {
    for (int64_t number : order) {
      Thread &thread = block.threads[number];
      if (thread.wait != Wait::None)
        continue;
      block.running = &thread;
      tensorcSwitchStack(&block.scheduler, thread.stack);
    }
    Wait first = block.threads[order.front()].wait;
    for (int64_t number : order)
      if (block.threads[number].wait != first)
        return "the threads of a warp part at a barrier or shuffle";
    if (first == Wait::Multiply || first == Wait::LoadMatrix) {
      std::vector<Thread *> warp(order.size());
      for (int64_t number : order) {
        warp[number % warpThreads] = &block.threads[number];
        block.threads[number].wait = Wait::None;
      }
      if (first == Wait::Multiply)
        multiply(warp);
      else if (std::string wrong = loadMatrices(warp); !wrong.empty())
        return wrong;
      continue;
    }
    if (first != Wait::Shuffle)
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
      block.threads[order[i]].wait = Wait::None;
    }
  }
}

static std::string runBlock(Block &block, uint8_t *stacks,
                            std::mt19937 &generator) {
  // Nothing is known of shared memory at the start; as floats, these are NaN.
  for (auto &array : block.shared)
    std::fill(array.begin(), array.end(), 0xff);
  int64_t count = block.launch->threads;
  block.threads.assign(count, Thread());
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
    Wait first = block.threads.front().wait;
    for (Thread &thread : block.threads)
      if (thread.wait != first)
        return "not all threads of a block reach a barrier";
    if (first == Wait::Done) {
      for (Thread &thread : block.threads)
        if (thread.copies.size() > 1 || !thread.copies.front().empty())
          return "a thread ends before its copies";
      return "";
    }
    for (Thread &thread : block.threads)
      thread.wait = Wait::None;
  }
}

std::string test::emulate(tensorc_kernel_fn kernel, std::vector<void *> buffers,
                          const int64_t *sizes, const EmulatedLaunch &launch) {
  static std::vector<uint8_t> memory;
  memory.resize(size_t(launch.threads) * stackBytes + 64);
  auto address = reinterpret_cast<uintptr_t>(memory.data());
  uint8_t *stacks = memory.data() + (64 - address % 64) % 64;
  Block block;
  block.launch = &launch;
  block.kernel = kernel;
  block.sizes = sizes;
  for (int64_t bytes : launch.sharedBytes)
    block.shared.emplace_back(bytes);
  for (auto &array : block.shared)
    buffers.push_back(array.data());
  block.buffers = buffers.data();
  std::mt19937 generator(7);
  current = &block;
  std::string wrong;
  for (int64_t i = 0; i < launch.blocks && wrong.empty(); ++i) {
    // Blocks run in any order, too.
    block.number =
        launch.order == ThreadOrder::Forward ? i : launch.blocks - 1 - i;
    wrong = runBlock(block, stacks, generator);
  }
  current = nullptr;
  return wrong;
}
