//===- MemoryTest.cpp - The caching allocator -----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/cuda/CudaTest.h"

#include <map>

namespace {

constexpr std::uint64_t kMega = 1 << 20;

class MemoryTest : public FakeCudaTest {
protected:
  void SetUp() override {
    FakeCudaTest::SetUp();
    ASSERT_OK(tensorc_rt_cuda_device_open(0, &device));
  }
  void TearDown() override {
    tensorc_rt_cuda_device_close(device);
    FakeCudaTest::TearDown();
  }

  std::uint64_t allocate(std::uint64_t bytes) {
    std::uint64_t address = 0;
    EXPECT_OK(tensorc_rt_cuda_alloc(device, bytes, &address));
    EXPECT_EQ(address % TENSORC_CUDA_ALIGNMENT, 0u);
    return address;
  }
  void free(std::uint64_t address) {
    EXPECT_OK(tensorc_rt_cuda_free(device, address));
  }
  tensorc_cuda_memory memory() {
    tensorc_cuda_memory memory;
    tensorc_rt_cuda_memory(device, &memory);
    return memory;
  }

  tensorc_cuda_device *device = nullptr;
};

} // namespace

TEST_F(MemoryTest, FreedBlocksAreReused) {
  // The driver gives 6, and what is left of them is too little to keep apart.
  std::uint64_t first = allocate(5 * kMega);
  EXPECT_EQ(memory().in_use, 6 * kMega);
  EXPECT_EQ(memory().reserved, 6 * kMega);
  free(first);
  EXPECT_EQ(memory().in_use, 0u);
  EXPECT_EQ(memory().reserved, 6 * kMega);
  EXPECT_EQ(allocate(4 * kMega + 1), first);
  EXPECT_EQ(memory().peak_in_use, 6 * kMega);
  EXPECT_EQ(memory().allocations, 2u);
  EXPECT_EQ(memory().cache_hits, 1u);
  EXPECT_EQ(fake.countCalls("cuMemAlloc_v2"), 1);
  free(first);
}

TEST_F(MemoryTest, SmallBlocksShareASegment) {
  std::vector<std::uint64_t> blocks;
  for (int i = 0; i < 100; ++i)
    blocks.push_back(allocate(1 + 100 * i));
  EXPECT_EQ(fake.countCalls("cuMemAlloc_v2"), 1);
  EXPECT_EQ(memory().reserved, 2 * kMega);
  for (std::uint64_t block : blocks)
    free(block);
  // All of them are one block again.
  EXPECT_EQ(allocate(kMega), blocks[0]);
  free(blocks[0]);
  EXPECT_OK(tensorc_rt_cuda_empty_cache(device));
  EXPECT_EQ(memory().reserved, 0u);
  EXPECT_EQ(memory().peak_reserved, 2 * kMega);
  EXPECT_EQ(fake.bytesInUse, 0u);
}

TEST_F(MemoryTest, NoBytesAreNoMemory) {
  EXPECT_EQ(allocate(0), 0u);
  free(0);
  EXPECT_EQ(memory().allocations, 0u);
}

TEST_F(MemoryTest, RandomUseNeverOverlaps) {
  std::mt19937 random(5);
  std::map<std::uint64_t, std::uint64_t> used;
  std::uint64_t wanted = 0, peak = 0;
  for (int i = 0; i < 20000; ++i) {
    bool give = used.size() > 60 || (!used.empty() && random() % 2);
    if (give) {
      auto it = std::next(used.begin(), random() % used.size());
      wanted -= it->second;
      free(it->first);
      used.erase(it);
      continue;
    }
    std::uint64_t bytes = 1 + random() % (1u << random() % 20);
    std::uint64_t address = allocate(bytes);
    auto after = used.lower_bound(address);
    if (after != used.end()) {
      ASSERT_LE(address + bytes, after->first);
    }
    if (after != used.begin()) {
      ASSERT_LE(std::prev(after)->first + std::prev(after)->second, address);
    }
    used[address] = bytes;
    wanted += bytes;
    peak = std::max(peak, wanted);
    ASSERT_GE(memory().in_use, wanted);
  }
  EXPECT_GE(memory().peak_in_use, peak);
  EXPECT_LE(memory().peak_reserved, 2 * peak + 8 * kMega);
  EXPECT_GT(memory().cache_hits * 10, memory().allocations * 9);
  for (auto [address, bytes] : used)
    free(address);
  EXPECT_EQ(memory().in_use, 0u);
  EXPECT_OK(tensorc_rt_cuda_empty_cache(device));
  EXPECT_EQ(memory().reserved, 0u);
}

TEST_F(MemoryTest, CacheGoesBackForWantOfMemory) {
  fake.memoryBytes = 16 * kMega;
  std::uint64_t blocks[] = {allocate(4 * kMega), allocate(4 * kMega),
                            allocate(4 * kMega)};
  free(blocks[0]);
  free(blocks[2]);
  std::uint64_t large = allocate(10 * kMega);
  EXPECT_EQ(memory().cache_releases, 1u);
  EXPECT_EQ(memory().reserved, 14 * kMega);
  free(large);
  free(blocks[1]);
}

