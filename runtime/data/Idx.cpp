//===- Idx.cpp - Reads IDX files, plain or gzip ---------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/data/idx.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>
#include <utility>
#include <zlib.h>

namespace tensorc::data {
namespace {

/// Deflate cannot shrink below 1 in 1032 (RFC 1951: a 258-byte match takes two
/// bits), so a declared size beyond that is a lie and is never allocated.
constexpr uint64_t maxDeflateRatio = 1032;

/// Sequential bytes of a file, unpacked where it is a gzip file.
class Source {
public:
  Source(const uint8_t *data, size_t size, const std::string &name)
      : name(name), next(data), left(size) {
    gzip = size >= 2 && data[0] == 0x1f && data[1] == 0x8b;
    if (!gzip)
      return;
    if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK)
      throw Error(name + ": no memory to unpack gzip data");
  }
  Source(const Source &) = delete;
  Source &operator=(const Source &) = delete;
  ~Source() {
    if (gzip)
      inflateEnd(&stream);
  }

  /// Unpacks up to `size` bytes; fewer only at the end.
  size_t read(uint8_t *out, size_t size) {
    if (gzip)
      return unpack(out, size);
    size_t count = std::min(size, left);
    if (count)
      std::memcpy(out, next, count);
    next += count;
    left -= count;
    return count;
  }

  /// The most bytes that may still follow.
  uint64_t bound() const {
    return gzip ? (left + stream.avail_in + 1) * maxDeflateRatio + carried()
                : left;
  }
  /// True where `bound` is not a bound but the truth.
  bool boundIsExact() const { return !gzip; }

private:
  /// What inflate may hold back in its window.
  static uint64_t carried() { return uint64_t(1) << MAX_WBITS; }

  size_t unpack(uint8_t *out, size_t size) {
    size_t done = 0;
    while (done < size && !ended) {
      feed();
      stream.next_out = out + done;
      uInt room = uInt(std::min<size_t>(size - done, INT_MAX));
      stream.avail_out = room;
      uInt inputBefore = stream.avail_in;
      int status = inflate(&stream, Z_NO_FLUSH);
      done += room - stream.avail_out;
      if (status == Z_STREAM_END) {
        nextMember();
        continue;
      }
      if (status == Z_MEM_ERROR)
        throw Error(name + ": no memory to unpack gzip data");
      bool stuck = stream.avail_out == room && stream.avail_in == inputBefore;
      if (status == Z_BUF_ERROR || (status == Z_OK && stuck))
        throw Error(name + ": gzip data is truncated");
      if (status != Z_OK)
        throw Error(name + ": gzip data is damaged: " +
                    (stream.msg ? stream.msg : "unknown reason"));
    }
    return done;
  }

  void feed() {
    if (stream.avail_in || !left)
      return;
    uInt count = uInt(std::min<size_t>(left, INT_MAX));
    stream.next_in = const_cast<uint8_t *>(next);
    stream.avail_in = count;
    next += count;
    left -= count;
  }

  /// A gzip file may hold several members one after the other (RFC 1952, 2.2).
  void nextMember() {
    feed();
    if (!stream.avail_in) {
      ended = true;
      return;
    }
    if (stream.next_in[0] != 0x1f)
      throw Error(name + ": unexpected bytes after the gzip data");
    inflateReset(&stream);
  }

  std::string name;
  const uint8_t *next;
  size_t left;
  bool gzip = false;
  bool ended = false;
  z_stream stream = {};
};

std::string shapeText(const std::vector<int64_t> &dims) {
  std::string text = "[";
  for (size_t i = 0; i < dims.size(); ++i)
    text += (i ? ", " : "") + std::to_string(dims[i]);
  return text + "]";
}

/// IDX is big-endian throughout.
void toHostOrder(std::vector<uint8_t> &bytes, size_t elementSize) {
  if (elementSize == 1 || std::endian::native == std::endian::big)
    return;
  for (size_t i = 0; i < bytes.size(); i += elementSize)
    std::reverse(bytes.begin() + i, bytes.begin() + i + elementSize);
}

bool isIdxType(uint8_t code) {
  switch (IdxType(code)) {
  case IdxType::U8:
  case IdxType::I8:
  case IdxType::I16:
  case IdxType::I32:
  case IdxType::F32:
  case IdxType::F64:
    return true;
  }
  return false;
}

std::string hexText(const uint8_t *bytes, size_t count) {
  std::string text = "0x";
  char digits[3];
  for (size_t i = 0; i < count; ++i) {
    std::snprintf(digits, sizeof(digits), "%02x", bytes[i]);
    text += digits;
  }
  return text;
}

/// The dims, and the bytes that they call for.
std::pair<std::vector<int64_t>, uint64_t>
readDims(Source &source, IdxType type, int rank, const std::string &name) {
  std::vector<int64_t> dims;
  uint64_t bytes = idx_element_size(type);
  bool overflow = false;
  for (int i = 0; i < rank; ++i) {
    uint8_t raw[4];
    if (source.read(raw, 4) != 4)
      throw Error(name + ": header is truncated: dimension " +
                  std::to_string(i) + " of " + std::to_string(rank) +
                  " is missing");
    uint32_t dim = uint32_t(raw[0]) << 24 | uint32_t(raw[1]) << 16 |
                   uint32_t(raw[2]) << 8 | raw[3];
    dims.push_back(dim);
    overflow |= __builtin_mul_overflow(bytes, uint64_t(dim), &bytes);
  }
  if (overflow || bytes > uint64_t(PTRDIFF_MAX))
    throw Error(name + ": shape " + shapeText(dims) + " of `" +
                idx_type_name(type) + "` is larger than the address space");
  return {dims, bytes};
}

} // namespace

