//===- SafetensorsHeader.cpp - Reads and checks a header ----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// The JSON is read by RapidJSON: header-only and strict. In place it allocates
// nothing, and it recurses no deeper than the format nests, as `HeaderHandler`
// stops it there. (Its iterative variant computes with a null pointer.)
//
//===----------------------------------------------------------------------===//

#include "Safetensors.h"

#include <algorithm>
#include <rapidjson/reader.h>
#include <stdio.h>
#include <stdlib.h>

using namespace tensorc::rt;

namespace {

/// For the memory that RapidJSON would take for strings that it copies. In
/// place, it takes none.
class NoMemory {
public:
  void *Malloc(size_t) { __builtin_trap(); }
  void *Realloc(void *, size_t, size_t) { __builtin_trap(); }
  static void Free(void *) {}
  // Named by RapidJSON, for readers without an allocator of their own.
  static void *operator new(size_t) { __builtin_trap(); }
  static void operator delete(void *) {}
};

using Reader =
    rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>, NoMemory>;

bool less(const char *a, size_t aLength, const char *b, size_t bLength) {
  int order = memcmp(a, b, std::min(aLength, bLength));
  return order ? order < 0 : aLength < bLength;
}

} // namespace

namespace tensorc::rt {

/// Receives the header's JSON piece by piece; false stops the reader. What is
/// expected next is one of a few states, so nothing can nest deeper than the
/// format does.
class HeaderHandler {
public:
  HeaderHandler(SafetensorsHeader &header, const char *path)
      : header_(header), path_(path) {}

  int32_t status() const { return status_; }
  bool complete() const { return state_ == State::End; }

  bool StartObject() {
    switch (state_) {
    case State::Start:
      return enter(State::Name);
    case State::Tensor:
      seen_ = 0;
      return enter(State::Field);
    case State::Metadata:
      return enter(State::MetadataKey);
    default:
      return unexpected("an object");
    }
  }

  bool EndObject(unsigned) {
    if (state_ == State::Name)
      return enter(State::End);
    if (state_ == State::Field && seen_ != (kDtype | kShape | kOffsets))
      return fail("has no `%s`", !(seen_ & kDtype)   ? "dtype"
                                 : !(seen_ & kShape) ? "shape"
                                                     : "data_offsets");
    if (state_ == State::Field && !checkBytes())
      return false;
    return enter(State::Name);
  }

  bool Key(const char *text, unsigned length, bool) {
    switch (state_) {
    case State::Name:
      return name(text, length);
    case State::Field:
      return field(text, length);
    default: // MetadataKey
      return keep(header_.metadata_.push({text, length, "", 0})) &&
             enter(State::MetadataText);
    }
  }

  bool String(const char *text, unsigned length, bool) {
    if (state_ == State::MetadataText) {
      header_.metadata_.back().text = text;
      header_.metadata_.back().length = length;
      return enter(State::MetadataKey);
    }
    if (state_ != State::Dtype)
      return unexpected("a string");
    tensor().type = findElementType(text, length);
    if (!tensor().type)
      return fail("has the unknown dtype `%s`", Quoted(text, length).text);
    return enter(State::Field);
  }

  bool StartArray() {
    if (state_ == State::Shape)
      return enter(State::Size);
    if (state_ == State::Offsets)
      return enter(State::Begin);
    return unexpected("an array");
  }

  bool EndArray(unsigned count) {
    if (state_ == State::Size) {
      tensor().rank = static_cast<int32_t>(count);
      return enter(State::Field);
    }
    if (state_ != State::OffsetsEnd)
      return fail("has %u `data_offsets`, expected 2", count);
    return enter(State::Field);
  }

  bool Uint(unsigned value) { return Uint64(value); }
  bool Uint64(uint64_t value) {
    switch (state_) {
    case State::Size:
      return size(value);
    case State::Begin:
      tensor().begin = value;
      return enter(State::EndOffset);
    case State::EndOffset:
      tensor().end = value;
      return enter(State::OffsetsEnd);
    case State::OffsetsEnd:
      return fail("has more than 2 `data_offsets`");
    default:
      return unexpected("a number");
    }
  }

  bool Int(int) { return badNumber(); }
  bool Int64(int64_t) { return badNumber(); }
  bool Double(double) { return badNumber(); }
  bool RawNumber(const char *, unsigned, bool) { return badNumber(); }
  bool Bool(bool) { return unexpected("a truth value"); }
  bool Null() { return unexpected("null"); }

private:
  enum class State {
    Start,
    Name, ///< of a tensor, or the header's end
    Tensor,
    Field, ///< of a tensor, or its end
    Dtype,
    Shape,
    Size, ///< of a shape, or its end
    Offsets,
    Begin,
    EndOffset,
    OffsetsEnd,
    Metadata,
    MetadataKey,
    MetadataText,
    End
  };
  enum : unsigned { kDtype = 1, kShape = 2, kOffsets = 4 };

  FileTensor &tensor() { return header_.tensors_.back(); }

  bool enter(State state) {
    state_ = state;
    return true;
  }

