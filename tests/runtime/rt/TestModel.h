//===- TestModel.h - A model description for the tests ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_RUNTIME_RT_TESTMODEL_H
#define TENSORC_TESTS_RUNTIME_RT_TESTMODEL_H

#include "tensorc/abi.h"

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>
#include <unistd.h>

/// A model with four state tensors of three element types: f32 [6, 1, 3, 3],
/// f32 [2, 0], an i64 scalar, bool [3].
struct TestModel {
  static constexpr uint64_t kStateBytes = 64 * 7;
  int64_t convShape[4] = {6, 1, 3, 3};
  int64_t fcShape[2] = {2, 0};
  int64_t maskShape[1] = {3};
  tensorc_tensor_desc descs[4] = {
      {"conv1.weight", convShape, 0, 216, TENSORC_F32, 4, TENSORC_PARAMETER, 0},
      {"fc.weight", fcShape, 256, 0, TENSORC_F32, 2, TENSORC_PARAMETER, 0},
      {"mask", maskShape, 320, 3, TENSORC_BOOL, 1, TENSORC_BUFFER, 0},
      {"step", nullptr, 384, 8, TENSORC_I64, 0, TENSORC_OPTIMIZER, 0}};
  tensorc_model model = {TENSORC_ABI_MAGIC,
                         TENSORC_ABI_MAJOR,
                         TENSORC_ABI_MINOR,
                         sizeof(tensorc_model),
                         "test",
                         "0123",
                         descs,
                         4,
                         kStateBytes,
                         1,
                         0};

  void *state() { return memory; }
  /// Other contents for each `seed`; the gaps are left alone.
  void fill(int seed) {
    for (int i = 0; i < 54; ++i)
      reinterpret_cast<float *>(memory)[i] =
          static_cast<float>(seed * 1000 + i);
    for (int i = 0; i < 3; ++i)
      memory[320 + i] = static_cast<char>((seed + i) % 2);
    int64_t step = seed;
    std::memcpy(memory + 384, &step, sizeof(step));
  }
  bool sameState(const TestModel &other) const {
    return std::memcmp(memory, other.memory, kStateBytes) == 0;
  }

  alignas(TENSORC_ALIGNMENT) char memory[kStateBytes] = {};
};

/// A fresh folder for each test, gone after it.
class FolderTest : public testing::Test {
protected:
  FolderTest() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "tensorc-XXXXXX").string();
    folder = mkdtemp(pattern.data());
  }
  ~FolderTest() override { std::filesystem::remove_all(folder); }

  std::string at(const std::string &name) const { return folder + "/" + name; }
  size_t filesInFolder() const {
    return static_cast<size_t>(
        std::distance(std::filesystem::directory_iterator(folder),
                      std::filesystem::directory_iterator()));
  }
  static std::string read(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void write(const std::string &path, const std::string &bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
  }
  /// A safetensors file with this header, as it is, and this data.
  static std::string withHeader(const std::string &header,
                                const std::string &data = "") {
    std::string bytes;
    for (int i = 0; i < 8; ++i)
      bytes += static_cast<char>(header.size() >> (8 * i));
    return bytes + header + data;
  }

  std::string folder;
};

#endif // TENSORC_TESTS_RUNTIME_RT_TESTMODEL_H
