//===- Safetensors.h - The safetensors file format ----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Format: https://github.com/huggingface/safetensors, section "Format". A file
// is 8 bytes of header size (little-endian), the header in JSON, the data.
// Shared by the runtime and by the C++ API in runtime/io.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RT_SAFETENSORS_H
#define TENSORC_RT_SAFETENSORS_H

#include "Array.h"
#include "File.h"

namespace tensorc::rt {

inline constexpr uint64_t kMaxHeaderBytes = 100'000'000;
inline constexpr int32_t kMaxFileRank = 64;

/// An element type as the format names it.
struct ElementType {
  const char *name;
  uint32_t bits;
  int32_t dtype; ///< the `tensorc_dtype`, or -1 where tensorc has none
};

/// Null for a name that the format doesn't have.
const ElementType *findElementType(const char *name, size_t length);
/// Null for a number that isn't a `tensorc_dtype`.
const ElementType *elementTypeOf(int32_t dtype);

/// The bytes of a dense tensor; false when there are too many to count, or not
/// a whole number of them, or a size is negative.
bool denseBytes(const ElementType &type, const int64_t *shape, int32_t rank,
                uint64_t &bytes);

/// A shape for a message: `[6, 1, 5, 5]`, cut where it is very long.
struct ShapeText {
  ShapeText(const int64_t *shape, int32_t rank);
  char text[200];
};

/// What a header says of one tensor.
struct FileTensor {
  const char *name; ///< ends in a null byte and contains none
  uint32_t nameLength;
  int32_t rank;
  const ElementType *type;
  size_t firstSize; ///< where its shape begins in the list of all sizes
  uint64_t begin;   ///< bytes from the start of the data
  uint64_t end;
};

/// A pair of texts in `__metadata__`.
struct MetadataView {
  const char *key;
  size_t keyLength;
  const char *text;
  size_t length;
};

/// A validated header.
class SafetensorsHeader {
public:
  /// Parses and checks the header in `text`, which is taken apart in place and
  /// pointed into from now on; 8 null bytes follow the `length` ones. The file
  /// is called `path` in messages and has `dataBytes` after the header.
  int32_t parse(const char *path, char *text, size_t length,
                uint64_t dataBytes);

  /// In the header's order.
  size_t size() const { return tensors_.size(); }
  const FileTensor &operator[](size_t i) const { return tensors_[i]; }
  const FileTensor *find(const char *name) const;
  const int64_t *shape(const FileTensor &tensor) const {
    return sizes_.data() + tensor.firstSize;
  }
  /// By key.
  const Array<MetadataView> &metadata() const { return metadata_; }

private:
  friend class HeaderHandler;
  int32_t checkMetadata(const char *path);
  int32_t checkNames(const char *path);
  int32_t checkOffsets(const char *path, uint64_t dataBytes);

  Array<MetadataView> metadata_;
  Array<FileTensor> tensors_;
  Array<int64_t> sizes_;  ///< the shapes of all tensors, one after another
  Array<uint32_t> order_; ///< by name
};

/// A safetensors file with a validated header, open for reading.
class SafetensorsFile {
public:
  /// `path` must live as long as this.
  int32_t open(const char *path);
  const SafetensorsHeader &header() const { return header_; }
  /// Reads the whole of `tensor`.
  int32_t read(const FileTensor &tensor, void *destination) const;
  /// Sets `same` to whether two tensors of one size have the same bytes.
  int32_t equal(const FileTensor &a, const FileTensor &b, bool &same) const;

private:
  InputFile file_;
  Array<char> text_;
  SafetensorsHeader header_;
  uint64_t dataStart_ = 0;
};

/// A tensor to be written: dense, row-major.
struct TensorView {
  const char *name;
  size_t nameLength;
  const ElementType *type;
  const int64_t *shape;
  int32_t rank;
  const void *data;
  uint64_t bytes;
};

/// Writes `tensors` to `path`, atomically. The header has `__metadata__`,
/// unless that is empty, and them in the given order; the data begins with
/// those of the widest elements, so that each tensor is aligned to its element.
/// The same tensors give the same bytes.
int32_t writeSafetensors(const char *path, const TensorView *tensors,
                         size_t count, const MetadataView *metadata = nullptr,
                         size_t metadataCount = 0);

} // namespace tensorc::rt

#endif // TENSORC_RT_SAFETENSORS_H
