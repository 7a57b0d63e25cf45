//===- SafetensorsFuzz.cpp - Any bytes are tensors or an error ----------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/io/safetensors.h"

#include <set>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

using namespace tensorc;

/// Reads a file of these bytes. What is accepted must add up.
static void readFile(const std::string &bytes) {
  static const int file = memfd_create("fuzz", 0);
  static const std::string path = "/proc/self/fd/" + std::to_string(file);
  if (ftruncate(file, 0) != 0 || pwrite(file, bytes.data(), bytes.size(), 0) !=
                                     static_cast<ssize_t>(bytes.size()))
    __builtin_trap();
  try {
    uint64_t dataBytes = 0;
    std::set<std::string> names;
    for (const io::SafetensorsEntry &entry : io::read_safetensors(path)) {
      dataBytes += entry.bytes.size();
      uint64_t elements = 1;
      for (int64_t size : entry.shape)
        elements *= static_cast<uint64_t>(size);
      if (!names.insert(entry.name).second || entry.shape.size() > 64 ||
          (elements == 0) != entry.bytes.empty())
        __builtin_trap();
    }
    uint64_t headerBytes = 0;
    for (int i = 7; i >= 0; --i)
      headerBytes = headerBytes << 8 | static_cast<unsigned char>(bytes[i]);
    if (8 + headerBytes + dataBytes != bytes.size())
      __builtin_trap();
  } catch (const io::Error &) {
  }
}

/// Takes the input for a whole file, or (first byte 1) for a header alone whose
/// sizes are right: the fuzzer needn't find those out.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string input(reinterpret_cast<const char *>(data), size);
  if (size < 2 || input[0] != 1) {
    readFile(input);
    return 0;
  }
  std::string file;
  for (int i = 0; i < 8; ++i)
    file += static_cast<char>((size - 2) >> (8 * i));
  readFile(file + input.substr(2) +
           std::string(static_cast<unsigned char>(input[1]), 'x'));
  return 0;
}
