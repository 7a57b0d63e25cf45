//===- SafetensorsFormatTest.cpp - Files that aren't what they should be ===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/rt/TestModel.h"

namespace {

/// A header, the bytes of data after it, and the words that refuse it; no
/// words where it is good. Each rule of the format has its cases.
struct Case {
  std::string header;
  size_t dataBytes;
  std::string words;
};

std::string tensor(const std::string &fields) {
  return "{\"w\":{" + fields + "}}";
}

std::string f32(const std::string &shape, const std::string &offsets) {
  return tensor("\"dtype\":\"F32\",\"shape\":" + shape +
                ",\"data_offsets\":" + offsets);
}

std::string member(const std::string &name, const std::string &offsets,
                   const std::string &shape = "[1]") {
  return "\"" + name + "\":{\"dtype\":\"F32\",\"shape\":" + shape +
         ",\"data_offsets\":" + offsets + "}";
}

std::string repeat(const std::string &text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i)
    all += (i ? "," : "") + text;
  return all;
}

const Case kCases[] = {
    // Good ones, at the edges.
    {"{}", 0, ""},
    {"{}   \n\t ", 0, ""},
    {"{\"__metadata__\":{}}", 0, ""},
    {"{\"__metadata__\":{\"a\":\"b\",\"c\":\"d\"}}", 0, ""},
    {f32("[]", "[0,4]"), 4, ""},
    {f32("[0]", "[0,0]"), 0, ""},
    {f32("[2,3]", "[0,24]"), 24, ""},
    {f32("[" + repeat("1", 64) + "]", "[0,4]"), 4, ""},
    {tensor("\"dtype\":\"F4\",\"shape\":[2],\"data_offsets\":[0,1]"), 1, ""},
    {tensor("\"dtype\":\"F6_E2M3\",\"shape\":[4],\"data_offsets\":[0,3]"), 3,
     ""},
    {tensor("\"dtype\":\"C64\",\"shape\":[4],\"data_offsets\":[0,32]"), 32, ""},
    {"{" + member("b", "[4,8]") + "," + member("a", "[0,4]") + "}", 8, ""},
    {"{" + member("b", "[4,4]", "[0]") + "," + member("a", "[0,4]") + "," +
         member("c", "[4,8]") + "," + member("d", "[8,8]", "[0]") + "}",
     8, ""},
    {"{" + member("", "[0,4]") + "}", 4, ""},

    // Not a header.
    {"", 0, "not a safetensors file: the header doesn't begin with `{`"},
    {" {}", 0, "not a safetensors file: the header doesn't begin with `{`"},
    {"[]", 0, "not a safetensors file: the header doesn't begin with `{`"},
    {std::string("\0", 1), 0,
     "not a safetensors file: the header doesn't begin with `{`"},

    // Not JSON.
    {"{", 0, "the header isn't valid JSON at byte 1"},
    {"{}{}", 0, "the header isn't valid JSON at byte 2"},
    {"{} x", 0, "the header isn't valid JSON at byte 3"},
    {std::string("{}\0\0", 4), 0, "the header isn't valid JSON at byte 2"},
    {std::string("{\0}", 3), 0, "the header isn't valid JSON at byte 1"},
    {"{\"w\"", 0, "the header isn't valid JSON at byte 4"},
    {"{\"w", 0, "the header isn't valid JSON at byte 3"},
    {"{w:1}", 0, "the header isn't valid JSON at byte 1"},
    {"{'w':1}", 0, "the header isn't valid JSON at byte 1"},
    {"{\"\xff\":1}", 0, "the header isn't valid JSON at byte 2"},
    {"{\"\xf0", 0, "the header isn't valid JSON at byte 2"},
    {"{\"\\ud800\":1}", 0, "the header isn't valid JSON at byte 2"},
    {"{\"a\nb\":1}", 0, "the header isn't valid JSON at byte 3"},
    {"{\"__metadata__\":{},}", 0, "the header isn't valid JSON at byte 19"},
    {"{/**/}", 0, "the header isn't valid JSON at byte 1"},
    {f32("[1,]", "[0,4]"), 4, "the header isn't valid JSON at byte 31"},
    {f32("[01]", "[0,4]"), 4, "the header isn't valid JSON at byte 30"},
    {f32("[1", "[0,4]"), 4,
     "tensor `w` has a string in `shape`, expected a "
     "number"},

    // Not a tensor.
    {"{\"w\":1}", 0, "tensor `w` is a number, expected an object"},
    {"{\"w\":\"x\"}", 0, "tensor `w` is a string, expected an object"},
    {"{\"w\":[]}", 0, "tensor `w` is an array, expected an object"},
    {"{\"w\":null}", 0, "tensor `w` is null, expected an object"},
    {"{\"w\":true}", 0, "tensor `w` is a truth value, expected an object"},
    {"{\"w\":{}}", 0, "tensor `w` has no `dtype`"},
    {tensor("\"dtype\":\"F32\""), 0, "tensor `w` has no `shape`"},
    {tensor("\"dtype\":\"F32\",\"shape\":[]"), 0,
     "tensor `w` has no `data_offsets`"},
    {tensor("\"dtype\":\"F32\",\"offsets\":[]"), 0,
     "tensor `w` has the unknown field `offsets`"},
    {tensor("\"dtype\":\"F32\",\"dtype\":\"F32\""), 0,
     "tensor `w` has two `dtype`"},
    {"{\"a\\u0000b\":{}}", 0, "tensor `a?b` has a null byte in its name"},
    {"{\"" + std::string(200, 'n') + "\":1}", 0,
     "tensor `" + std::string(160, 'n') +
         "...` is a number, expected an object"},

    // dtype.
    {tensor("\"dtype\":\"F31\""), 0, "tensor `w` has the unknown dtype `F31`"},
    {tensor("\"dtype\":\"f32\""), 0, "tensor `w` has the unknown dtype `f32`"},
    {tensor("\"dtype\":\"F32\\u0000\""), 0,
     "tensor `w` has the unknown dtype `F32?`"},
    {tensor("\"dtype\":32"), 0,
     "tensor `w` has a number as `dtype`, expected a string"},
    {tensor("\"dtype\":{}"), 0,
     "tensor `w` has an object as `dtype`, expected a string"},

    // shape.
    {f32("4", "[0,4]"), 4,
     "tensor `w` has a number as `shape`, expected an array"},
    {f32("[[1]]", "[0,4]"), 4,
     "tensor `w` has an array in `shape`, expected a number"},
    {f32("[{}]", "[0,4]"), 4,
     "tensor `w` has an object in `shape`, expected a number"},
    {f32("[-1]", "[0,4]"), 4,
     "tensor `w` has a number in `shape` that is not a natural one"},
    {f32("[1.0]", "[0,4]"), 4,
     "tensor `w` has a number in `shape` that is not a natural one"},
    {f32("[1e2]", "[0,4]"), 4,
     "tensor `w` has a number in `shape` that is not a natural one"},
    {f32("[9223372036854775808]", "[0,4]"), 4,
     "tensor `w` has the size 9223372036854775808, which is too large"},
    {f32("[18446744073709551616]", "[0,4]"), 4,
     "tensor `w` has a number in `shape` that is not a natural one"},
    {f32("[" + repeat("1", 65) + "]", "[0,4]"), 4,
     "tensor `w` has more than 64 dimensions"},
    {f32("[4294967296,4294967296]", "[0,0]"), 0,
     "tensor `w` of F32 has the shape [4294967296, 4294967296], which is not "
     "a number of bytes"},
    {f32("[9223372036854775807,0]", "[0,0]"), 0,
     "tensor `w` of F32 has the shape [9223372036854775807, 0], which is not "
     "a number of bytes"},
    {tensor("\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[0,2]"), 2,
     "tensor `w` of F4 has the shape [3], which is not a number of bytes"},

    // data_offsets.
    {f32("[1]", "{}"), 4,
     "tensor `w` has an object as `data_offsets`, expected an array"},
    {f32("[1]", "[]"), 4, "tensor `w` has 0 `data_offsets`, expected 2"},
    {f32("[1]", "[0]"), 4, "tensor `w` has 1 `data_offsets`, expected 2"},
    {f32("[1]", "[0,4,8]"), 4, "tensor `w` has more than 2 `data_offsets`"},
    {f32("[1]", "[0,\"4\"]"), 4,
     "tensor `w` has a string in `data_offsets`, expected a number"},
    {f32("[1]", "[-4,0]"), 4,
     "tensor `w` has a number in `data_offsets` that is not a natural one"},
    {f32("[1]", "[4,0]"), 4,
     "tensor `w` ends at byte 0, before its beginning at 4"},
    {f32("[1]", "[0,8]"), 8, "tensor `w` has 8 bytes, expected 4 for F32 [1]"},
    {f32("[2,2]", "[0,4]"), 4,
     "tensor `w` has 4 bytes, expected 16 for F32 [2, 2]"},
    {f32("[1]", "[4,8]"), 8,
     "tensor `w` begins at byte 4 of the data, expected 0: there is a hole"},
    {f32("[1]", "[18446744073709551611,18446744073709551615]"), 4,
     "tensor `w` begins at byte 18446744073709551611 of the data, expected 0: "
     "there is a hole"},
    {"{" + member("a", "[0,4]") + "," + member("b", "[8,12]") + "}", 12,
     "tensor `b` begins at byte 8 of the data, expected 4: there is a hole"},
    {"{" + member("a", "[0,4]") + "," + member("b", "[2,6]") + "}", 6,
     "tensor `b` begins at byte 2 of the data, expected 4: tensors overlap"},
    {"{" + member("a", "[0,4]") + "," + member("b", "[0,4]") + "}", 4,
     "tensor `b` begins at byte 0 of the data, expected 4: tensors overlap"},
    {f32("[1]", "[0,4]"), 3,
     "the file has 3 bytes of data, expected 4: it is truncated"},
    {f32("[1]", "[0,4]"), 5, "the file has 5 bytes of data, expected 4"},
    {"{}", 1, "the file has 1 bytes of data, expected 0"},

    // Names.
    {"{" + member("a", "[0,4]") + "," + member("b", "[4,8]") + "," +
         member("\\u0061", "[8,12]") + "}",
     12, "two tensors `a`"},

    // __metadata__.
    {"{\"__metadata__\":[]}", 0,
     "expected `__metadata__` to be an object, received an array"},
    {"{\"__metadata__\":{\"a\":1}}", 0,
     "expected a string in `__metadata__`, received a number"},
    {"{\"__metadata__\":{\"a\":{}}}", 0,
     "expected a string in `__metadata__`, received an object"},
    {"{\"__metadata__\":{\"a\":-1.5}}", 0,
     "expected a string in `__metadata__`, received a number"},
    {"{\"__metadata__\":{\"a\":\"\",\"b\":\"\",\"a\":\"\"}}", 0,
     "two `a` in `__metadata__`"},
    {"{\"__metadata__\":{},\"__metadata__\":{}}", 0, "two `__metadata__`"},
};

