//===- Safetensors.cpp - The safetensors file format --------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Safetensors.h"

#include "tensorc/dtype.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <rapidjson/encodings.h>
#include <stdio.h>

using namespace tensorc::rt;

/// Those that are only passed over.
static constexpr ElementType kOthers[] = {
    {"U16", 16, -1},    {"U32", 32, -1},    {"U64", 64, -1},
    {"F8_E5M2", 8, -1}, {"F8_E4M3", 8, -1}, {"F8_E8M0", 8, -1},
    {"F6_E2M3", 6, -1}, {"F6_E3M2", 6, -1}, {"F4", 4, -1},
    {"C64", 64, -1}};
static constexpr std::size_t kOtherCount = std::size(kOthers);

/// In the order of `tensorc_dtype`, then the others.
static constexpr auto kTypes = [] {
  std::array<ElementType, tensorc::kDTypeCount + kOtherCount> types{};
  std::size_t next = 0;
  for (const tensorc::DTypeInfo &info : tensorc::kDTypes)
    types[next++] = {info.safetensors, info.bytes * 8u,
                     static_cast<int32_t>(info.dtype)};
  for (const ElementType &other : kOthers)
    types[next++] = other;
  return types;
}();

const ElementType *tensorc::rt::findElementType(const char *name,
                                                size_t length) {
  for (const ElementType &type : kTypes)
    if (strlen(type.name) == length && memcmp(type.name, name, length) == 0)
      return &type;
  return nullptr;
}

const ElementType *tensorc::rt::elementTypeOf(int32_t dtype) {
  if (dtype < TENSORC_BOOL || dtype > TENSORC_F64)
    return nullptr;
  return &kTypes[dtype];
}

bool tensorc::rt::denseBytes(const ElementType &type, const int64_t *shape,
                             int32_t rank, uint64_t &bytes) {
  uint64_t bits = type.bits;
  for (int32_t i = 0; i < rank; ++i)
    if (shape[i] < 0 ||
        __builtin_mul_overflow(bits, static_cast<uint64_t>(shape[i]), &bits))
      return false;
  bytes = bits / 8;
  return bits % 8 == 0;
}

ShapeText::ShapeText(const int64_t *shape, int32_t rank) {
  size_t length = 1;
  text[0] = '[';
  for (int32_t i = 0; i < rank; ++i) {
    // Room for one more size, what separates it, and the end.
    if (length > sizeof(text) - 32) {
      memcpy(text + length, ", ...", 5);
      length += 5;
      break;
    }
    length += static_cast<size_t>(snprintf(text + length, sizeof(text) - length,
                                           i ? ", %lld" : "%lld",
                                           static_cast<long long>(shape[i])));
  }
  memcpy(text + length, "]", 2);
}

int32_t SafetensorsFile::open(const char *path) {
  if (int32_t status = file_.open(path))
    return status;
  unsigned char sizeBytes[8];
  if (file_.size() < sizeof(sizeBytes))
    return tensorc_rt_fail(TENSORC_ERROR_FORMAT,
                           "%s: not a safetensors file: it has %llu bytes",
                           path, static_cast<unsigned long long>(file_.size()));
  if (int32_t status = file_.read(sizeBytes, sizeof(sizeBytes), 0))
    return status;
  uint64_t length = 0;
  for (int i = 7; i >= 0; --i)
    length = length << 8 | sizeBytes[i];
  uint64_t rest = file_.size() - sizeof(sizeBytes);
  if (length > kMaxHeaderBytes)
    return tensorc_rt_fail(
        TENSORC_ERROR_FORMAT,
        "%s: not a safetensors file: a header of %llu bytes, expected at most "
        "%llu",
        path, static_cast<unsigned long long>(length),
        static_cast<unsigned long long>(kMaxHeaderBytes));
  if (length > rest)
    return tensorc_rt_fail(
        TENSORC_ERROR_FORMAT,
        "%s: a header of %llu bytes, but only %llu bytes follow", path,
        static_cast<unsigned long long>(length),
        static_cast<unsigned long long>(rest));
  // The parser may look a few bytes beyond the end, at zeros.
  constexpr size_t kPadding = 8;
  if (!text_.resize(length + kPadding))
    return tensorc_rt_fail(TENSORC_ERROR_OUT_OF_MEMORY,
                           "%s: not enough memory for a header of %llu bytes",
                           path, static_cast<unsigned long long>(length));
  memset(text_.data() + length, 0, kPadding);
  if (int32_t status = file_.read(text_.data(), length, sizeof(sizeBytes)))
    return status;
  dataStart_ = sizeof(sizeBytes) + length;
  return header_.parse(path, text_.data(), length, rest - length);
}

