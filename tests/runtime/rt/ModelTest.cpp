//===- ModelTest.cpp - Descriptions, memory, processor, words -----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/rt/TestModel.h"

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

TEST(Model, IsCheckedBeforeItRuns) {
  TestModel test;
  EXPECT_EQ(tensorc_rt_check_model(&test.model), TENSORC_OK);

  EXPECT_EQ(tensorc_rt_check_model(nullptr), TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_STREQ(tensorc_rt_last_error(), "the model is a null pointer");

  tensorc_model model = test.model;
  model.magic = 0x464c457f;
  EXPECT_EQ(tensorc_rt_check_model(&model), TENSORC_ERROR_ABI_MISMATCH);
  EXPECT_STREQ(tensorc_rt_last_error(),
               "not a tensorc model: expected magic 0x43534e54, received "
               "0x464c457f");

  model = test.model;
  model.abi_major = 3;
  EXPECT_EQ(tensorc_rt_check_model(&model), TENSORC_ERROR_ABI_MISMATCH);
  EXPECT_STREQ(tensorc_rt_last_error(),
               "the model was compiled for ABI 3.1, this runtime has ABI 2.1");

  model = test.model;
  model.abi_minor = TENSORC_ABI_MINOR + 1;
  EXPECT_EQ(tensorc_rt_check_model(&model), TENSORC_ERROR_ABI_MISMATCH);
  EXPECT_EQ(tensorc_rt_load_state(&model, test.state(), "never opened"),
            TENSORC_ERROR_ABI_MISMATCH);

  model = test.model;
  model.struct_size = 8;
  EXPECT_EQ(tensorc_rt_check_model(&model), TENSORC_ERROR_ABI_MISMATCH);
  EXPECT_EQ(std::string(tensorc_rt_last_error()),
            "the model's description has 8 bytes, expected " +
                std::to_string(sizeof(tensorc_model)));

  model = test.model;
  model.cpu = TENSORC_CPU_X86_64_V4 + 1;
  EXPECT_EQ(tensorc_rt_check_model(&model), TENSORC_ERROR_UNSUPPORTED_CPU);
  EXPECT_EQ(std::string(tensorc_rt_last_error()),
            "model `test` needs an unknown processor, this one is x86-64-v" +
                std::to_string(tensorc_rt_cpu()));
  model.cpu = TENSORC_CPU_AARCH64;
  EXPECT_EQ(tensorc_rt_check_model(&model), TENSORC_ERROR_UNSUPPORTED_CPU);
  EXPECT_EQ(std::string(tensorc_rt_last_error()),
            "model `test` needs an aarch64 processor, this one is x86-64-v" +
                std::to_string(tensorc_rt_cpu()));
}

TEST(Model, FindsItsState) {
  TestModel test;
  EXPECT_EQ(tensorc_rt_find_state(&test.model, "fc.weight"), &test.descs[1]);
  EXPECT_EQ(tensorc_rt_find_state(&test.model, "fc"), nullptr);
}

TEST(Memory, IsAlignedAndZero) {
  for (size_t bytes : {0, 1, 63, 64, 65, 1 << 20}) {
    auto *memory = static_cast<unsigned char *>(tensorc_rt_alloc(bytes));
    ASSERT_NE(memory, nullptr);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(memory) % TENSORC_ALIGNMENT, 0u);
    for (size_t i = 0; i < bytes; ++i)
      ASSERT_EQ(memory[i], 0);
    std::memset(memory, 0xff, bytes);
    tensorc_rt_free(memory);
  }
  tensorc_rt_free(nullptr);
}

TEST(Memory, MayBeTooMuch) {
  EXPECT_EQ(tensorc_rt_alloc(SIZE_MAX), nullptr);
  EXPECT_STREQ(tensorc_rt_last_error(),
               "can't allocate 18446744073709551615 bytes");
}

int cpuOfChild(const char *limit) {
  pid_t child = fork();
  if (child == 0) {
    // A fresh process image: it is read once in each.
    setenv("TENSORC_CPU", limit, 1);
    execl("/proc/self/exe", "rt_test", "--print-cpu", nullptr);
    _exit(99);
  }
  int status;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WEXITSTATUS(status);
}

TEST(Cpu, IsThatOfTheSystem) {
  int32_t cpu = tensorc_rt_cpu();
  EXPECT_EQ(tensorc_rt_cpu(), cpu);
#if defined(__x86_64__)
  EXPECT_EQ(tensorc_rt_cpu_supports(TENSORC_CPU_X86_64_V2) != 0,
            __builtin_cpu_supports("x86-64-v2") != 0);
  EXPECT_EQ(tensorc_rt_cpu_supports(TENSORC_CPU_X86_64_V3) != 0,
            __builtin_cpu_supports("x86-64-v3") != 0);
  EXPECT_EQ(tensorc_rt_cpu_supports(TENSORC_CPU_X86_64_V4) != 0,
            __builtin_cpu_supports("x86-64-v4") != 0);
  EXPECT_FALSE(tensorc_rt_cpu_supports(TENSORC_CPU_AARCH64));
#endif
}

TEST(Cpu, MayBeLowered) {
  int32_t cpu = tensorc_rt_cpu();
  EXPECT_EQ(cpuOfChild("x86-64-v1"), TENSORC_CPU_X86_64_V1);
  EXPECT_EQ(cpuOfChild("x86-64-v4"), cpu) << "never raised";
  for (const char *nonsense : {"", "1", "x86-64-v5", "v2", "aarch64"})
    EXPECT_EQ(cpuOfChild(nonsense), cpu) << nonsense;
}

TEST(Words, BelongToTheirThread) {
  std::thread([] { EXPECT_STREQ(tensorc_rt_last_error(), "no error"); }).join();
  EXPECT_EQ(tensorc_rt_fail(TENSORC_ERROR_IO, "%s %d", "number", 7),
            TENSORC_ERROR_IO);
  EXPECT_STREQ(tensorc_rt_last_error(), "number 7");
  std::thread([] { tensorc_rt_fail(TENSORC_ERROR_IO, "another's"); }).join();
  EXPECT_STREQ(tensorc_rt_last_error(), "number 7");
}

TEST(Words, MayBeLongAndQuoteEachOther) {
  tensorc_rt_fail(TENSORC_ERROR_IO, "inner");
  tensorc_rt_fail(TENSORC_ERROR_IO, "outer: %s", tensorc_rt_last_error());
  EXPECT_STREQ(tensorc_rt_last_error(), "outer: inner");
  std::string words(5000, 'x');
  tensorc_rt_fail(TENSORC_ERROR_IO, "%s", words.c_str());
  EXPECT_EQ(tensorc_rt_last_error(), words.substr(0, 1023));
}

} // namespace

int main(int argc, char **argv) {
  if (argc == 2 && std::string(argv[1]) == "--print-cpu")
    return tensorc_rt_cpu();
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
