//===- ThreadPool.cpp - Launches on several threads ---------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// One launch runs on the pool at a time; the launching thread takes part. Each
// thread begins with a share of its own and then helps the others (see
// Launch.h), so the pool never allocates and a slow task holds nobody up.
// Workers that find nothing to do spin for a moment, as the next launch of a
// training step is microseconds away, and then sleep, each on a futex of its
// own. A launch of few tasks disturbs the first few workers alone. Waking one
// takes about a microsecond, so the launching thread wakes four, and these wake
// others.
//
// A launch from inside a task, or while another thread has the pool, runs its
// tasks inline: never a deadlock, and the same result.
//
// After a fork, the child has no workers: it starts its own at its first
// launch. A child forked from inside a task must exec.
//
//===----------------------------------------------------------------------===//

#include "Launch.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

using namespace tensorc::rt;

namespace {

/// A power of two.
constexpr int32_t kMaxThreads = 1024;

/// How long an idle thread looks for work before it sleeps. The short serial
/// kernels between two launches of a training step take 10 to 40 µs, and waking
/// a sleeper costs the launching thread as much on a virtual machine.
constexpr int64_t kSpinNanoseconds = 50000;

using Word = std::atomic<uint32_t>;
static_assert(sizeof(Word) == 4 && Word::is_always_lock_free);

void futexWait(Word &word, uint32_t value) {
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, value, nullptr, nullptr, 0);
}

void futexWake(Word &word) {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

int64_t now() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/// Spins until `done()`, for `nanoseconds` at most. Whether it was done.
template <typename Done> bool spinUntil(int64_t nanoseconds, Done done) {
  int64_t start = 0;
  for (unsigned i = 0;; ++i) {
    if (done())
      return true;
    if (i % 16 == 15) {
      int64_t time = now();
      if (!start)
        start = time;
      else if (time - start > nanoseconds)
        return false;
    }
    if (!nanoseconds)
      return false;
    relax();
  }
}

int32_t availableCpus() {
  // The kernel refuses a set smaller than its own: try larger ones.
  for (int size = 1024; size <= 1 << 20; size *= 4) {
    cpu_set_t *set = CPU_ALLOC(size);
    if (!set)
      return 1;
    bool read = sched_getaffinity(0, CPU_ALLOC_SIZE(size), set) == 0;
    int count = read ? CPU_COUNT_S(CPU_ALLOC_SIZE(size), set) : 0;
    CPU_FREE(set);
    if (count > 0)
      return count < kMaxThreads ? count : kMaxThreads;
  }
  return 1;
}

int32_t defaultThreads() {
  if (const char *value = getenv("TENSORC_NUM_THREADS")) {
    char *end;
    long count = strtol(value, &end, 10);
    if (end != value && !*end && count >= 1)
      return count < kMaxThreads ? static_cast<int32_t>(count) : kMaxThreads;
  }
  return availableCpus();
}

class ThreadPool {
public:
  /// The calling thread included.
  int32_t threads() {
    int32_t count = threads_.load(std::memory_order_relaxed);
    if (count)
      return count;
    int32_t fresh = defaultThreads();
    return threads_.compare_exchange_strong(count, fresh) ? fresh : count;
  }

  /// Takes the pool for this thread alone, if nobody has it.
  bool tryAcquire() {
    return !owned_.load(std::memory_order_relaxed) &&
           !owned_.exchange(true, std::memory_order_acquire);
  }
  void release() { owned_.store(false, std::memory_order_release); }

  // The rest is for the thread that has acquired the pool.

  void run(Launch &launch);
  void setThreads(int32_t count) {
    stop();
    threads_.store(count, std::memory_order_relaxed);
  }
  void stop();
  /// In the child of a fork: forgets the parent's workers.
  void forget();

private:
  /// Bits of `gate_`; the bits below count the workers inside.
  static constexpr uint32_t kOpen = 1u << 31;
  static constexpr uint32_t kOwnerWaits = 1u << 30;
  /// Bits of `generation_`: the last worker that a launch wants.
  static constexpr uint32_t kLastWanted = kMaxThreads - 1;
  /// How many each thread wakes.
  static constexpr int32_t kWakes = 4;

  void start();
  void announce(uint32_t lastWanted);
  void wake(int32_t first, int32_t last);
  void wakeNext(int32_t self, int32_t last);
  void waitForWorkers();
  uint32_t waitForWork(int32_t self, uint32_t seen);
  void workerMain(int32_t self, uint32_t seen);
  static void *workerEntry(void *number);

  /// The number of launches so far, above whom the last one wants: what idle
  /// workers watch.
  alignas(64) Word generation_ = 0;
  /// Workers may touch `launch_` between entering an open gate and leaving;
  /// the owner closes the gate and waits for the last to leave.
  alignas(64) Word gate_ = 0;
  Launch *launch_ = nullptr;

  alignas(64) std::atomic<bool> owned_ = false;
  std::atomic<bool> stopping_ = false;
  std::atomic<int32_t> threads_ = 0;
  /// Set at the start. Zero where there are more threads than processors:
  /// whoever spins there keeps another from working.
  std::atomic<int64_t> spin_ = 0;
  bool started_ = false;
  bool atForkSet_ = false;
  int32_t workerCount_ = 0;
  pthread_t workers_[kMaxThreads - 1] = {};
  /// 1 where the worker of that number sleeps, or is about to.
  Word asleep_[kMaxThreads] = {};
  Launch::Share shares_[Launch::kMaxShares] = {};
};

constinit ThreadPool pool;

} // namespace

