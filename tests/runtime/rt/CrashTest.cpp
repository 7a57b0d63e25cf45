//===- CrashTest.cpp - Saves that are cut short -------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/rt/TestModel.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <random>
#include <span>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

/// A model whose state takes a moment to write: one f32 tensor.
struct LargeModel {
  static constexpr int64_t kCount = 1 << 18;
  int64_t shape[1] = {kCount};
  tensorc_tensor_desc desc = {"w", shape, 0, kCount * 4, TENSORC_F32, 1, 0, 0};
  tensorc_model model = {TENSORC_ABI_MAGIC,
                         TENSORC_ABI_MAJOR,
                         TENSORC_ABI_MINOR,
                         sizeof(tensorc_model),
                         "large",
                         "0",
                         &desc,
                         1,
                         kCount * 4,
                         1,
                         0};
  std::unique_ptr<void, decltype(&tensorc_rt_free)> memory{
      tensorc_rt_alloc(kCount * 4), &tensorc_rt_free};
  std::span<float> state{static_cast<float *>(memory.get()), kCount};

  void fill(float value) { std::fill(state.begin(), state.end(), value); }
  bool isAll(float value) const {
    return std::all_of(state.begin(), state.end(),
                       [&](float element) { return element == value; });
  }
};

class Crash : public FolderTest {
protected:
  int32_t save(LargeModel &large) {
    return tensorc_rt_save_state(&large.model, large.state.data(),
                                 path.c_str());
  }
  int32_t load(LargeModel &large) {
    return tensorc_rt_load_state(&large.model, large.state.data(),
                                 path.c_str());
  }

  /// Runs `body` in a child; it succeeds by returning true.
  template <typename Body> static bool succeedsInChild(Body body) {
    pid_t child = fork();
    if (child == 0)
      _exit(body() ? 0 : 1);
    int status;
    return waitpid(child, &status, 0) == child && status == 0;
  }

  std::string path = at("a.safetensors");
};

TEST_F(Crash, AtAnyMomentLeavesAWholeFile) {
  LargeModel large;
  auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(save(large), TENSORC_OK);
  std::chrono::duration<double, std::micro> took =
      std::chrono::steady_clock::now() - start;
  std::mt19937 random(7);
  std::uniform_real_distribution<> moment(0, 2 * took.count());
  for (int round = 0; round < 80; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
      // Saves 1, 2, 3 ... and reports each save when it is done.
      for (float value = 1;; ++value) {
        large.fill(value);
        if (save(large) || ::write(ends[1], "", 1) != 1)
          _exit(1);
      }
    }
    close(ends[1]);
    char byte;
    int reported = 0;
    for (unsigned wait = 1 + random() % 2; wait; --wait)
      reported += static_cast<int>(::read(ends[0], &byte, 1));
    usleep(static_cast<useconds_t>(moment(random)));
    ASSERT_EQ(kill(child, SIGKILL), 0);
    int status;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "a save failed";
    while (::read(ends[0], &byte, 1) == 1)
      ++reported;
    close(ends[0]);
    ASSERT_EQ(load(large), TENSORC_OK) << tensorc_rt_last_error();
    // Whole, and nothing that was reported is lost.
    float value = large.state[0];
    ASSERT_TRUE(large.isAll(value)) << "a mixture, in round " << round;
    ASSERT_TRUE(value == static_cast<float>(reported) ||
                value == static_cast<float>(reported + 1))
        << value << " after " << reported << " saves";
  }
}

TEST_F(Crash, FileSizeLimitKeepsTheOldFile) {
  LargeModel large;
  large.fill(1);
  ASSERT_EQ(save(large), TENSORC_OK);
  EXPECT_TRUE(succeedsInChild([&] {
    signal(SIGXFSZ, SIG_IGN);
    rlimit limit = {LargeModel::kCount * 2, LargeModel::kCount * 2};
    setrlimit(RLIMIT_FSIZE, &limit);
    large.fill(2);
    return save(large) == TENSORC_ERROR_IO &&
           tensorc_rt_last_error() == path + ": can't write: file too large";
  }));
  EXPECT_EQ(filesInFolder(), 1u);
  ASSERT_EQ(load(large), TENSORC_OK);
  EXPECT_TRUE(large.isAll(1));
}

TEST_F(Crash, FullDiskKeepsTheOldFile) {
  // Room for one file and a half.
  if (mount("tensorc", folder.c_str(), "tmpfs", 0, "size=1600k") != 0)
    GTEST_SKIP() << "may not mount a file system here";
  LargeModel large;
  large.fill(1);
  EXPECT_EQ(save(large), TENSORC_OK) << tensorc_rt_last_error();
  large.fill(2);
  EXPECT_EQ(save(large), TENSORC_ERROR_IO);
  EXPECT_EQ(tensorc_rt_last_error(),
            path + ": can't write: no space left on device");
  EXPECT_EQ(filesInFolder(), 1u);
  EXPECT_EQ(load(large), TENSORC_OK);
  EXPECT_TRUE(large.isAll(1));
  EXPECT_EQ(umount(folder.c_str()), 0);
}

TEST_F(Crash, UnwritableFolderKeepsTheOldFile) {
  LargeModel large;
  large.fill(1);
  ASSERT_EQ(save(large), TENSORC_OK);
  chmod(path.c_str(), 0666);
  chmod(folder.c_str(), 0555);
  EXPECT_TRUE(succeedsInChild([&] {
    // Nothing is unwritable to root.
    if (geteuid() == 0 && setuid(65534) != 0)
      return false;
    return save(large) == TENSORC_ERROR_IO &&
           tensorc_rt_last_error() == path + ": can't write: permission denied";
  }));
  chmod(folder.c_str(), 0777);
  EXPECT_EQ(filesInFolder(), 1u);
  EXPECT_EQ(load(large), TENSORC_OK);
}

TEST_F(Crash, MissingFolderIsNamed) {
  LargeModel large;
  path = at("no/a.safetensors");
  EXPECT_EQ(save(large), TENSORC_ERROR_IO);
  EXPECT_EQ(tensorc_rt_last_error(),
            path + ": can't write: no such file or directory");
  path = at("file");
  write(path, "x");
  path += "/a.safetensors";
  EXPECT_EQ(save(large), TENSORC_ERROR_IO);
  EXPECT_EQ(tensorc_rt_last_error(), path + ": can't write: not a directory");
}

} // namespace
