//===- FaultTest.cpp - When the system refuses --------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// The linker sends the runtime's calls of the functions below here first
// (`--wrap`, see CMakeLists.txt), so that each call in turn can be refused.
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/rt/TestModel.h"

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <fcntl.h>
#include <functional>
#include <malloc.h>
#include <pthread.h>
#include <sys/stat.h>
#include <vector>

namespace {

/// Which call is refused and how, and what the calls so far have left behind.
struct Faults {
  enum Kind { None, Memory, System, Interrupt, Truncate, Threads };
  Kind kind = None;
  int countdown = 0;   ///< refuses the call that finds 0
  bool halve = false;  ///< reads and writes move half of what they could
  bool struck = false; ///< a call was refused
  std::string call;    ///< its name
  std::atomic<int> allocations = 0;
  std::atomic<int> blocks = 0; ///< allocated and not yet freed

  bool strikes(Kind wanted, const char *name) {
    if (kind != wanted || countdown-- != 0)
      return false;
    struck = true;
    call = name;
    return true;
  }
  bool refuses(const char *name) {
    if (strikes(System, name)) {
      errno = EIO;
      return true;
    }
    if (strikes(Interrupt, name)) {
      errno = EINTR;
      return true;
    }
    return false;
  }
} faults;

size_t half(size_t bytes) {
  return faults.halve && bytes > 1 ? bytes / 2 : bytes;
}

} // namespace

extern "C" {
void *__real_malloc(size_t);
void *__real_calloc(size_t, size_t);
void *__real_realloc(void *, size_t);
void __real_free(void *);
int __real_open(const char *, int, ...);
int __real_close(int);
ssize_t __real_pread(int, void *, size_t, off_t);
ssize_t __real_write(int, const void *, size_t);
int __real_fstat(int, struct stat *);
int __real_fchmod(int, mode_t);
int __real_fsync(int);
int __real_rename(const char *, const char *);
int __real_pthread_create(pthread_t *, const pthread_attr_t *,
                          void *(*)(void *), void *);

static void *counted(void *block) {
  ++faults.allocations;
  faults.blocks += block != nullptr;
  return block;
}
void *__wrap_malloc(size_t size) {
  return faults.strikes(Faults::Memory, "malloc")
             ? nullptr
             : counted(__real_malloc(size));
}
void *__wrap_calloc(size_t count, size_t size) {
  return faults.strikes(Faults::Memory, "calloc")
             ? nullptr
             : counted(__real_calloc(count, size));
}
void *__wrap_realloc(void *old, size_t size) {
  if (faults.strikes(Faults::Memory, "realloc"))
    return nullptr;
  faults.blocks -= old != nullptr;
  return counted(__real_realloc(old, size));
}
void __wrap_free(void *block) {
  faults.blocks -= block != nullptr;
  __real_free(block);
}
int __wrap_open(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  int mode = flags & O_CREAT ? va_arg(arguments, int) : 0;
  va_end(arguments);
  // Only for slow devices would a signal keep `open` from opening.
  if (faults.kind != Faults::Interrupt && faults.refuses("open"))
    return -1;
  return __real_open(path, flags, mode);
}
int __wrap_close(int descriptor) {
  int result = __real_close(descriptor); // closed in any case, as on Linux
  return faults.kind != Faults::Interrupt && faults.refuses("close") ? -1
                                                                     : result;
}
ssize_t __wrap_pread(int descriptor, void *to, size_t bytes, off_t offset) {
  if (faults.strikes(Faults::Truncate, "pread"))
    return 0;
  return faults.refuses("pread")
             ? -1
             : __real_pread(descriptor, to, half(bytes), offset);
}
ssize_t __wrap_write(int descriptor, const void *from, size_t bytes) {
  return faults.refuses("write") ? -1
                                 : __real_write(descriptor, from, half(bytes));
}
int __wrap_fstat(int descriptor, struct stat *status) {
  return faults.strikes(Faults::System, "fstat")
             ? (errno = EIO, -1)
             : __real_fstat(descriptor, status);
}
int __wrap_fchmod(int descriptor, mode_t mode) {
  return faults.strikes(Faults::System, "fchmod")
             ? (errno = EIO, -1)
             : __real_fchmod(descriptor, mode);
}
int __wrap_fsync(int descriptor) {
  return faults.strikes(Faults::System, "fsync") ? (errno = EIO, -1)
                                                 : __real_fsync(descriptor);
}
int __wrap_rename(const char *from, const char *to) {
  return faults.strikes(Faults::System, "rename") ? (errno = EIO, -1)
                                                  : __real_rename(from, to);
}
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*function)(void *), void *argument) {
  return faults.strikes(Faults::Threads, "pthread_create")
             ? EAGAIN
             : __real_pthread_create(thread, attributes, function, argument);
}
} // extern "C"

