//===- Corpus.cpp - Kernels with what they are to compute -----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/gpu/Corpus.h"

#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <type_traits>
#include <zstd.h>

using namespace tensorc::test;

namespace {

constexpr uint32_t kMagic = 0x324b4354; // "TCK2"
/// What says that it is larger is no corpus.
constexpr uint64_t kMaxBytes = uint64_t(1) << 32;

[[noreturn]] void fail(const std::string &path, const std::string &words) {
  throw std::runtime_error(path + ": " + words);
}

/// Both directions of the format are one description: `each(archive, value)`.
struct Writer {
  std::string &data;

  void bytes(const void *source, uint64_t count) {
    data.append(static_cast<const char *>(source), count);
  }
  template <typename T> void number(const T &value) {
    bytes(&value, sizeof(value));
  }
  template <typename List> uint64_t length(const List &list) {
    uint64_t count = list.size();
    number(count);
    return count;
  }
};

struct Reader {
  const std::string &path;
  const std::string &data;
  uint64_t position = 0;

  void bytes(void *destination, uint64_t count) {
    if (count > data.size() - position)
      fail(path, "ends too early");
    if (count)
      std::memcpy(destination, data.data() + position, count);
    position += count;
  }
  template <typename T> void number(T &value) { bytes(&value, sizeof(value)); }
  template <typename List> uint64_t length(List &list) {
    uint64_t count;
    number(count);
    // Each element takes a byte at least.
    if (count > data.size() - position)
      fail(path, "ends too early");
    list.resize(count);
    return count;
  }
};

template <typename Archive, typename T> void each(Archive &archive, T &value) {
  using Plain = std::remove_const_t<T>;
  if constexpr (std::is_arithmetic_v<Plain>) {
    archive.number(value);
  } else if constexpr (std::is_same_v<Plain, CorpusBuffer>) {
    each(archive, value.dtype);
    each(archive, value.before);
    each(archive, value.after);
  } else if constexpr (std::is_same_v<Plain, CorpusVariant>) {
    each(archive, value.module);
    each(archive, value.kernel);
    each(archive, value.multiprocessors);
    each(archive, value.threads);
    each(archive, value.blocks);
    each(archive, value.sharedBytes);
  } else if constexpr (std::is_same_v<Plain, CorpusCase>) {
    each(archive, value.name);
    each(archive, value.pointers);
    each(archive, value.sizes);
    each(archive, value.canFail);
    each(archive, value.tolerance);
    each(archive, value.buffers);
    each(archive, value.variants);
  } else if constexpr (std::is_same_v<Plain, CorpusModule>) {
    each(archive, value.sm);
    each(archive, value.suffix);
    each(archive, value.ptx);
  } else if constexpr (std::is_same_v<Plain, CorpusBatch>) {
    each(archive, value.modules);
    each(archive, value.cases);
  } else {
    using Element = typename Plain::value_type;
    uint64_t count = archive.length(value);
    if constexpr (std::is_arithmetic_v<Element>)
      archive.bytes(value.data(), count * sizeof(Element));
    else
      for (auto &element : value)
        each(archive, element);
  }
}

} // namespace

std::string CorpusModule::chip() const {
  return "sm_" + std::to_string(sm) + (suffix ? std::string(1, suffix) : "");
}

void tensorc::test::writeCorpus(const std::string &path,
                                const std::vector<CorpusBatch> &batches) {
  std::string data;
  Writer writer{data};
  each(writer, kMagic);
  each(writer, batches);
  // Cases share much of their random data: a window as large as all of it.
  ZSTD_CCtx *context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 9);
  ZSTD_CCtx_setParameter(context, ZSTD_c_enableLongDistanceMatching, 1);
  ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, 27);
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  std::string packed(ZSTD_compressBound(data.size()), '\0');
  size_t bytes = ZSTD_compress2(context, packed.data(), packed.size(),
                                data.data(), data.size());
  ZSTD_freeCCtx(context);
  if (ZSTD_isError(bytes))
    fail(path, ZSTD_getErrorName(bytes));
  std::ofstream file(path, std::ios::binary);
  file.write(packed.data(), std::streamsize(bytes));
  file.close();
  if (!file)
    fail(path, "cannot write");
}

std::vector<CorpusBatch> tensorc::test::readCorpus(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    fail(path, "cannot read");
  std::string packed{std::istreambuf_iterator<char>(file), {}};
  unsigned long long size =
      ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size > kMaxBytes)
    fail(path, "is no corpus");
  std::string data(size, '\0');
  size_t bytes =
      ZSTD_decompress(data.data(), data.size(), packed.data(), packed.size());
  if (ZSTD_isError(bytes))
    fail(path, std::string("is damaged: ") + ZSTD_getErrorName(bytes));
  Reader reader{path, data};
  uint32_t magic;
  reader.number(magic);
  if (magic != kMagic)
    fail(path, "is no corpus of this build");
  std::vector<CorpusBatch> batches;
  each(reader, batches);
  return batches;
}