TEST_F(MemoryTest, OutOfMemoryCanBeTriedAgain) {
  fake.memoryBytes = 16 * kMega;
  for (int i = 0; i < 100; ++i) {
    std::uint64_t hog = allocate(12 * kMega), address = 1;
    EXPECT_EQ(tensorc_rt_cuda_alloc(device, 6000001, &address),
              TENSORC_ERROR_DEVICE_OUT_OF_MEMORY);
    EXPECT_EQ(address, 0u);
    EXPECT_EQ(words(),
              "CUDA device 0 (`Fake`): can't allocate 6000128 bytes: 4194304 "
              "of 16777216 bytes are free, 12582912 are in use by this "
              "process: CUDA_ERROR_OUT_OF_MEMORY (as told)");
    free(hog);
    free(allocate(6000001));
    ASSERT_LE(memory().reserved, 12 * kMega);
    ASSERT_EQ(memory().in_use, 0u);
  }
  EXPECT_EQ(tensorc_rt_cuda_alloc(device, ~0ull, nullptr),
            TENSORC_ERROR_INVALID_ARGUMENT);
  std::uint64_t address;
  EXPECT_EQ(tensorc_rt_cuda_alloc(device, ~0ull, &address),
            TENSORC_ERROR_DEVICE_OUT_OF_MEMORY);
}

TEST_F(MemoryTest, ModelsRecoverFromOutOfMemory) {
  fake.memoryBytes = 8 * kMega;
  OpenModel model(toy);
  ASSERT_OK(model.status);
  Reference reference;
  Values batch = numbers(1), values;
  toy.inferLaunches[0].shared_bytes = 0;
  for (int i = 0; i < 100; ++i) {
    // Not even room for a second model's state.
    toy.model.state_bytes = 3 * kMega;
    std::uint64_t hog = allocate(4 * kMega);
    {
      OpenModel second(toy);
      EXPECT_EQ(second.status, TENSORC_ERROR_DEVICE_OUT_OF_MEMORY);
      EXPECT_NE(words().find("can't allocate 3145728 bytes"),
                std::string::npos);
    }
    EXPECT_OK(model.train(batch, batch));
    reference.train(batch);
    free(hog);
    OpenModel second(toy);
    ASSERT_OK(second.status);
    toy.model.state_bytes = TestProgram::kBytes;
  }
  expectState(model, reference);
  EXPECT_GE(memory().cache_releases, 100u);
}

TEST_F(MemoryTest, FirstRunRecoversFromOutOfMemory) {
  // There is room for the model, but not for its workspace.
  toy.functions[0].workspace_bytes = 6 * kMega;
  fake.memoryBytes = 8 * kMega;
  OpenModel model(toy);
  ASSERT_OK(model.status);
  Values batch = numbers(1), values;
  std::uint64_t hog = allocate(4 * kMega);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(model.train(batch, batch), TENSORC_ERROR_DEVICE_OUT_OF_MEMORY);
    EXPECT_OK(model.infer(values)) << "the small one still runs";
  }
  EXPECT_OK(model.read(values));
  EXPECT_EQ(values, Values(kCount));
  free(hog);
  EXPECT_OK(model.train(batch, batch));
  EXPECT_OK(model.read(values));
  EXPECT_EQ(values, batch);
}

TEST_F(MemoryTest, Copies) {
  Values values = numbers(1), back(kCount);
  std::uint64_t address = allocate(TestProgram::kBytes);
  EXPECT_OK(tensorc_rt_cuda_upload(device, address, values.data(),
                                   TestProgram::kBytes));
  EXPECT_OK(tensorc_rt_cuda_download(device, back.data(), address,
                                     TestProgram::kBytes));
  EXPECT_EQ(back, values);
  EXPECT_OK(tensorc_rt_cuda_upload(device, address, nullptr, 0));
  EXPECT_EQ(tensorc_rt_cuda_upload(device, address, nullptr, 4),
            TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(words(), "the source is a null pointer");
  EXPECT_EQ(tensorc_rt_cuda_download(nullptr, back.data(), address, 4),
            TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(words(), "the device is a null pointer");
  EXPECT_EQ(
      tensorc_rt_cuda_download(device, back.data(), address + kMega * 64, 4),
      TENSORC_ERROR_DEVICE);
  free(address);
}

TEST_F(MemoryTest, FreesOnlyItsOwn) {
  EXPECT_EQ(tensorc_rt_cuda_free(device, 4096), TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(words(), "no memory was allocated at 0x1000");
  std::uint64_t address = allocate(1);
  free(address);
  EXPECT_EQ(tensorc_rt_cuda_free(device, address),
            TENSORC_ERROR_INVALID_ARGUMENT);
}

TEST_F(MemoryTest, DevicesAreShared) {
  tensorc_cuda_device *again = nullptr;
  EXPECT_OK(tensorc_rt_cuda_device_open(0, &again));
  EXPECT_EQ(again, device);
  EXPECT_EQ(fake.live["context"], 1);
  tensorc_rt_cuda_device_close(again);
  EXPECT_EQ(fake.live["context"], 1);
  tensorc_rt_cuda_device_close(nullptr);
  EXPECT_EQ(tensorc_rt_cuda_device_open(1, &again), TENSORC_ERROR_NO_DEVICE);
  EXPECT_EQ(again, nullptr);
}

TEST_F(MemoryTest, Info) {
  tensorc_cuda_device_info info;
  EXPECT_OK(tensorc_rt_cuda_device_info(0, &info));
  EXPECT_STREQ(info.name, "Fake");
  EXPECT_EQ(info.sm, 90);
  EXPECT_EQ(info.multiprocessors, 132);
  EXPECT_EQ(info.driver_version, 13000);
  EXPECT_EQ(info.total_bytes, fake.memoryBytes);
  EXPECT_EQ(tensorc_rt_cuda_device_info(1, &info), TENSORC_ERROR_NO_DEVICE);
  EXPECT_EQ(words(), "no CUDA device 1: there is 1");
  EXPECT_EQ(tensorc_rt_cuda_device_info(0, nullptr),
            TENSORC_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(words(), "the info is a null pointer");
  EXPECT_EQ(tensorc_rt_cuda_device_count(nullptr),
            TENSORC_ERROR_INVALID_ARGUMENT);
}
