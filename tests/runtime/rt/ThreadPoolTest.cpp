//===- ThreadPoolTest.cpp - Launches on several threads -----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/abi.h"

#include <atomic>
#include <chrono>
#include <cmath>
#include <gtest/gtest.h>
#include <mutex>
#include <sched.h>
#include <set>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

/// The thread sanitizer would rather end than follow a fork of many threads.
extern "C" const char *__tsan_default_options() { return "die_after_fork=0"; }

namespace {

class Launches : public testing::Test {
protected:
  void TearDown() override {
    tensorc_rt_set_thread_pool(nullptr, nullptr);
    tensorc_rt_set_num_threads(0);
  }
};

/// A buffer list of one, as kernels take it.
template <typename T> struct Buffers {
  explicit Buffers(T &value) : pointers{&value} {}
  void *pointers[1];
};

/// Each task sums its share of an awkward series: rounding shows any change of
/// the partition.
struct Series {
  static constexpr int64_t kShare = 257;
  std::vector<float> sums;
};

int32_t sumShare(void *const *buffers, const int64_t *, int64_t task, int64_t) {
  auto &series = *static_cast<Series *>(buffers[0]);
  float sum = 0;
  for (int64_t i = 0; i < Series::kShare; ++i)
    sum += 1.0f / static_cast<float>(task * Series::kShare + i + 1);
  series.sums[task] += sum;
  return TENSORC_OK;
}

TEST_F(Launches, SameBitsForAnyNumberOfThreads) {
  constexpr int64_t kTasks = 137;
  std::vector<float> expected;
  for (int threads : {1, 2, 3, 7, 16, 64, 200}) {
    tensorc_rt_set_num_threads(threads);
    ASSERT_EQ(tensorc_rt_num_threads(), threads);
    for (int run = 0; run < 100; ++run) {
      Series series{std::vector<float>(kTasks)};
      Buffers buffers(series);
      ASSERT_EQ(tensorc_rt_launch(sumShare, buffers.pointers, nullptr, kTasks),
                TENSORC_OK);
      if (expected.empty())
        expected = series.sums;
      ASSERT_EQ(series.sums, expected) << threads << " threads, run " << run;
    }
  }
  EXPECT_GT(expected[0], 6.0f);
}

TEST_F(Launches, RunEachTaskOnce) {
  tensorc_rt_set_num_threads(4);
  struct Counts {
    std::vector<std::atomic<int>> of;
    int64_t wrong = 0;
  } counts{std::vector<std::atomic<int>>(100'000)};
  Buffers buffers(counts);
  auto kernel = [](void *const *buffers, const int64_t *sizes, int64_t task,
                   int64_t count) -> int32_t {
    auto &counts = *static_cast<Counts *>(buffers[0]);
    if (count != 100'000 || sizes[1] != 7)
      return TENSORC_ERROR_INVALID_ARGUMENT;
    ++counts.of[task];
    return TENSORC_OK;
  };
  int64_t sizes[] = {5, 7};
  ASSERT_EQ(tensorc_rt_launch(kernel, buffers.pointers, sizes, 100'000),
            TENSORC_OK);
  for (auto &count : counts.of)
    ASSERT_EQ(count, 1);
}

TEST_F(Launches, UseSeveralThreads) {
  tensorc_rt_set_num_threads(3);
  // Each task waits until three threads are here: only three can do it.
  std::atomic<int> here = 0;
  Buffers buffers(here);
  auto kernel = [](void *const *buffers, const int64_t *, int64_t,
                   int64_t) -> int32_t {
    auto &here = *static_cast<std::atomic<int> *>(buffers[0]);
    ++here;
    auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (here < 3)
      if (std::chrono::steady_clock::now() > deadline)
        return TENSORC_ERROR_INVALID_ARGUMENT;
      else
        std::this_thread::yield();
    return TENSORC_OK;
  };
  EXPECT_EQ(tensorc_rt_launch(kernel, buffers.pointers, nullptr, 3),
            TENSORC_OK);
}

/// Seconds that all threads of this process have worked.
double processorTime() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return double(time.tv_sec) + 1e-9 * double(time.tv_nsec);
}

TEST_F(Launches, LeaveMoreThreadsThanProcessorsAsleep) {
  for (int threads : {64, 256}) {
    tensorc_rt_set_num_threads(threads);
    Series series{std::vector<float>(256)};
    Buffers buffers(series);
    for (int run = 0; run < 300; ++run)
      ASSERT_EQ(tensorc_rt_launch(sumShare, buffers.pointers, nullptr, 256),
                TENSORC_OK);
    // Whoever is still on the way looks, and sleeps.
    double before = processorTime();
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    EXPECT_LT(processorTime() - before, 0.1) << threads << " threads";
  }
}

TEST_F(Launches, OfFewTasksWantFewThreads) {
  tensorc_rt_set_num_threads(16);
  struct Workers {
    std::mutex mutex;
    std::set<std::thread::id> seen;
  } workers;
  Buffers buffers(workers);
  auto kernel = [](void *const *buffers, const int64_t *, int64_t,
                   int64_t) -> int32_t {
    auto &workers = *static_cast<Workers *>(buffers[0]);
    std::lock_guard lock(workers.mutex);
    workers.seen.insert(std::this_thread::get_id());
    return TENSORC_OK;
  };
  for (int run = 0; run < 500; ++run) {
    ASSERT_EQ(tensorc_rt_launch(kernel, buffers.pointers, nullptr, 3),
              TENSORC_OK);
    if (run % 50 == 0) // some of them asleep
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_LE(workers.seen.size(), 3u);
}

TEST_F(Launches, OfNoTasksDoNothing) {
  auto kernel = [](void *const *, const int64_t *, int64_t,
                   int64_t) -> int32_t { return TENSORC_ERROR_IO; };
  EXPECT_EQ(tensorc_rt_launch(kernel, nullptr, nullptr, 0), TENSORC_OK);
  EXPECT_EQ(tensorc_rt_launch(kernel, nullptr, nullptr, -1),
            TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_STREQ(tensorc_rt_last_error(), "a launch of -1 tasks");
}

int32_t failOddTasks(void *const *buffers, const int64_t *, int64_t task,
                     int64_t) {
  ++*static_cast<std::atomic<int64_t> *>(buffers[0]);
  if (task % 2 == 0)
    return TENSORC_OK;
  return tensorc_rt_fail(task == 3 ? TENSORC_ERROR_INDEX_OUT_OF_RANGE
                                   : TENSORC_ERROR_IO,
                         "label %d is out of range", static_cast<int>(task));
}

TEST_F(Launches, ReportTheFirstFailureInTaskOrder) {
  for (int threads : {1, 2, 3, 8}) {
    tensorc_rt_set_num_threads(threads);
    for (int run = 0; run < 100; ++run) {
      std::atomic<int64_t> count = 0;
      Buffers buffers(count);
      ASSERT_EQ(tensorc_rt_launch(
                    [](void *const *buffers, const int64_t *sizes, int64_t task,
                       int64_t tasks) -> int32_t {
                      return failOddTasks(buffers, sizes, task + 2, tasks);
                    },
                    buffers.pointers, nullptr, 50),
                TENSORC_ERROR_INDEX_OUT_OF_RANGE);
      ASSERT_STREQ(tensorc_rt_last_error(), "label 3 is out of range");
      ASSERT_EQ(count, 50) << "a failure must not keep tasks from running";
    }
  }
}

TEST_F(Launches, FindWordsForAFailureWithoutWords) {
  auto kernel = [](void *const *, const int64_t *, int64_t task,
                   int64_t) -> int32_t {
    return task == 4 ? TENSORC_ERROR_IO : TENSORC_OK;
  };
  tensorc_rt_fail(TENSORC_ERROR_IO, "words of old");
  EXPECT_EQ(tensorc_rt_launch(kernel, nullptr, nullptr, 6), TENSORC_ERROR_IO);
  EXPECT_STREQ(tensorc_rt_last_error(), "task 4 of 6 failed with status 3");
}

/// Launches from inside a task; the inner failure must come out.
int32_t launchInside(void *const *buffers, const int64_t *, int64_t task,
                     int64_t) {
  int32_t status = tensorc_rt_launch(failOddTasks, buffers, nullptr, 4);
  return task == 0 ? TENSORC_OK : status;
}

TEST_F(Launches, MayBeNested) {
  for (int threads : {1, 2, 8}) {
    tensorc_rt_set_num_threads(threads);
    std::atomic<int64_t> count = 0;
    Buffers buffers(count);
    EXPECT_EQ(tensorc_rt_launch(launchInside, buffers.pointers, nullptr, 20),
              TENSORC_ERROR_IO);
    EXPECT_STREQ(tensorc_rt_last_error(), "label 1 is out of range");
    EXPECT_EQ(count, 80);
  }
}

TEST_F(Launches, NestedStayOnTheirThread) {
  tensorc_rt_set_num_threads(4);
  auto inner = [](void *const *buffers, const int64_t *, int64_t,
                  int64_t) -> int32_t {
    return *static_cast<pthread_t *>(buffers[0]) == pthread_self()
               ? TENSORC_OK
               : TENSORC_ERROR_INVALID_ARGUMENT;
  };
  static tensorc_kernel_fn innerKernel = inner;
  auto outer = [](void *const *, const int64_t *, int64_t, int64_t) -> int32_t {
    pthread_t self = pthread_self();
    Buffers buffers(self);
    return tensorc_rt_launch(innerKernel, buffers.pointers, nullptr, 50);
  };
  EXPECT_EQ(tensorc_rt_launch(outer, nullptr, nullptr, 100), TENSORC_OK);
}

TEST_F(Launches, MayComeFromManyThreads) {
  tensorc_rt_set_num_threads(3);
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int i = 0; i < 6; ++i)
    threads.emplace_back([&, i] {
      for (int run = 0; run < 300; ++run) {
        Series series{std::vector<float>(9)};
        std::atomic<int64_t> count = 0;
        Buffers sums(series);
        Buffers counts(count);
        if (tensorc_rt_launch(sumShare, sums.pointers, nullptr, 9))
          ++wrong;
        for (float sum : series.sums)
          wrong += !(sum > 0);
        // Failures and words belong to their own thread.
        if (i % 2 == 0)
          continue;
        wrong += tensorc_rt_launch(failOddTasks, counts.pointers, nullptr, 8) !=
                 TENSORC_ERROR_IO;
        wrong +=
            std::string(tensorc_rt_last_error()) != "label 1 is out of range";
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(Launches, FollowASleepOfTheWorkers) {
  tensorc_rt_set_num_threads(2);
  Series series{std::vector<float>(2)};
  Buffers buffers(series);
  for (int run = 0; run < 50; ++run) {
    ASSERT_EQ(tensorc_rt_launch(sumShare, buffers.pointers, nullptr, 2),
              TENSORC_OK);
    std::this_thread::sleep_for(std::chrono::microseconds(run * 10));
  }
  EXPECT_GT(series.sums[1], 0);
}

TEST_F(Launches, SurviveChangesOfTheThreadCount) {
  for (int run = 0; run < 60; ++run) {
    tensorc_rt_set_num_threads(1 + run % 5);
    Series series{std::vector<float>(6)};
    Buffers buffers(series);
    for (int i = 0; i < 3; ++i)
      ASSERT_EQ(tensorc_rt_launch(sumShare, buffers.pointers, nullptr, 6),
                TENSORC_OK);
  }
  tensorc_rt_set_num_threads(1'000'000);
  EXPECT_EQ(tensorc_rt_num_threads(), 1024);
}

TEST_F(Launches, GoOnAfterAFork) {
  tensorc_rt_set_num_threads(3);
  Series series{std::vector<float>(8)};
  Buffers buffers(series);
  ASSERT_EQ(tensorc_rt_launch(sumShare, buffers.pointers, nullptr, 8),
            TENSORC_OK);
  pid_t child = fork();
  if (child == 0) {
    alarm(60);
    for (int run = 0; run < 100; ++run)
      if (tensorc_rt_launch(sumShare, buffers.pointers, nullptr, 8))
        _exit(1);
    _exit(0);
  }
  int status;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(tensorc_rt_launch(sumShare, buffers.pointers, nullptr, 8),
            TENSORC_OK);
}

TEST_F(Launches, EndWithTheProgram) {
  // `exit` from inside a task, on whichever thread, must not hang.
  tensorc_rt_set_num_threads(3);
  pid_t child = fork();
  if (child == 0) {
    alarm(60);
    auto kernel = [](void *const *, const int64_t *, int64_t task,
                     int64_t) -> int32_t {
      if (task == 1)
        exit(42);
      for (;;)
        pause();
    };
    tensorc_rt_launch(kernel, nullptr, nullptr, 2);
    _exit(1);
  }
  int status;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 42);
}

TEST_F(Launches, TakeTheDefaultFromTheSystem) {
  auto threadsOfChild = [](const char *value, bool oneCpu) {
    pid_t child = fork();
    if (child == 0) {
      if (value)
        setenv("TENSORC_NUM_THREADS", value, 1);
      else
        unsetenv("TENSORC_NUM_THREADS");
      if (oneCpu) {
        cpu_set_t set, one;
        CPU_ZERO(&one);
        sched_getaffinity(0, sizeof(set), &set);
        int cpu = 0;
        while (!CPU_ISSET(cpu, &set))
          ++cpu;
        CPU_SET(cpu, &one);
        sched_setaffinity(0, sizeof(one), &one);
      }
      tensorc_rt_set_num_threads(0);
      _exit(tensorc_rt_num_threads());
    }
    int status;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    return WEXITSTATUS(status);
  };
  cpu_set_t set;
  ASSERT_EQ(sched_getaffinity(0, sizeof(set), &set), 0);
  int cpus = CPU_COUNT(&set);
  EXPECT_EQ(threadsOfChild(nullptr, false), cpus);
  EXPECT_EQ(threadsOfChild(nullptr, true), 1);
  EXPECT_EQ(threadsOfChild("5", false), 5);
  for (const char *nonsense : {"", "0", "-3", "two", "4x"})
    EXPECT_EQ(threadsOfChild(nonsense, false), cpus) << nonsense;
}

//===----------------------------------------------------------------------===//
// The caller's own pool
//===----------------------------------------------------------------------===//

/// Runs the bodies backwards, on two threads.
struct BackwardPool {
  int64_t launches = 0;
  static void parallelFor(void *pool, int64_t count,
                          void (*body)(void *, int64_t), void *context) {
    ++static_cast<BackwardPool *>(pool)->launches;
    std::thread other([=] {
      for (int64_t i = count - 1; i >= 0; i -= 2)
        body(context, i);
    });
    for (int64_t i = count - 2; i >= 0; i -= 2)
      body(context, i);
    other.join();
  }
};

TEST_F(Launches, GoToTheCallersPool) {
  BackwardPool pool;
  tensorc_rt_set_thread_pool(BackwardPool::parallelFor, &pool);
  std::atomic<int64_t> count = 0;
  Buffers buffers(count);
  EXPECT_EQ(tensorc_rt_launch(failOddTasks, buffers.pointers, nullptr, 31),
            TENSORC_ERROR_IO);
  EXPECT_STREQ(tensorc_rt_last_error(), "label 1 is out of range");
  EXPECT_EQ(count, 31);
  EXPECT_EQ(pool.launches, 1);

  // Neither a single task nor a nested launch goes there.
  EXPECT_EQ(tensorc_rt_launch(failOddTasks, buffers.pointers, nullptr, 1),
            TENSORC_OK);
  EXPECT_EQ(pool.launches, 1);
  EXPECT_EQ(tensorc_rt_launch(launchInside, buffers.pointers, nullptr, 4),
            TENSORC_ERROR_IO);
  EXPECT_EQ(pool.launches, 2);

  tensorc_rt_set_thread_pool(nullptr, nullptr);
  EXPECT_EQ(tensorc_rt_launch(failOddTasks, buffers.pointers, nullptr, 31),
            TENSORC_ERROR_IO);
  EXPECT_EQ(pool.launches, 2);
}

/// Whether a denormal result comes out as zero, for each task.
int32_t makeDenormal(void *const *buffers, const int64_t *, int64_t task,
                     int64_t) {
  volatile float small = 1e-30f;
  static_cast<float *>(buffers[0])[task] = small * 1e-10f;
  timespec moment = {0, 200'000}; // others come to take part
  nanosleep(&moment, nullptr);
  return TENSORC_OK;
}

TEST_F(Launches, ThreadsTakeTheFloatingPointModeOfTheLaunchingThread) {
  std::vector<float> results(16);
  void *buffers[] = {results.data()};
  auto launchWith = [&](bool flush) {
    tensorc_rt_set_flush_denormals(flush);
    EXPECT_EQ(tensorc_rt_launch(makeDenormal, buffers, nullptr, 16),
              TENSORC_OK);
    tensorc_rt_set_flush_denormals(false);
    for (float result : results)
      EXPECT_EQ(result == 0, flush);
  };
  auto ownThreads = [](void *, int64_t count, void (*body)(void *, int64_t),
                       void *context) {
    std::vector<std::thread> threads;
    for (int64_t i = 0; i < count; ++i)
      threads.emplace_back(body, context, i);
    for (std::thread &thread : threads)
      thread.join();
  };
  for (int threads : {1, 2, 4}) {
    tensorc_rt_set_num_threads(threads);
    for (bool flush : {true, false, true})
      launchWith(flush);
  }
  tensorc_rt_set_thread_pool(ownThreads, nullptr);
  launchWith(true);
  launchWith(false);
}

} // namespace
