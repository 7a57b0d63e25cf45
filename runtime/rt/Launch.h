//===- Launch.h - One launch of a kernel --------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RT_LAUNCH_H
#define TENSORC_RT_LAUNCH_H

#include "FloatMode.h"
#include "Status.h"

#include <atomic>
#include <pthread.h>

namespace tensorc::rt {

/// One launch, on the stack of the thread that asked for it. Any number of
/// threads may be in `runTasks` at once. Every task runs, failures or not, so
/// that what a launch leaves in memory doesn't depend on the threads.
class Launch {
public:
  Launch(tensorc_kernel_fn kernel, void *const *buffers, const int64_t *sizes,
         int64_t taskCount)
      : taskCount(taskCount), kernel(kernel), buffers(buffers), sizes(sizes) {}

  /// What a thread begins with. Each on a cache line of its own: threads write
  /// them.
  struct alignas(64) Share {
    std::atomic<int64_t> next;
    int64_t end;
  };
  static constexpr int32_t kMaxShares = 64;

  /// Deals the tasks out to `threads` threads, before any of them comes, into
  /// `space` for `kMaxShares`. Each gets a share of neighbours, the same one
  /// whenever the number of tasks is the same: what one launch wrote is in the
  /// cache of the core that reads it in the next.
  void deal(int32_t threads, Share *space);
  /// Runs the tasks of thread `self`'s share, then what others have not begun.
  void runTasks(int32_t self);
  /// Runs all tasks on this thread, without the cost of sharing them.
  void runInline();
  /// Runs one task: the shape that a caller's own pool wants.
  static void runTask(void *launch, int64_t task);
  /// When all tasks are done, on the launching thread: the first failure in
  /// task order, its words brought to this thread.
  int32_t finish();

  const int64_t taskCount;

private:
  void run(ThreadState &self, int64_t task);
  void recordFailure(ThreadState &self, int64_t task, int32_t status);

  /// The launching thread's: all threads compute alike.
  const FloatMode mode = FloatMode::current();
  const tensorc_kernel_fn kernel;
  void *const *const buffers;
  const int64_t *const sizes;
  pthread_mutex_t failureLock = PTHREAD_MUTEX_INITIALIZER;
  int64_t failedTask = -1;
  int32_t failedStatus = TENSORC_OK;
  char words[kWordsSize]; // set with `failedTask`
  int32_t shareCount = 0;
  Share *shares = nullptr;
};

/// The caller's own thread pool, or null.
struct UserPool {
  tensorc_parallel_for_fn parallelFor;
  void *pool;
};
UserPool userPool();

} // namespace tensorc::rt

#endif // TENSORC_RT_LAUNCH_H
