//===- CorpusTest.cpp - A corpus on the fake driver and the emulator ------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `gpu-kernels` does on a device, where the fake driver has the emulator
// run the kernels: what is right passes, what is wrong is named.
//
//===----------------------------------------------------------------------===//

#include "tests/compiler/gpu/CorpusWriter.h"
#include "tests/compiler/gpu/EmulatedKernel.h"
#include "tests/compiler/gpu/GpuKernelTest.h"
#include "tests/compiler/lowering/ContractText.h"
#include "tests/compiler/lowering/GenericText.h"
#include "tests/gpu/KernelRunner.h"
#include "tests/runtime/cuda/FakeDriver.h"
#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace mlir;
using namespace tensorc;
using namespace tensorc::test;

static FakeDriver &fakeDriver() {
  static FakeDriver &fake = loadFakeDriver(FAKE_DRIVER);
  return fake;
}

namespace {
class CorpusTest : public testing::Test {
protected:
  void SetUp() override {
    if (CorpusWriter::active)
      GTEST_SKIP() << "is about another corpus";
    gpuContext();
    fake = FakeDriver();
  }

  /// Adds a kernel to the batch, and what the fake driver is to run for it.
  void add(const std::string &text, const CheckOptions &options = {});
  /// Makes the batch of what was added.
  void finish() { batch = writer.take().at(0); }
  /// Runs the batch by way of a file; fills in `counts` and `reports`.
  void run();

  FakeDriver &fake = fakeDriver();
  CorpusBatch batch;
  KernelCounts counts;
  std::vector<std::string> reports;

private:
  std::vector<std::unique_ptr<EmulatedKernel>> compiled;
  CorpusWriter writer;
  std::vector<OwningOpRef<ModuleOp>> modules;
};
} // namespace

void CorpusTest::add(const std::string &text, const CheckOptions &options) {
  modules.push_back(parse(text));
  auto func = *modules.back()->getOps<kernel::FuncOp>().begin();
  Arguments expected = makeArguments(func, options);
  int32_t status = interpret(func, expected.pointers());
  writer.add(func, options, expected, status, 5e-4);
}

void CorpusTest::run() {
  for (const auto &[index, test] : llvm::enumerate(batch.cases))
    for (const CorpusVariant &variant : test.variants) {
      OwningOpRef<ModuleOp> module = modules[index]->clone();
      (*module->getOps<kernel::FuncOp>().begin()).setSymName(variant.kernel);
      auto target = simt::TargetInfo::of(
          *target::findGpu(batch.modules[variant.module].chip()));
      target.multiprocessors = variant.multiprocessors;
      compiled.push_back(std::make_unique<EmulatedKernel>(*module, target));
      ASSERT_TRUE(compiled.back()->valid());
      if (fake.kernels.count(variant.kernel))
        continue; // the test has its own
      fake.kernels[variant.kernel] = [&test, &variant,
                                      kernel = compiled.back().get()](
                                         const FakeLaunch &launch) {
        std::vector<void *> buffers;
        std::vector<int64_t> sizes;
        for (auto [i, argument] : llvm::enumerate(launch.arguments))
          if (i < test.pointers.size())
            buffers.push_back(reinterpret_cast<void *>(argument));
          else if (i < test.pointers.size() + test.sizes.size())
            sizes.push_back(int64_t(argument));
        int32_t status = 0;
        EXPECT_EQ(launch.block[0], variant.threads);
        EXPECT_EQ(kernel->run(variant.kernel, buffers, sizes,
                              ThreadOrder::Shuffled, launch.grid[0], status),
                  "");
        if (status)
          *reinterpret_cast<int32_t *>(launch.arguments.back()) = status;
      };
    }
  std::string path =
      testing::TempDir() + "corpus-" + std::to_string(getpid()) + ".zst";
  writeCorpus(path, {batch});
  tensorc_cuda_device_info device;
  ASSERT_EQ(tensorc_rt_cuda_device_info(0, &device), TENSORC_OK)
      << tensorc_rt_last_error();
  KernelRunner runner(
      device, [this](const std::string &line) { reports.push_back(line); });
  for (const CorpusBatch &read : readCorpus(path))
    runner.run(read);
  std::filesystem::remove(path);
  counts = runner.counts;
}

static std::string addRows() {
  return generic(2, {{"5x7", "d0, d1"}, {"7", "d1"}}, {{"5x7", "d0, d1"}}, "",
                 "%y = arith.addf %x0, %x1 : f32\n kernel.yield %y : f32");
}

static std::string sumRows(const std::string &size) {
  return generic(2, {{size, "d0, d1"}}, {{"?", "d0"}}, "1",
                 "%y = kernel.reduce add %x0 : f32\n kernel.yield %y : f32");
}

