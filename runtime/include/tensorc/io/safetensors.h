//===- safetensors.h - Safetensors files, for C++ programs --------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// The format: https://github.com/huggingface/safetensors. Standard library
// only; `Tensor` doesn't appear here.
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_IO_SAFETENSORS_H
#define TENSORC_IO_SAFETENSORS_H

#include "tensorc/abi.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tensorc::io {

/// A file that can't be read, isn't what it should be, or can't be written.
/// `what()` names the file and, where there is one, the tensor.
class Error : public std::runtime_error {
public:
  explicit Error(const std::string &words) : std::runtime_error(words) {}
};

/// One tensor of a file: row-major, densely packed, little-endian.
struct SafetensorsEntry {
  std::string name; ///< UTF-8, not `__metadata__`, once in a file
  /// The format's name of the element type: "F32", "I64", "BF16", ...
  std::string dtype;
  std::vector<std::int64_t> shape; ///< 64 sizes at most; empty: a scalar
  std::vector<std::byte> bytes;

  bool operator==(const SafetensorsEntry &) const = default;
};

/// Reads all tensors of the file at `path`, in the order of its header. The
/// whole header is checked first, so that no size in it is believed that the
/// file doesn't bear out. Throws `Error`.
std::vector<SafetensorsEntry> read_safetensors(const std::string &path);

/// What a file says beside its tensors: keys and texts.
using SafetensorsMetadata = std::vector<std::pair<std::string, std::string>>;

/// Reads what the file at `path` says beside its tensors, by key. Throws
/// `Error`.
SafetensorsMetadata read_safetensors_metadata(const std::string &path);

/// Writes `entries`, in this order, to the file at `path`: atomically, so that
/// a crash at any moment leaves the old file or the new one. The same entries
/// give the same bytes. Throws `Error`; then the old file, if any, is intact.
void write_safetensors(const std::string &path,
                       std::span<const SafetensorsEntry> entries,
                       const SafetensorsMetadata &metadata = {});

/// The format's name of `dtype`, such as "F32". Throws `Error` for a value
/// that isn't a `tensorc_dtype`.
std::string_view dtype_name(tensorc_dtype dtype);

/// The element type that the format calls `name`; nothing for those that
/// tensorc has no type for (such as "U16" or "F8_E4M3").
std::optional<tensorc_dtype> dtype_from_name(std::string_view name);

} // namespace tensorc::io

#endif // TENSORC_IO_SAFETENSORS_H