int32_t SafetensorsFile::equal(const FileTensor &a, const FileTensor &b,
                               bool &same) const {
  char left[4096], right[4096];
  uint64_t bytes = a.end - a.begin;
  for (uint64_t done = 0; done < bytes; done += sizeof(left)) {
    uint64_t part = std::min<uint64_t>(sizeof(left), bytes - done);
    if (int32_t status = file_.read(left, part, dataStart_ + a.begin + done))
      return status;
    if (int32_t status = file_.read(right, part, dataStart_ + b.begin + done))
      return status;
    same = memcmp(left, right, part) == 0;
    if (!same)
      return TENSORC_OK;
  }
  same = true;
  return TENSORC_OK;
}

int32_t SafetensorsFile::read(const FileTensor &tensor,
                              void *destination) const {
  return file_.read(destination, tensor.end - tensor.begin,
                    dataStart_ + tensor.begin);
}

namespace {

/// Collects the header's text; remembers a lack of memory until asked.
class HeaderText {
public:
  // Not for speed: the library is to be small.
  [[gnu::noinline]] void add(const char *text, size_t length) {
    good_ = good_ && text_.append(text, length);
  }
  void add(const char *text) { add(text, strlen(text)); }
  void add(uint64_t number) {
    char digits[24];
    add(digits,
        static_cast<size_t>(snprintf(digits, sizeof(digits), "%llu",
                                     static_cast<unsigned long long>(number))));
  }
  void addQuoted(const char *text, size_t length);

  bool good() const { return good_; }
  Array<char> &text() { return text_; }

private:
  Array<char> text_;
  bool good_ = true;
};

/// A text as RapidJSON's encodings read it, with zeros after its end; what
/// they write is dropped.
struct Utf8Stream {
  using Ch = char;
  const char *next, *end;
  char Take() { return next < end ? *next++ : 0; }
  void Put(char) {}
};

} // namespace

static bool isUtf8(const char *text, size_t length) {
  Utf8Stream stream{text, text + length};
  while (stream.next < stream.end)
    if (!rapidjson::UTF8<>::Validate(stream, stream))
      return false;
  return true;
}

void HeaderText::addQuoted(const char *text, size_t length) {
  add("\"");
  size_t plain = 0; // where the text that needs no escape begins
  for (size_t i = 0; i < length; ++i) {
    unsigned char c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\')
      continue;
    add(text + plain, i - plain);
    char escaped[8];
    snprintf(escaped, sizeof(escaped), c < 0x20 ? "\\u%04x" : "\\%c", c);
    add(escaped);
    plain = i + 1;
  }
  add(text + plain, length - plain);
  add("\"");
}

/// What can't be said in the format, or wouldn't be read back.
static int32_t checkViews(const char *path, const TensorView *tensors,
                          const Array<uint32_t> &byName) {
  const TensorView *before = nullptr;
  for (uint32_t i : byName) {
    const TensorView &tensor = tensors[i];
    Quoted name(tensor.name, tensor.nameLength);
    const char *problem = nullptr;
    uint64_t bytes;
    if (!isUtf8(tensor.name, tensor.nameLength))
      problem = "has a name that isn't UTF-8";
    else if (memchr(tensor.name, 0, tensor.nameLength))
      problem = "has a null byte in its name";
    else if (tensor.nameLength == 12 &&
             memcmp(tensor.name, "__metadata__", 12) == 0)
      problem = "has a name that the format reserves";
    else if (before && before->nameLength == tensor.nameLength &&
             memcmp(before->name, tensor.name, tensor.nameLength) == 0)
      problem = "is there twice";
    else if (tensor.rank > kMaxFileRank)
      problem = "has too many dimensions";
    else if (!denseBytes(*tensor.type, tensor.shape, tensor.rank, bytes) ||
             bytes != tensor.bytes)
      problem = "has another number of bytes than its shape and dtype";
    if (problem)
      return tensorc_rt_fail(TENSORC_ERROR_INVALID_ARGUMENT,
                             "%s: tensor `%s` %s", path, name.text, problem);
    before = &tensor;
  }
  return TENSORC_OK;
}