TEST_F(CorpusTest, RightKernelsPass) {
  add(addRows());
  // Any number of blocks is right.
  add(sumRows("?x?"), {.dynamic = {{40, 33}, {40}}});
  add(randomContract(3).str(), {.dynamic = randomContract(3).dynamicValues()});
  add(generic(1, {{"9", "d0", "i64"}}, {{"9", "d0", "f16"}}, "", R"mlir(
    %limit = arith.constant 3 : i64
    %good = arith.cmpi slt, %x0, %limit : i64
    scalar.check %good, 5
    %y = arith.sitofp %x0 : i64 to f16
    kernel.yield %y : f16)mlir"));
  finish();
  run();
  EXPECT_EQ(reports, std::vector<std::string>());
  EXPECT_EQ(counts.passed, 4u * 2 + 1);
  EXPECT_EQ(counts.failed, 0u);
  EXPECT_EQ(counts.skipped, 0u);
}

TEST_F(CorpusTest, CodeForOtherGpusIsSkipped) {
  fake.sm = 100;
  add(randomContract(3).str(), {.dynamic = randomContract(3).dynamicValues()});
  finish();
  run();
  EXPECT_EQ(reports, std::vector<std::string>());
  EXPECT_EQ(counts.passed, 2u);
  EXPECT_EQ(counts.skipped, 1u);
}

TEST_F(CorpusTest, WrongValuesAreReported) {
  add(addRows());
  finish();
  batch.cases[0].buffers[2].after[4 * 12 + 3] ^= 0x80; // another sign
  batch.cases[0].buffers[2].after[4 * 13 + 3] ^= 0x80;
  run();
  ASSERT_EQ(reports.size(), 2u); // in both variants
  EXPECT_EQ(reports[0].find("CorpusTest.WrongValuesAreReported/0/k (sm_80, for "
                            "132 multiprocessors), 1 blocks: buffer 2: element "
                            "12 of 35 is "),
            0u)
      << reports[0];
  EXPECT_EQ(counts.failed, 2u);
  EXPECT_EQ(counts.passed, 0u);
}

TEST_F(CorpusTest, WritesElsewhereAreReported) {
  add(addRows());
  finish();
  const CorpusCase &test = batch.cases[0];
  fake.kernels[test.variants[0].kernel] = [&](const FakeLaunch &launch) {
    auto *output = reinterpret_cast<uint8_t *>(launch.arguments[2]);
    const std::vector<uint8_t> &after = test.buffers[2].after;
    std::copy(after.begin(), after.end(), output);
    output[after.size()] = 0;
  };
  run();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_NE(reports[0].find("wrote behind the last buffer"), std::string::npos)
      << reports[0];
}

TEST_F(CorpusTest, OtherBitsAreReported) {
  add(addRows());
  finish();
  const CorpusCase &test = batch.cases[0];
  fake.kernels[test.variants[0].kernel] =
      [&, runs = 0](const FakeLaunch &launch) mutable {
        auto *output = reinterpret_cast<uint8_t *>(launch.arguments[2]);
        const std::vector<uint8_t> &after = test.buffers[2].after;
        std::copy(after.begin(), after.end(), output);
        if (++runs == 2)
          output[4] ^= 1; // within the tolerance
      };
  run();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_NE(reports[0].find("other bits than before, repetition 1"),
            std::string::npos)
      << reports[0];
}

TEST_F(CorpusTest, CodeThatTheDriverRefusesIsReported) {
  add(addRows());
  finish();
  fake.imageResults[batch.modules[0].ptx] = rt::cuda::kInvalidPtx;
  run();
  ASSERT_EQ(reports.size(), 2u);
  EXPECT_NE(reports[0].find("CUDA_ERROR_INVALID_PTX"), std::string::npos)
      << reports[0];
}

TEST_F(CorpusTest, ALostDeviceCostsOneCase) {
  add(addRows());
  finish();
  fake.crashingKernel = batch.cases[0].variants[0].kernel;
  run();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_NE(reports[0].find("CUDA_ERROR_LAUNCH_FAILED"), std::string::npos)
      << reports[0];
  EXPECT_EQ(counts.passed, 1u);
}

TEST_F(CorpusTest, DamagedFilesAreErrors) {
  add(addRows());
  finish();
  std::string path =
      testing::TempDir() + "damaged-" + std::to_string(getpid()) + ".zst";
  writeCorpus(path, {batch});
  auto expectError = [&](const std::string &words) {
    try {
      readCorpus(path);
      ADD_FAILURE() << "was read, expected: " << words;
    } catch (const std::runtime_error &error) {
      EXPECT_EQ(error.what(), path + ": " + words);
    }
  };
  {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(200);
    file.put('?');
  }
  expectError("is damaged: Restored data doesn't match checksum");
  std::ofstream(path) << "something else";
  expectError("is no corpus");
  std::filesystem::remove(path);
  expectError("cannot read");
}
