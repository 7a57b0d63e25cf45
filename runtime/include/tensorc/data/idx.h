//===- idx.h - Reads IDX files, the format of MNIST -----------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DATA_IDX_H
#define TENSORC_DATA_IDX_H

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace tensorc::data {

/// A data file that is missing, damaged or not what was asked for. The words
/// begin with the file's path.
class Error : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Element types, by their code in the third byte of an IDX file.
enum class IdxType : uint8_t {
  U8 = 0x08,
  I8 = 0x09,
  I16 = 0x0b,
  I32 = 0x0c,
  F32 = 0x0d,
  F64 = 0x0e
};

/// Bytes of one element of `type`.
size_t idx_element_size(IdxType type);
/// `u8`, `i8`, `i16`, `i32`, `f32` or `f64`.
const char *idx_type_name(IdxType type);

/// An IDX file in memory: row-major, densely packed, in the machine's byte
/// order. A plain value that owns its bytes.
struct IdxArray {
  IdxType type = IdxType::U8;
  std::vector<int64_t> dims;
  std::vector<uint8_t> bytes; ///< product of `dims` times the element size
};

/// Reads an IDX file, plain or gzip (told apart by content, not by name). The
/// whole file is checked: header, sizes, gzip checksum, and that nothing
/// follows the last element.
/// Format: http://yann.lecun.com/exdb/mnist (section "the IDX file format").
/// \throws Error for a file that cannot be read or breaks one of the rules.
IdxArray read_idx(const std::filesystem::path &path);

/// The same, for a file that must hold `rank` dimensions of `type`.
IdxArray read_idx(const std::filesystem::path &path, IdxType type, int rank);

/// The same, for a file that is in memory already; `name` begins the errors.
IdxArray parse_idx(const uint8_t *data, size_t size, const std::string &name);

} // namespace tensorc::data

#endif // TENSORC_DATA_IDX_H