  bool keep(bool pushed) {
    if (!pushed)
      status_ = tensorc_rt_fail(TENSORC_ERROR_OUT_OF_MEMORY,
                                "%s: not enough memory for the header", path_);
    return pushed;
  }

  /// Fails with words about the current tensor.
  template <typename... Arguments>
  bool fail(const char *format, Arguments... arguments) {
    char words[400];
    if constexpr (sizeof...(arguments) == 0)
      snprintf(words, sizeof(words), "%s", format);
    else
      snprintf(words, sizeof(words), format, arguments...);
    status_ =
        tensorc_rt_fail(TENSORC_ERROR_FORMAT, "%s: tensor `%s` %s", path_,
                        Quoted(tensor().name, tensor().nameLength).text, words);
    return false;
  }

  bool badNumber() {
    if (state_ == State::Size || state_ == State::Begin ||
        state_ == State::EndOffset || state_ == State::OffsetsEnd)
      return fail("has a number in `%s` that is not a natural one",
                  state_ == State::Size ? "shape" : "data_offsets");
    return unexpected("a number");
  }

  bool unexpected(const char *received) {
    const char *expected = "the file's end";
    switch (state_) {
    case State::Start:
      expected = "an object";
      break;
    case State::Tensor:
      return fail("is %s, expected an object", received);
    case State::Dtype:
      return fail("has %s as `dtype`, expected a string", received);
    case State::Shape:
      return fail("has %s as `shape`, expected an array", received);
    case State::Size:
      return fail("has %s in `shape`, expected a number", received);
    case State::Offsets:
      return fail("has %s as `data_offsets`, expected an array", received);
    case State::Begin:
    case State::EndOffset:
    case State::OffsetsEnd:
      return fail("has %s in `data_offsets`, expected a number", received);
    case State::Metadata:
      expected = "`__metadata__` to be an object";
      break;
    case State::MetadataText:
      expected = "a string in `__metadata__`";
      break;
    default:
      break;
    }
    status_ =
        tensorc_rt_fail(TENSORC_ERROR_FORMAT, "%s: expected %s, received %s",
                        path_, expected, received);
    return false;
  }

  bool name(const char *text, size_t length) {
    if (length == 12 && memcmp(text, "__metadata__", 12) == 0) {
      if (hasMetadata_) {
        status_ = tensorc_rt_fail(TENSORC_ERROR_FORMAT,
                                  "%s: two `__metadata__`", path_);
        return false;
      }
      hasMetadata_ = true;
      return enter(State::Metadata);
    }
    if (!keep(header_.tensors_.push({text, static_cast<uint32_t>(length), 0,
                                     nullptr, header_.sizes_.size(), 0, 0})))
      return false;
    if (memchr(text, 0, length))
      return fail("has a null byte in its name");
    return enter(State::Tensor);
  }

  bool field(const char *text, size_t length) {
    struct Field {
      const char *name;
      unsigned bit;
      State next;
    };
    static constexpr Field kFields[] = {
        {"dtype", kDtype, State::Dtype},
        {"shape", kShape, State::Shape},
        {"data_offsets", kOffsets, State::Offsets}};
    for (const Field &field : kFields) {
      if (strlen(field.name) != length || memcmp(field.name, text, length))
        continue;
      if (seen_ & field.bit)
        return fail("has two `%s`", field.name);
      seen_ |= field.bit;
      return enter(field.next);
    }
    return fail("has the unknown field `%s`", Quoted(text, length).text);
  }

  bool size(uint64_t value) {
    if (value > INT64_MAX)
      return fail("has the size %llu, which is too large",
                  static_cast<unsigned long long>(value));
    if (header_.sizes_.size() - tensor().firstSize >= kMaxFileRank)
      return fail("has more than %d dimensions", kMaxFileRank);
    return keep(header_.sizes_.push(static_cast<int64_t>(value)));
  }

  /// A tensor is complete: its bytes must be those of its shape.
  bool checkBytes() {
    const FileTensor &done = tensor();
    ShapeText shape(header_.shape(done), done.rank);
    uint64_t bytes;
    if (!denseBytes(*done.type, header_.shape(done), done.rank, bytes))
      return fail("of %s has the shape %s, which is not a number of bytes",
                  done.type->name, shape.text);
    if (done.begin > done.end)
      return fail("ends at byte %llu, before its beginning at %llu",
                  static_cast<unsigned long long>(done.end),
                  static_cast<unsigned long long>(done.begin));
    if (done.end - done.begin != bytes)
      return fail("has %llu bytes, expected %llu for %s %s",
                  static_cast<unsigned long long>(done.end - done.begin),
                  static_cast<unsigned long long>(bytes), done.type->name,
                  shape.text);
    return true;
  }

  SafetensorsHeader &header_;
  const char *const path_;
  State state_ = State::Start;
  unsigned seen_ = 0;
  bool hasMetadata_ = false;
  int32_t status_ = TENSORC_OK;
};

} // namespace tensorc::rt

