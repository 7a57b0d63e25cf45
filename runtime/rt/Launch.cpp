//===- Launch.cpp - One launch of a kernel ------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Launch.h"

#include <stdio.h>
#include <string.h>

using namespace tensorc::rt;

static std::atomic<tensorc_parallel_for_fn> userParallelFor = nullptr;
static std::atomic<void *> userPoolPointer = nullptr;

UserPool tensorc::rt::userPool() {
  // Not set while a launch is under way, hence the two belong together.
  return {userParallelFor.load(std::memory_order_acquire),
          userPoolPointer.load(std::memory_order_relaxed)};
}

void tensorc_rt_set_thread_pool(tensorc_parallel_for_fn parallel_for,
                                void *pool) {
  userPoolPointer.store(pool, std::memory_order_relaxed);
  userParallelFor.store(parallel_for, std::memory_order_release);
}

void Launch::run(ThreadState &self, int64_t task) {
  self.failed = false;
  if (int32_t status = kernel(buffers, sizes, task, taskCount)) [[unlikely]]
    recordFailure(self, task, status);
}

void Launch::deal(int32_t threads, Share *space) {
  shares = space;
  shareCount = threads < kMaxShares ? threads : kMaxShares;
  if (taskCount < shareCount)
    shareCount = static_cast<int32_t>(taskCount);
  // The first shares take what is left over.
  int64_t size = taskCount / shareCount, left = taskCount % shareCount,
          begin = 0;
  for (int32_t i = 0; i < shareCount; ++i) {
    shares[i].next.store(begin, std::memory_order_relaxed);
    begin += size + (i < left);
    shares[i].end = begin;
  }
}

void Launch::runTasks(int32_t self) {
  ThreadState &state = threadState();
  FloatModeScope scope(mode);
  bool nested = state.inTask;
  state.inTask = true;
  for (int32_t i = 0; i < shareCount; ++i) {
    Share &share = shares[(self + i) % shareCount];
    // Looked at first: adding takes the line from whoever works there.
    while (share.next.load(std::memory_order_relaxed) < share.end) {
      int64_t task = share.next.fetch_add(1, std::memory_order_relaxed);
      if (task < share.end)
        run(state, task);
    }
  }
  state.inTask = nested;
}

void Launch::runInline() {
  ThreadState &self = threadState();
  bool nested = self.inTask;
  // A single task is the caller's own work and may use the pool itself.
  self.inTask = nested || taskCount > 1;
  for (int64_t task = 0; task < taskCount; ++task)
    run(self, task);
  self.inTask = nested;
}

void Launch::runTask(void *launch, int64_t task) {
  auto *self = static_cast<Launch *>(launch);
  ThreadState &state = threadState();
  FloatModeScope scope(self->mode);
  bool nested = state.inTask;
  state.inTask = true;
  self->run(state, task);
  state.inTask = nested;
}

void Launch::recordFailure(ThreadState &self, int64_t task, int32_t status) {
  pthread_mutex_lock(&failureLock);
  if (failedTask < 0 || task < failedTask) {
    failedTask = task;
    failedStatus = status;
    if (self.failed)
      memcpy(words, self.words, strlen(self.words) + 1);
    else
      snprintf(words, sizeof(words), "task %lld of %lld failed with status %d",
               static_cast<long long>(task), static_cast<long long>(taskCount),
               status);
  }
  pthread_mutex_unlock(&failureLock);
}

int32_t Launch::finish() {
  if (failedTask < 0) [[likely]]
    return TENSORC_OK;
  return tensorc_rt_fail(failedStatus, "%s", words);
}

void tensorc_rt_set_flush_denormals(int32_t on) {
  FloatMode::current().flushingDenormals(on != 0).apply();
}