static int32_t checkMetadata(const char *path, const MetadataView *metadata,
                             size_t count) {
  for (size_t i = 0; i < count; ++i) {
    const MetadataView &entry = metadata[i];
    bool twice = false;
    for (size_t j = 0; j < i; ++j)
      twice |= metadata[j].keyLength == entry.keyLength &&
               memcmp(metadata[j].key, entry.key, entry.keyLength) == 0;
    if (twice || !isUtf8(entry.key, entry.keyLength) ||
        !isUtf8(entry.text, entry.length))
      return tensorc_rt_fail(TENSORC_ERROR_INVALID_ARGUMENT,
                             "%s: the metadata `%s` %s", path,
                             Quoted(entry.key, entry.keyLength).text,
                             twice ? "is there twice" : "isn't UTF-8");
  }
  return TENSORC_OK;
}

static void addMetadata(HeaderText &text, const MetadataView *metadata,
                        size_t count) {
  text.add("\"__metadata__\":{");
  for (size_t i = 0; i < count; ++i) {
    if (i)
      text.add(",");
    text.addQuoted(metadata[i].key, metadata[i].keyLength);
    text.add(":");
    text.addQuoted(metadata[i].text, metadata[i].length);
  }
  text.add("}");
}

static void addTensor(HeaderText &text, const TensorView &tensor,
                      uint64_t begin) {
  text.addQuoted(tensor.name, tensor.nameLength);
  text.add(":{\"dtype\":\"");
  text.add(tensor.type->name);
  text.add("\",\"shape\":[");
  for (int32_t i = 0; i < tensor.rank; ++i) {
    if (i)
      text.add(",");
    text.add(static_cast<uint64_t>(tensor.shape[i]));
  }
  text.add("],\"data_offsets\":[");
  text.add(begin);
  text.add(",");
  text.add(begin + tensor.bytes);
  text.add("]}");
}

int32_t tensorc::rt::writeSafetensors(const char *path,
                                      const TensorView *tensors, size_t count,
                                      const MetadataView *metadata,
                                      size_t metadataCount) {
  auto noMemory = [&] {
    return tensorc_rt_fail(TENSORC_ERROR_OUT_OF_MEMORY,
                           "%s: not enough memory for the header", path);
  };
  Array<uint32_t> order;
  Array<uint64_t> begins;
  if (count > UINT32_MAX || !order.resize(count) || !begins.resize(count))
    return noMemory();
  for (uint32_t i = 0; i < count; ++i)
    order[i] = i;
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    const TensorView &x = tensors[a], &y = tensors[b];
    int names = memcmp(x.name, y.name, std::min(x.nameLength, y.nameLength));
    return names ? names < 0 : x.nameLength < y.nameLength;
  });
  if (int32_t status = checkViews(path, tensors, order))
    return status;
  if (int32_t status = checkMetadata(path, metadata, metadataCount))
    return status;

  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    uint32_t x = tensors[a].type->bits, y = tensors[b].type->bits;
    return x != y ? x > y : a < b;
  });
  uint64_t dataBytes = 0;
  for (uint32_t i : order) {
    begins[i] = dataBytes;
    if (__builtin_add_overflow(dataBytes, tensors[i].bytes, &dataBytes))
      return tensorc_rt_fail(TENSORC_ERROR_INVALID_ARGUMENT,
                             "%s: the tensors are too large for a file", path);
  }

  // The size comes first; it is filled in when the text is there.
  HeaderText text;
  char sizeBytes[8] = {};
  text.add(sizeBytes, sizeof(sizeBytes));
  text.add("{");
  if (metadataCount)
    addMetadata(text, metadata, metadataCount);
  for (size_t i = 0; i < count; ++i) {
    if (i || metadataCount)
      text.add(",");
    addTensor(text, tensors[i], begins[i]);
  }
  text.add("}");
  while (text.good() && text.text().size() % 8)
    text.add(" ");
  if (!text.good())
    return noMemory();
  uint64_t length = text.text().size() - sizeof(sizeBytes);
  if (length > kMaxHeaderBytes)
    return tensorc_rt_fail(TENSORC_ERROR_INVALID_ARGUMENT,
                           "%s: a header of %llu bytes, the format allows %llu",
                           path, static_cast<unsigned long long>(length),
                           static_cast<unsigned long long>(kMaxHeaderBytes));
  for (int i = 0; i < 8; ++i)
    text.text()[i] = static_cast<char>(length >> (8 * i));

  AtomicFile file;
  int32_t status = file.open(path);
  if (!status)
    status = file.write(text.text().data(), text.text().size());
  for (size_t i = 0; i < count && !status; ++i)
    status = file.write(tensors[order[i]].data, tensors[order[i]].bytes);
  return status ? status : file.commit();
}