class Format : public FolderTest {
protected:
  /// A model without state reads nothing but looks at the whole header.
  std::string wordsFor(const std::string &bytes) {
    std::string path = at("a.safetensors");
    write(path, bytes);
    TestModel test;
    test.model.state_count = 0;
    int32_t status =
        tensorc_rt_load_state(&test.model, test.state(), path.c_str());
    if (status == TENSORC_OK)
      return "";
    EXPECT_EQ(status, TENSORC_ERROR_FORMAT);
    std::string words = tensorc_rt_last_error(), prefix = path + ": ";
    EXPECT_EQ(words.substr(0, prefix.size()), prefix);
    return words.substr(prefix.size());
  }
};

TEST_F(Format, IsKeptTo) {
  for (const Case &test : kCases)
    EXPECT_EQ(
        wordsFor(withHeader(test.header, std::string(test.dataBytes, 'x'))),
        test.words)
        << test.header;
}

TEST_F(Format, RefusesEveryTruncation) {
  std::string whole =
      withHeader("{" + member("b", "[4,8]") + "," + member("a", "[0,4]") + "}",
                 "12345678");
  ASSERT_EQ(wordsFor(whole), "");
  for (size_t length = 0; length < whole.size(); ++length)
    EXPECT_NE(wordsFor(whole.substr(0, length)), "") << length;
}