void ThreadPool::run(Launch &launch) {
  if (!started_)
    start();
  int32_t last = launch.taskCount <= workerCount_
                     ? static_cast<int32_t>(launch.taskCount) - 1
                     : workerCount_;
  launch.deal(last + 1, shares_);
  launch_ = &launch;
  gate_.fetch_or(kOpen, std::memory_order_release);
  announce(last);
  wakeNext(0, last);
  launch.runTasks(0);
  uint32_t before = gate_.fetch_and(~kOpen, std::memory_order_acq_rel);
  if (before != kOpen)
    waitForWorkers();
}

void ThreadPool::announce(uint32_t lastWanted) {
  uint32_t before = generation_.load(std::memory_order_relaxed);
  generation_.store(((before | kLastWanted) + 1) | lastWanted);
}

/// Each worker has one thread who wakes it: either he sees it asleep, or it
/// sees the new generation.
void ThreadPool::wake(int32_t first, int32_t last) {
  for (Word *word = asleep_ + first; word <= asleep_ + last; ++word)
    if (word->load() && word->exchange(0))
      futexWake(*word);
}

void ThreadPool::wakeNext(int32_t self, int32_t last) {
  int32_t end = (self + 1) * kWakes;
  wake(self * kWakes + 1, end < last ? end : last);
}

void ThreadPool::waitForWorkers() {
  if (spinUntil(spin_.load(std::memory_order_relaxed),
                [&] { return gate_.load(std::memory_order_acquire) == 0; }))
    return;
  uint32_t value =
      gate_.fetch_or(kOwnerWaits, std::memory_order_acq_rel) | kOwnerWaits;
  while (value != kOwnerWaits) {
    futexWait(gate_, value);
    value = gate_.load(std::memory_order_acquire);
  }
  // Not a store: a late worker may just be looking in at the closed gate.
  gate_.fetch_and(~kOwnerWaits, std::memory_order_acq_rel);
}

/// Until there is a launch that wants worker `self`.
uint32_t ThreadPool::waitForWork(int32_t self, uint32_t seen) {
  auto isWanted = [&] {
    uint32_t generation = generation_.load();
    if (generation == seen)
      return false;
    seen = generation;
    return (seen & kLastWanted) >= static_cast<uint32_t>(self);
  };
  Word &asleep = asleep_[self];
  for (int64_t spin = spin_.load(std::memory_order_relaxed);; spin = 0) {
    if (spinUntil(spin, isWanted))
      break;
    // The first time, it looks once more.
    if (asleep.exchange(1))
      futexWait(asleep, 1);
  }
  if (asleep.load(std::memory_order_relaxed))
    asleep.store(0);
  return seen;
}

