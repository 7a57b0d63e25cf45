//===- SafetensorsTest.cpp - Safetensors files from C++ -----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/io/safetensors.h"

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <limits>
#include <stdlib.h>

using namespace tensorc::io;

namespace {

const std::string kFolder = TENSORC_SOURCE_DIR "/tests/runtime/io/";

template <typename T>
SafetensorsEntry entry(const std::string &name, const std::string &dtype,
                       std::vector<int64_t> shape, std::vector<T> values) {
  SafetensorsEntry made{name, dtype, std::move(shape), {}};
  made.bytes.resize(values.size() * sizeof(T));
  if (!values.empty())
    std::memcpy(made.bytes.data(), values.data(), made.bytes.size());
  return made;
}

/// What make_sample.py puts into a file.
std::vector<SafetensorsEntry> sampleEntries() {
  std::vector<float> conv;
  for (int i = 0; i < 24; ++i)
    conv.push_back(static_cast<float>(i) / 8 - 1);
  return {entry("conv1.weight", "F32", {2, 3, 2, 2}, conv),
          entry<uint16_t>("half", "F16", {5},
                          {0x0000, 0x3400, 0x3800, 0x3a00, 0x3c00}),
          entry<double>("double", "F64", {3},
                        {M_PI, -0.0, std::numeric_limits<double>::infinity()}),
          entry<int64_t>("step", "I64", {}, {-7}),
          entry<int32_t>("int", "I32", {2, 1}, {INT32_MAX, INT32_MIN}),
          entry<int16_t>("short", "I16", {2}, {-2, 513}),
          entry<int8_t>("byte", "I8", {2}, {-128, 127}),
          entry<uint8_t>("pixels", "U8", {2}, {0, 255}),
          entry<uint8_t>("mask", "BOOL", {3}, {1, 0, 1}),
          entry<float>("empty", "F32", {0, 4}, {}),
          entry<float>("näme \"quoted\"", "F32", {1}, {1.5f})};
}

std::string read(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The words of the error that `body` throws.
template <typename Body> std::string wordsOf(Body body) {
  try {
    body();
  } catch (const Error &error) {
    return error.what();
  }
  return "no error";
}

class Safetensors : public testing::Test {
protected:
  Safetensors() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "tensorc-XXXXXX").string();
    folder = mkdtemp(pattern.data());
    path = folder + "/a.safetensors";
  }
  ~Safetensors() override { std::filesystem::remove_all(folder); }

  std::string folder, path;
};

TEST_F(Safetensors, ReadsWhatNumpyWrote) {
  EXPECT_EQ(read_safetensors(kFolder + "sample.safetensors"), sampleEntries());
}

TEST_F(Safetensors, ReadsWhatTheOfficialLibraryWrote) {
  std::vector<SafetensorsEntry> entries =
      read_safetensors(kFolder + "official.safetensors");
  std::vector<SafetensorsEntry> expected = sampleEntries();
  ASSERT_EQ(entries.size(), expected.size());
  for (const SafetensorsEntry &entry : expected)
    EXPECT_NE(std::find(entries.begin(), entries.end(), entry), entries.end())
        << entry.name;
}

TEST_F(Safetensors, WritesTheSameBytesAsTheSample) {
  write_safetensors(path, sampleEntries());
  EXPECT_EQ(read(path), read(kFolder + "sample.safetensors"));
  write_safetensors(path, sampleEntries());
  EXPECT_EQ(read(path), read(kFolder + "sample.safetensors"));
}

TEST_F(Safetensors, ComeBack) {
  std::vector<SafetensorsEntry> none;
  write_safetensors(path, none);
  EXPECT_EQ(read_safetensors(path), none);
  // Types that tensorc doesn't compute with pass through.
  std::vector<SafetensorsEntry> others = {
      entry<uint8_t>("f4", "F4", {4}, {0x12, 0x34}),
      entry<uint64_t>("u64", "U64", {1}, {UINT64_MAX}),
      entry<float>("complex", "C64", {1}, {1, 2})};
  write_safetensors(path, others);
  EXPECT_EQ(read_safetensors(path), others);
}

