//===- IdxBytes.h - Makes IDX files, sound and broken, for the tests ------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_RUNTIME_DATA_IDXBYTES_H
#define TENSORC_TESTS_RUNTIME_DATA_IDXBYTES_H

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>
#include <zlib.h>

namespace tensorc::data::test {

using Bytes = std::vector<uint8_t>;

inline Bytes operator+(Bytes left, const Bytes &right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

/// Magic and dims of an IDX file.
inline Bytes header(uint8_t type, const std::vector<uint32_t> &dims) {
  Bytes bytes = {0, 0, type, uint8_t(dims.size())};
  for (uint32_t dim : dims)
    for (int shift = 24; shift >= 0; shift -= 8)
      bytes.push_back(uint8_t(dim >> shift));
  return bytes;
}

/// `bytes` as one gzip member.
inline Bytes gzip(const Bytes &bytes) {
  z_stream stream = {};
  if (deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("deflateInit2");
  Bytes packed(deflateBound(&stream, bytes.size()) + 64);
  stream.next_in = const_cast<uint8_t *>(bytes.data());
  stream.avail_in = uInt(bytes.size());
  stream.next_out = packed.data();
  stream.avail_out = uInt(packed.size());
  int status = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (status != Z_STREAM_END)
    throw std::runtime_error("deflate");
  return packed;
}

/// A folder of its own for each test, gone with it.
class TempFolder {
public:
  TempFolder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "tensorc-data-XXXXXX")
            .string();
    if (!mkdtemp(pattern.data()))
      throw std::runtime_error("mkdtemp");
    path = pattern;
  }
  TempFolder(const TempFolder &) = delete;
  TempFolder &operator=(const TempFolder &) = delete;
  ~TempFolder() {
    std::error_code ignored; // nothing to tell in a destructor
    std::filesystem::remove_all(path, ignored);
  }

  std::filesystem::path write(const std::string &name, const Bytes &bytes) {
    std::ofstream file(path / name, std::ios::binary);
    file.write(reinterpret_cast<const char *>(bytes.data()),
               std::streamsize(bytes.size()));
    return path / name;
  }

  std::filesystem::path path;
};

/// The words of the `Exception` that `body` throws; none is a test failure.
template <typename Exception, typename Body> std::string messageOf(Body body) {
  try {
    body();
  } catch (const Exception &error) {
    return error.what();
  }
  ADD_FAILURE() << "expected an exception";
  return "";
}

} // namespace tensorc::data::test

#endif // TENSORC_TESTS_RUNTIME_DATA_IDXBYTES_H