void ThreadPool::workerMain(int32_t self, uint32_t seen) {
  for (;;) {
    seen = waitForWork(self, seen);
    if (stopping_.load(std::memory_order_acquire))
      return;
    if (gate_.fetch_add(1, std::memory_order_acq_rel) & kOpen) {
      wakeNext(self, static_cast<int32_t>(seen & kLastWanted));
      launch_->runTasks(self);
    }
    // Once outside, the launch is gone; the pool never is.
    if (gate_.fetch_sub(1, std::memory_order_acq_rel) - 1 == kOwnerWaits)
      futexWake(gate_);
  }
}

void *ThreadPool::workerEntry(void *number) {
  // The owner has not begun its launch yet or has already: both are seen as
  // work, and at worst the gate is closed again.
  pool.workerMain(static_cast<int32_t>(reinterpret_cast<intptr_t>(number)),
                  ~pool.generation_.load());
  return nullptr;
}

void ThreadPool::start() {
  started_ = true;
  if (!atForkSet_)
    atForkSet_ = pthread_atfork(nullptr, nullptr, [] { pool.forget(); }) == 0;
  int32_t count = threads();
  spin_.store(count <= availableCpus() ? kSpinNanoseconds : 0,
              std::memory_order_relaxed);
  // Signals are for the program's own threads.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  // A thread that can't be had is one less: the results are the same.
  while (workerCount_ < count - 1 &&
         pthread_create(&workers_[workerCount_], nullptr, workerEntry,
                        reinterpret_cast<void *>(
                            static_cast<intptr_t>(workerCount_ + 1))) == 0)
    pthread_setname_np(workers_[workerCount_++], "tensorc");
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void ThreadPool::stop() {
  stopping_.store(true, std::memory_order_release);
  announce(kLastWanted);
  wake(1, workerCount_);
  for (int32_t i = 0; i < workerCount_; ++i)
    pthread_join(workers_[i], nullptr);
  stopping_.store(false, std::memory_order_release);
  workerCount_ = 0;
  started_ = false;
}

void ThreadPool::forget() {
  gate_.store(0);
  stopping_.store(false);
  workerCount_ = 0;
  started_ = false;
  release();
}

/// For a plugin that is unloaded with this library inside, and for leak
/// checkers. When some task calls `exit`, its launch keeps the pool.
__attribute__((destructor)) static void stopPool() {
  if (!pool.tryAcquire())
    return;
  pool.stop();
  pool.release();
}

int32_t tensorc_rt_launch(tensorc_kernel_fn kernel, void *const *buffers,
                          const int64_t *sizes, int64_t task_count) {
  if (task_count <= 0)
    return task_count == 0
               ? TENSORC_OK
               : tensorc_rt_fail(TENSORC_ERROR_INVALID_ARGUMENT,
                                 "a launch of %lld tasks",
                                 static_cast<long long>(task_count));
  Launch launch(kernel, buffers, sizes, task_count);
  if (task_count == 1 || threadState().inTask)
    launch.runInline();
  else if (UserPool user = userPool(); user.parallelFor)
    user.parallelFor(user.pool, task_count, Launch::runTask, &launch);
  else if (pool.threads() == 1 || !pool.tryAcquire())
    launch.runInline();
  else {
    pool.run(launch);
    pool.release();
  }
  return launch.finish();
}

void tensorc_rt_set_num_threads(int32_t count) {
  if (threadState().inTask)
    return; // would wait for itself
  while (!pool.tryAcquire())
    sched_yield();
  if (count <= 0)
    count = defaultThreads();
  else if (count > kMaxThreads)
    count = kMaxThreads;
  if (count != pool.threads())
    pool.setThreads(count);
  pool.release();
}

int32_t tensorc_rt_num_threads(void) { return pool.threads(); }