namespace {

int openDescriptors() {
  return static_cast<int>(
      std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                    std::filesystem::directory_iterator()));
}

class Faulty : public FolderTest {
protected:
  ~Faulty() override {
    faults.kind = Faults::None;
    faults.halve = false;
  }

  /// Calls `body` with the first call of `kind` refused, then with the second,
  /// until there is none left to refuse; `check` looks at each result. Returns
  /// the names of what was refused.
  std::vector<std::string>
  refuseEach(Faults::Kind kind, const std::function<int32_t()> &body,
             const std::function<void(int32_t)> &check) {
    std::vector<std::string> refused;
    for (int i = 0; i < 1000; ++i) {
      int blocks = faults.blocks, descriptors = openDescriptors();
      faults.struck = false;
      faults.countdown = i;
      faults.kind = kind;
      int32_t status = body();
      faults.kind = Faults::None;
      EXPECT_EQ(faults.blocks, blocks) << "memory is lost";
      EXPECT_EQ(openDescriptors(), descriptors) << "a descriptor is lost";
      if (!faults.struck) {
        EXPECT_EQ(status, TENSORC_OK) << tensorc_rt_last_error();
        return refused;
      }
      refused.push_back(faults.call);
      SCOPED_TRACE("refused: " + faults.call);
      check(status);
    }
    ADD_FAILURE() << "never comes to an end";
    return refused;
  }

  int32_t save(TestModel &test) {
    return tensorc_rt_save_state(&test.model, test.state(), path.c_str());
  }
  int32_t load(TestModel &test) {
    return tensorc_rt_load_state(&test.model, test.state(), path.c_str());
  }

  const std::string path = at("a.safetensors");
};

TEST_F(Faulty, SavesWithoutMemoryChangeNothing) {
  TestModel old, fresh, loaded;
  old.fill(1);
  fresh.fill(2);
  ASSERT_EQ(save(old), TENSORC_OK);
  std::vector<std::string> refused = refuseEach(
      Faults::Memory, [&] { return save(fresh); },
      [&](int32_t status) {
        EXPECT_EQ(status, TENSORC_ERROR_OUT_OF_MEMORY);
        EXPECT_EQ(tensorc_rt_last_error(),
                  path + ": not enough memory for the header");
        EXPECT_EQ(filesInFolder(), 1u);
        EXPECT_EQ(load(loaded), TENSORC_OK);
        EXPECT_TRUE(loaded.sameState(old));
      });
  EXPECT_GE(refused.size(), 4u);
  EXPECT_EQ(load(loaded), TENSORC_OK);
  EXPECT_TRUE(loaded.sameState(fresh));
}

TEST_F(Faulty, LoadsWithoutMemoryChangeNothing) {
  TestModel saved, loaded, untouched;
  saved.fill(1);
  ASSERT_EQ(save(saved), TENSORC_OK);
  std::vector<std::string> refused = refuseEach(
      Faults::Memory, [&] { return load(loaded); },
      [&](int32_t status) {
        EXPECT_EQ(status, TENSORC_ERROR_OUT_OF_MEMORY);
        EXPECT_NE(std::string(tensorc_rt_last_error()).find(path + ": not "),
                  std::string::npos);
        EXPECT_TRUE(loaded.sameState(untouched));
      });
  EXPECT_GE(refused.size(), 4u);
  EXPECT_TRUE(loaded.sameState(saved));
}

TEST_F(Faulty, SavesThatTheSystemRefusesLeaveAWholeFile) {
  TestModel old, fresh, loaded;
  old.fill(1);
  fresh.fill(2);
  ASSERT_EQ(save(old), TENSORC_OK);
  int opens = 0, syncs = 0;
  std::vector<std::string> refused = refuseEach(
      Faults::System, [&] { return save(fresh); },
      [&](int32_t status) {
        opens += faults.call == "open";
        syncs += faults.call == "fsync";
        EXPECT_EQ(filesInFolder(), 1u);
        EXPECT_EQ(load(loaded), TENSORC_OK);
        // The last steps come after the new name: the folder's own.
        bool renamed = opens == 2;
        EXPECT_TRUE(loaded.sameState(renamed ? fresh : old));
        if (!(renamed && faults.call == "close")) {
          EXPECT_EQ(status, TENSORC_ERROR_IO);
          std::string words = tensorc_rt_last_error();
          EXPECT_EQ(words.substr(0, path.size() + 8), path + ": can't ");
          EXPECT_NE(words.find("input/output error"), std::string::npos);
        }
        if (!renamed) {
          ASSERT_EQ(save(old), TENSORC_OK);
        }
      });
  EXPECT_EQ(refused,
            (std::vector<std::string>{"open", "fchmod", "write", "write",
                                      "write", "write", "fsync", "close",
                                      "rename", "open", "fsync", "close"}));
  EXPECT_EQ(syncs, 2);
}

