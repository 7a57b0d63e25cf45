//===- IdxTest.cpp - IDX files, sound and broken --------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IdxBytes.h"

#include "tensorc/data/idx.h"

#include <cstring>
#include <numeric>

using namespace tensorc::data;
using namespace tensorc::data::test;

namespace {

IdxArray parse(const Bytes &bytes) {
  return parse_idx(bytes.data(), bytes.size(), "f");
}

std::string parseError(const Bytes &bytes) {
  return messageOf<Error>([&] { parse(bytes); });
}

TEST(Idx, ReadsPlainAndGzip) {
  Bytes values(2 * 3);
  std::iota(values.begin(), values.end(), 10);
  Bytes file = header(0x08, {2, 3}) + values;
  for (const Bytes &bytes : {file, gzip(file)}) {
    IdxArray array = parse(bytes);
    EXPECT_EQ(array.type, IdxType::U8);
    EXPECT_EQ(array.dims, (std::vector<int64_t>{2, 3}));
    EXPECT_EQ(array.bytes, values);
  }
}

TEST(Idx, ReadsFromDisk) {
  TempFolder folder;
  Bytes file = header(0x08, {3}) + Bytes{7, 8, 9};
  // The content decides, not the name.
  EXPECT_EQ(read_idx(folder.write("plain.gz", file)).bytes, (Bytes{7, 8, 9}));
  EXPECT_EQ(read_idx(folder.write("packed", gzip(file))).bytes,
            (Bytes{7, 8, 9}));
}

TEST(Idx, ReadsEveryType) {
  EXPECT_EQ(parse(header(0x09, {1}) + Bytes{0xff}).bytes, Bytes{0xff});
  auto as = [](auto example, const IdxArray &array) {
    EXPECT_EQ(array.bytes.size(), sizeof(example));
    std::memcpy(&example, array.bytes.data(), sizeof(example));
    return example;
  };
  EXPECT_EQ(as(int16_t(), parse(header(0x0b, {1}) + Bytes{0xff, 0xfe})), -2);
  EXPECT_EQ(as(int32_t(), parse(header(0x0c, {1}) + Bytes{0, 1, 2, 3})),
            0x010203);
  EXPECT_EQ(as(float(), parse(header(0x0d, {1}) + Bytes{0x3f, 0x80, 0, 0})),
            1.0f);
  EXPECT_EQ(
      as(double(), parse(header(0x0e, {1}) + Bytes{0xc0, 0, 0, 0, 0, 0, 0, 0})),
      -2.0);
}

TEST(Idx, ReadsScalarsAndEmptyArrays) {
  EXPECT_EQ(parse(header(0x08, {}) + Bytes{5}).bytes, Bytes{5});
  EXPECT_EQ(parse(header(0x0d, {0, 7})).bytes, Bytes{});
}

TEST(Idx, ReadsSeveralGzipMembers) {
  Bytes file = gzip(header(0x08, {4}) + Bytes{1, 2}) + gzip({3, 4});
  EXPECT_EQ(parse(file).bytes, (Bytes{1, 2, 3, 4}));
}

TEST(Idx, ReadsMoreThanOneInflateWindow) {
  Bytes values(1 << 20);
  uint32_t state = 1;
  for (uint8_t &value : values)
    value = uint8_t((state = state * 1664525 + 1013904223) >> 24);
  EXPECT_EQ(parse(gzip(header(0x08, {1 << 20}) + values)).bytes, values);
  // The other extreme: the best that deflate can do stays within the bound.
  Bytes zeros(1 << 26);
  EXPECT_EQ(parse(gzip(header(0x08, {1 << 26}) + zeros)).bytes, zeros);
}

struct BadFile {
  const char *name;
  Bytes bytes;
  const char *error;
};

class BadIdx : public testing::TestWithParam<BadFile> {};

TEST_P(BadIdx, IsAnErrorThatSaysWhy) {
  EXPECT_EQ(parseError(GetParam().bytes), GetParam().error);
}

Bytes damaged(Bytes bytes, size_t fromEnd) {
  bytes[bytes.size() - fromEnd] ^= 0x55;
  return bytes;
}

const Bytes sound = header(0x08, {2, 2}) + Bytes{1, 2, 3, 4};

INSTANTIATE_TEST_SUITE_P(
    Idx, BadIdx,
    testing::Values(
        BadFile{"Empty",
                {},
                "f: expected an IDX header of at least 4 bytes, received 0"},
        BadFile{"ShortMagic",
                {0, 0, 8},
                "f: expected an IDX header of at least 4 bytes, received 3"},
        BadFile{"WrongMagic",
                {'P', 'K', 8, 1},
                "f: not an IDX file: expected to start with `0x0000`, received "
                "`0x504b`"},
        BadFile{"WrongType", header(0x0a, {1}),
                "f: unknown IDX element type `0x0a`"},
        BadFile{"ShortDims",
                {0, 0, 8, 2, 0, 0, 0, 2, 0},
                "f: header is truncated: dimension 1 of 2 is missing"},
        BadFile{"ShortData", header(0x08, {2, 2}) + Bytes{1, 2, 3},
                "f: data is truncated: shape [2, 2] of `u8` needs 4 bytes, the "
                "file has 3"},
        BadFile{"LongData", sound + Bytes{5},
                "f: unexpected bytes after the data: shape [2, 2] of `u8` "
                "needs 4 bytes"},
        BadFile{"Overflow", header(0x0e, {0xffffffff, 0xffffffff, 0xffffffff}),
                "f: shape [4294967295, 4294967295, 4294967295] of `f64` is "
                "larger than the address space"},
        BadFile{"Negative", header(0x08, {0x80000000, 0xffffffff}),
                "f: data is truncated: shape [2147483648, 4294967295] of `u8` "
                "needs 9223372034707292160 bytes, the file has 0"},
        BadFile{"GzipShortData", gzip(header(0x08, {2, 2}) + Bytes{1, 2, 3}),
                "f: data is truncated: shape [2, 2] of `u8` needs 4 bytes, the "
                "file has 3"},
        BadFile{"GzipLongData", gzip(sound + Bytes{5}),
                "f: unexpected bytes after the data: shape [2, 2] of `u8` "
                "needs 4 bytes"},
        BadFile{"GzipDamagedChecksum", damaged(gzip(sound), 8),
                "f: gzip data is damaged: incorrect data check"},
        BadFile{"GzipDamagedLength", damaged(gzip(sound), 4),
                "f: gzip data is damaged: incorrect length check"},
        BadFile{"GzipTail", gzip(sound) + Bytes{'x'},
                "f: unexpected bytes after the gzip data"},
        BadFile{"GzipOnlyMagic", {0x1f, 0x8b}, "f: gzip data is truncated"}),
    [](const auto &info) { return info.param.name; });

TEST(Idx, RefusesABombBeforeAllocating) {
  // 2^62 bytes claimed by a file of a few dozen: the machine's memory does not
  // come into it.
  std::string error = parseError(gzip(header(0x08, {1u << 31, 1u << 31})));
  EXPECT_NE(error.find("data is truncated: shape [2147483648, 2147483648] of "
                       "`u8` needs 4611686018427387904 bytes, the file has "
                       "room for at most "),
            std::string::npos)
      << error;
}

TEST(Idx, EveryTruncationIsAnError) {
  for (const Bytes &file : {sound, gzip(sound)})
    for (size_t size = 0; size < file.size(); ++size)
      EXPECT_THROW(parse_idx(file.data(), size, "f"), Error) << size;
}

TEST(Idx, NoDamagedByteCrashes) {
  // A changed byte gives an error or, in the pixels of a plain file, another
  // picture; sanitizer builds watch for anything else.
  for (const Bytes &file : {sound, gzip(sound)}) {
    int errors = 0;
    for (size_t at = 0; at < file.size(); ++at)
      for (int flip = 1; flip < 256; flip <<= 1) {
        Bytes bytes = file;
        bytes[at] ^= uint8_t(flip);
        try {
          IdxArray array = parse(bytes);
          EXPECT_EQ(array.bytes.size(), 4u);
        } catch (const Error &) {
          ++errors;
        }
      }
    EXPECT_GT(errors, 0);
  }
}

TEST(Idx, NamesTheFileThatCannotBeRead) {
  TempFolder folder;
  std::string missing = (folder.path / "nowhere").string();
  EXPECT_EQ(messageOf<Error>([&] { read_idx(missing); }),
            missing + ": cannot open: No such file or directory");
  EXPECT_EQ(messageOf<Error>([&] { read_idx(folder.path); }),
            folder.path.string() + ": not a regular file");
}

TEST(Idx, ChecksWhatWasAskedFor) {
  TempFolder folder;
  std::string path = folder.write("f", sound).string();
  EXPECT_EQ(read_idx(path, IdxType::U8, 2).bytes, (Bytes{1, 2, 3, 4}));
  EXPECT_EQ(messageOf<Error>([&] { read_idx(path, IdxType::U8, 3); }),
            path + ": expected 3 dimensions, received shape [2, 2]");
  EXPECT_EQ(messageOf<Error>([&] { read_idx(path, IdxType::F32, 2); }),
            path + ": expected elements of `f32`, received `u8`");
}

} // namespace