TEST_F(Safetensors, KeepsMetadata) {
  using Metadata = SafetensorsMetadata;
  Metadata numpy = {{"format", "np"}};
  EXPECT_EQ(read_safetensors_metadata(kFolder + "official.safetensors"), numpy);
  EXPECT_EQ(read_safetensors_metadata(kFolder + "sample.safetensors"),
            Metadata());
  Metadata texts = {{"", ""}, {"a \"key\"", "two\nlines"}, {"b\\", "\u00e4"}};
  write_safetensors(path, sampleEntries(), texts);
  EXPECT_EQ(read_safetensors_metadata(path), texts);
  EXPECT_EQ(read_safetensors(path), sampleEntries());
  std::vector<SafetensorsEntry> none;
  write_safetensors(path, none, texts);
  EXPECT_EQ(read_safetensors_metadata(path), texts);
  EXPECT_EQ(read_safetensors(path), none);

  auto refuse = [&](const Metadata &wrong) {
    return wordsOf([&] { write_safetensors(path, none, wrong); });
  };
  EXPECT_EQ(refuse({{"a", "1"}, {"b", "2"}, {"a", "3"}}),
            path + ": the metadata `a` is there twice");
  EXPECT_EQ(refuse({{"\xc0", "1"}}),
            path + ": the metadata `\xc0` isn't UTF-8");
  EXPECT_EQ(refuse({{"a", "\xc0"}}), path + ": the metadata `a` isn't UTF-8");
  EXPECT_EQ(read_safetensors_metadata(path), texts);
}

TEST_F(Safetensors, ErrorsNameTheFile) {
  EXPECT_EQ(wordsOf([&] { read_safetensors(path); }),
            path + ": can't open: no such file or directory");
  std::ofstream(path) << "\1\2\3\4\5\6\7\10{}";
  EXPECT_EQ(wordsOf([&] { read_safetensors(path); }),
            path + ": not a safetensors file: a header of 578437695752307201 "
                   "bytes, expected at most 100000000");
  EXPECT_EQ(wordsOf([&] { read_safetensors(std::string("a\0b", 3)); }),
            "a path with a null byte in it: a");
}

TEST_F(Safetensors, RefusesEntriesThatDoNotFitTheFormat) {
  write_safetensors(path, sampleEntries());
  std::string before = read(path);
  auto refuse = [&](const SafetensorsEntry &wrong) {
    std::vector<SafetensorsEntry> entries = {
        entry<float>("good", "F32", {1}, {1}), wrong};
    std::string words = wordsOf([&] { write_safetensors(path, entries); });
    EXPECT_EQ(words.substr(0, path.size() + 2), path + ": ");
    EXPECT_EQ(read(path), before) << "the old file must stay";
    return words.substr(path.size() + 2);
  };
  EXPECT_EQ(refuse(entry<float>("good", "F32", {1}, {1})),
            "tensor `good` is there twice");
  EXPECT_EQ(refuse(entry<float>("__metadata__", "F32", {1}, {1})),
            "tensor `__metadata__` has a name that the format reserves");
  EXPECT_EQ(refuse(entry<float>("a\xc0", "F32", {1}, {1})),
            "tensor `a\xc0` has a name that isn't UTF-8");
  EXPECT_EQ(refuse(entry<float>(std::string("a\0b", 3), "F32", {1}, {1})),
            "tensor `a?b` has a null byte in its name");
  EXPECT_EQ(refuse(entry<float>("w", "float", {1}, {1})),
            "tensor `w` has the unknown dtype `float`");
  for (auto shape :
       std::vector<std::vector<int64_t>>{{2}, {-1}, {}, {INT64_MAX, INT64_MAX}})
    EXPECT_EQ(refuse(entry<float>("w", "F32", shape, {1, 2, 3})),
              "tensor `w` has another number of bytes than its shape and "
              "dtype");
  EXPECT_EQ(refuse(entry<float>("w", "F32", std::vector<int64_t>(65, 1), {1})),
            "tensor `w` has too many dimensions");
  EXPECT_EQ(refuse(entry<float>(std::string(100'000'000, 'n'), "F32", {}, {1})),
            "a header of 100000112 bytes, the format allows 100000000");
}

TEST_F(Safetensors, TypesHaveNames) {
  for (int i = TENSORC_BOOL; i <= TENSORC_F64; ++i) {
    auto dtype = static_cast<tensorc_dtype>(i);
    EXPECT_EQ(dtype_from_name(dtype_name(dtype)), dtype);
  }
  EXPECT_EQ(dtype_name(TENSORC_BF16), "BF16");
  EXPECT_EQ(dtype_from_name("F32"), TENSORC_F32);
  EXPECT_EQ(dtype_from_name("U16"), std::nullopt);
  EXPECT_EQ(dtype_from_name("nonsense"), std::nullopt);
  EXPECT_EQ(wordsOf([] { dtype_name(static_cast<tensorc_dtype>(10)); }),
            "unknown dtype 10");
}

} // namespace