size_t idx_element_size(IdxType type) {
  switch (type) {
  case IdxType::U8:
  case IdxType::I8:
    return 1;
  case IdxType::I16:
    return 2;
  case IdxType::I32:
  case IdxType::F32:
    return 4;
  case IdxType::F64:
    return 8;
  }
  throw std::invalid_argument("not an IdxType");
}

const char *idx_type_name(IdxType type) {
  switch (type) {
  case IdxType::U8:
    return "u8";
  case IdxType::I8:
    return "i8";
  case IdxType::I16:
    return "i16";
  case IdxType::I32:
    return "i32";
  case IdxType::F32:
    return "f32";
  case IdxType::F64:
    return "f64";
  }
  throw std::invalid_argument("not an IdxType");
}

IdxArray parse_idx(const uint8_t *data, size_t size, const std::string &name) {
  Source source(data, size, name);
  uint8_t magic[4];
  size_t count = source.read(magic, 4);
  if (count != 4)
    throw Error(name +
                ": expected an IDX header of at least 4 bytes, received " +
                std::to_string(count));
  if (magic[0] != 0 || magic[1] != 0)
    throw Error(name +
                ": not an IDX file: expected to start with `0x0000`, "
                "received `" +
                hexText(magic, 2) + "`");
  if (!isIdxType(magic[2]))
    throw Error(name + ": unknown IDX element type `" + hexText(magic + 2, 1) +
                "`");

  IdxArray array;
  array.type = IdxType(magic[2]);
  uint64_t expected;
  std::tie(array.dims, expected) = readDims(source, array.type, magic[3], name);
  std::string shape = "shape " + shapeText(array.dims) + " of `" +
                      idx_type_name(array.type) + "` needs " +
                      std::to_string(expected) + " bytes";
  if (expected > source.bound())
    throw Error(name + ": data is truncated: " + shape + ", the file has " +
                (source.boundIsExact() ? "" : "room for at most ") +
                std::to_string(source.bound()));
  array.bytes.resize(expected);
  size_t received = source.read(array.bytes.data(), expected);
  if (received != expected)
    throw Error(name + ": data is truncated: " + shape + ", the file has " +
                std::to_string(received));
  // Reading on also makes zlib compare the checksum.
  uint8_t extra;
  if (source.read(&extra, 1))
    throw Error(name + ": unexpected bytes after the data: " + shape);
  toHostOrder(array.bytes, idx_element_size(array.type));
  return array;
}

IdxArray read_idx(const std::filesystem::path &path) {
  std::string name = path.string();
  auto systemError = [&](const char *verb) {
    return Error(name + ": cannot " + verb + ": " + std::strerror(errno));
  };
  int fd = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    throw systemError("open");
  struct Closer {
    int fd;
    ~Closer() { ::close(fd); }
  } closer{fd};
  struct stat info;
  if (::fstat(fd, &info))
    throw systemError("read");
  if (!S_ISREG(info.st_mode))
    throw Error(name + ": not a regular file");

  std::vector<uint8_t> file(size_t(info.st_size));
  size_t done = 0;
  while (done < file.size()) {
    ssize_t count = ::read(fd, file.data() + done, file.size() - done);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      throw systemError("read");
    if (count == 0)
      break; // cut short meanwhile; the parser will say what is missing
    done += size_t(count);
  }
  return parse_idx(file.data(), done, name);
}

IdxArray read_idx(const std::filesystem::path &path, IdxType type, int rank) {
  IdxArray array = read_idx(path);
  if (array.type != type)
    throw Error(path.string() + ": expected elements of `" +
                idx_type_name(type) + "`, received `" +
                idx_type_name(array.type) + "`");
  if (array.dims.size() != size_t(rank))
    throw Error(path.string() + ": expected " + std::to_string(rank) +
                " dimensions, received shape " + shapeText(array.dims));
  return array;
}

} // namespace tensorc::data