TEST_F(Faulty, LoadsThatTheSystemRefusesSaySo) {
  TestModel saved, loaded;
  saved.fill(1);
  ASSERT_EQ(save(saved), TENSORC_OK);
  bool overwritten = false;
  std::vector<std::string> refused = refuseEach(
      Faults::System, [&] { return load(loaded); },
      [&](int32_t status) {
        if (faults.call == "close")
          return; // nothing was lost by it
        EXPECT_EQ(status, TENSORC_ERROR_IO);
        overwritten |= std::string(tensorc_rt_last_error()) ==
                       path + ": can't read: input/output error (the state "
                              "is partly overwritten)";
      });
  EXPECT_EQ(refused,
            (std::vector<std::string>{"open", "fstat", "pread", "pread",
                                      "pread", "pread", "pread", "close"}));
  EXPECT_TRUE(overwritten);
}

TEST_F(Faulty, FilesMayShrinkWhileTheyAreRead) {
  TestModel saved, loaded;
  saved.fill(1);
  ASSERT_EQ(save(saved), TENSORC_OK);
  std::vector<std::string> refused = refuseEach(
      Faults::Truncate, [&] { return load(loaded); },
      [&](int32_t status) {
        EXPECT_EQ(status, TENSORC_ERROR_IO);
        EXPECT_EQ(std::string(tensorc_rt_last_error())
                      .rfind(path + ": became shorter while it was read", 0),
                  0u);
      });
  EXPECT_EQ(refused.size(), 5u);
}

TEST_F(Faulty, SignalsAndShortTransfersDoNoHarm) {
  TestModel saved, loaded;
  saved.fill(1);
  faults.halve = true;
  std::vector<std::string> refused = refuseEach(
      Faults::Interrupt, [&] { return save(saved); },
      [&](int32_t status) { EXPECT_EQ(status, TENSORC_OK); });
  EXPECT_GT(refused.size(), 10u);
  refused = refuseEach(
      Faults::Interrupt, [&] { return load(loaded); },
      [&](int32_t status) {
        EXPECT_EQ(status, TENSORC_OK);
        EXPECT_TRUE(loaded.sameState(saved));
        loaded.fill(7);
      });
  EXPECT_GT(refused.size(), 10u);
  EXPECT_TRUE(loaded.sameState(saved));
}

TEST_F(Faulty, AllocationSaysHowMuch) {
  int blocks = faults.blocks;
  faults.kind = Faults::Memory;
  faults.countdown = 0;
  EXPECT_EQ(tensorc_rt_alloc(1000), nullptr);
  faults.kind = Faults::None;
  EXPECT_STREQ(tensorc_rt_last_error(), "can't allocate 1000 bytes");
  void *memory = tensorc_rt_alloc(1000);
  EXPECT_EQ(faults.blocks, blocks + 1);
  tensorc_rt_free(memory);
  EXPECT_EQ(faults.blocks, blocks);
}

int32_t countTask(void *const *buffers, const int64_t *, int64_t, int64_t) {
  ++*static_cast<std::atomic<int64_t> *>(buffers[0]);
  return TENSORC_OK;
}

TEST_F(Faulty, ThreadsThatCannotBeHadAreDoneWithout) {
  std::atomic<int64_t> count = 0;
  void *buffers[] = {&count};
  for (int refused = 0; refused < 4; ++refused) {
    tensorc_rt_set_num_threads(1);
    tensorc_rt_set_num_threads(4);
    faults.kind = Faults::Threads;
    faults.countdown = refused;
    EXPECT_EQ(tensorc_rt_launch(countTask, buffers, nullptr, 100), TENSORC_OK);
    faults.kind = Faults::None;
  }
  EXPECT_EQ(count, 400);
  tensorc_rt_set_num_threads(0);
}

TEST_F(Faulty, LaunchesAllocateNothing) {
  std::atomic<int64_t> count = 0;
  void *buffers[] = {&count};
  tensorc_rt_set_num_threads(3);
  ASSERT_EQ(tensorc_rt_launch(countTask, buffers, nullptr, 8), TENSORC_OK);
  int allocations = faults.allocations;
  size_t bytes = mallinfo2().uordblks;
  for (int run = 0; run < 1000; ++run)
    tensorc_rt_launch(countTask, buffers, nullptr, 1 + run % 9);
  EXPECT_EQ(faults.allocations, allocations);
  EXPECT_EQ(mallinfo2().uordblks, bytes);
  tensorc_rt_set_num_threads(0);
}

} // namespace