int32_t SafetensorsHeader::parse(const char *path, char *text, size_t length,
                                 uint64_t dataBytes) {
  if (length == 0 || text[0] != '{')
    return tensorc_rt_fail(TENSORC_ERROR_FORMAT,
                           "%s: not a safetensors file: the header doesn't "
                           "begin with `{`",
                           path);
  NoMemory noMemory;
  Reader reader(&noMemory);
  HeaderHandler handler(*this, path);
  rapidjson::InsituStringStream stream(text);
  constexpr unsigned kFlags =
      rapidjson::kParseInsituFlag | rapidjson::kParseValidateEncodingFlag;
  rapidjson::ParseResult result = reader.Parse<kFlags>(stream, handler);
  if (handler.status())
    return handler.status();
  // The reader takes a null byte for the end.
  if (result.IsError() || !handler.complete() || stream.Tell() != length)
    return tensorc_rt_fail(TENSORC_ERROR_FORMAT,
                           "%s: the header isn't valid JSON at byte %zu", path,
                           result.IsError() ? result.Offset() : stream.Tell());
  if (int32_t status = checkMetadata(path))
    return status;
  if (!order_.resize(tensors_.size()))
    return tensorc_rt_fail(TENSORC_ERROR_OUT_OF_MEMORY,
                           "%s: not enough memory for the header", path);
  for (uint32_t i = 0; i < order_.size(); ++i)
    order_[i] = i;
  if (int32_t status = checkOffsets(path, dataBytes))
    return status;
  return checkNames(path);
}

int32_t SafetensorsHeader::checkMetadata(const char *path) {
  // Smaller than another `std::sort`.
  if (metadata_.size() > 1)
    qsort(metadata_.data(), metadata_.size(), sizeof(MetadataView),
          [](const void *left, const void *right) {
            auto &a = *static_cast<const MetadataView *>(left);
            auto &b = *static_cast<const MetadataView *>(right);
            return less(a.key, a.keyLength, b.key, b.keyLength)
                       ? -1
                       : int(less(b.key, b.keyLength, a.key, a.keyLength));
          });
  for (size_t i = 1; i < metadata_.size(); ++i) {
    const MetadataView &a = metadata_[i - 1], &b = metadata_[i];
    if (!less(a.key, a.keyLength, b.key, b.keyLength))
      return tensorc_rt_fail(TENSORC_ERROR_FORMAT,
                             "%s: two `%s` in `__metadata__`", path,
                             Quoted(a.key, a.keyLength).text);
  }
  return TENSORC_OK;
}

int32_t SafetensorsHeader::checkOffsets(const char *path, uint64_t dataBytes) {
  std::sort(order_.begin(), order_.end(), [&](uint32_t a, uint32_t b) {
    const FileTensor &x = tensors_[a], &y = tensors_[b];
    return x.begin != y.begin ? x.begin < y.begin : x.end < y.end;
  });
  uint64_t covered = 0;
  for (uint32_t i : order_) {
    const FileTensor &tensor = tensors_[i];
    if (tensor.begin != covered)
      return tensorc_rt_fail(
          TENSORC_ERROR_FORMAT,
          "%s: tensor `%s` begins at byte %llu of the data, expected %llu: %s",
          path, Quoted(tensor.name, tensor.nameLength).text,
          static_cast<unsigned long long>(tensor.begin),
          static_cast<unsigned long long>(covered),
          tensor.begin < covered ? "tensors overlap" : "there is a hole");
    covered = tensor.end;
  }
  if (covered != dataBytes)
    return tensorc_rt_fail(
        TENSORC_ERROR_FORMAT,
        "%s: the file has %llu bytes of data, expected %llu%s", path,
        static_cast<unsigned long long>(dataBytes),
        static_cast<unsigned long long>(covered),
        dataBytes < covered ? ": it is truncated" : "");
  return TENSORC_OK;
}

int32_t SafetensorsHeader::checkNames(const char *path) {
  std::sort(order_.begin(), order_.end(), [&](uint32_t a, uint32_t b) {
    const FileTensor &x = tensors_[a], &y = tensors_[b];
    return less(x.name, x.nameLength, y.name, y.nameLength);
  });
  for (size_t i = 1; i < order_.size(); ++i) {
    const FileTensor &a = tensors_[order_[i - 1]], &b = tensors_[order_[i]];
    if (!less(a.name, a.nameLength, b.name, b.nameLength))
      return tensorc_rt_fail(TENSORC_ERROR_FORMAT, "%s: two tensors `%s`", path,
                             Quoted(a.name, a.nameLength).text);
  }
  return TENSORC_OK;
}

const FileTensor *SafetensorsHeader::find(const char *name) const {
  size_t length = strlen(name);
  const uint32_t *found = std::lower_bound(
      order_.begin(), order_.end(), name, [&](uint32_t i, const char *) {
        return less(tensors_[i].name, tensors_[i].nameLength, name, length);
      });
  if (found == order_.end())
    return nullptr;
  const FileTensor &tensor = tensors_[*found];
  return tensor.nameLength == length && memcmp(tensor.name, name, length) == 0
             ? &tensor
             : nullptr;
}