TEST_F(Format, BelievesNoSizeOfAHeader) {
  EXPECT_EQ(wordsFor(""), "not a safetensors file: it has 0 bytes");
  EXPECT_EQ(wordsFor("1234567"), "not a safetensors file: it has 7 bytes");
  EXPECT_EQ(wordsFor(std::string("\3\0\0\0\0\0\0\0{}", 10)),
            "a header of 3 bytes, but only 2 bytes follow");
  // 100,000,000 is allowed, one more is not.
  EXPECT_EQ(wordsFor(std::string("\x00\xe1\xf5\x05\0\0\0\0{}", 10)),
            "a header of 100000000 bytes, but only 2 bytes follow");
  EXPECT_EQ(wordsFor(std::string("\x01\xe1\xf5\x05\0\0\0\0{}", 10)),
            "not a safetensors file: a header of 100000001 bytes, expected at "
            "most 100000000");
  EXPECT_EQ(wordsFor(std::string(8, '\xff') + "{}"),
            "not a safetensors file: a header of 18446744073709551615 bytes, "
            "expected at most 100000000");
}

TEST_F(Format, MayNestAsDeepAsItLikes) {
  for (const char *open : {"[", "{\"a\":"})
    for (const char *before :
         {"{\"w\":", "{\"w\":{\"shape\":[", "{\"__metadata__\":{\"a\":"}) {
      std::string header = before;
      for (int i = 0; i < 100'000; ++i)
        header += open;
      EXPECT_NE(wordsFor(withHeader(header)), "");
    }
}

TEST_F(Format, MayHaveManyTensors) {
  std::string header = "{";
  for (int i = 0; i < 20'000; ++i)
    header += (i ? "," : "") + member("w" + std::to_string(i),
                                      "[" + std::to_string(4 * i) + "," +
                                          std::to_string(4 * i + 4) + "]");
  EXPECT_EQ(wordsFor(withHeader(header + "}", std::string(80'000, 'x'))), "");
}

} // namespace
