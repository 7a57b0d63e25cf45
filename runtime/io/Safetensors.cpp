//===- Safetensors.cpp - Safetensors files, for C++ programs ------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/io/safetensors.h"

#include "runtime/rt/Safetensors.h"

#include <algorithm>

using namespace tensorc;
using namespace tensorc::io;

/// Turns a failure of the runtime into an exception.
static void check(int32_t status) {
  if (status)
    throw Error(tensorc_rt_last_error());
}

/// The path as the runtime wants it; a null byte would cut it short.
static const char *cPath(const std::string &path) {
  if (path.find('\0') != std::string::npos)
    throw Error("a path with a null byte in it: " + std::string(path.c_str()));
  return path.c_str();
}

std::vector<SafetensorsEntry> io::read_safetensors(const std::string &path) {
  rt::SafetensorsFile file;
  check(file.open(cPath(path)));
  const rt::SafetensorsHeader &header = file.header();
  std::vector<SafetensorsEntry> entries;
  entries.reserve(header.size());
  for (size_t i = 0; i < header.size(); ++i) {
    const rt::FileTensor &tensor = header[i];
    const int64_t *shape = header.shape(tensor);
    SafetensorsEntry &entry = entries.emplace_back();
    entry.name.assign(tensor.name, tensor.nameLength);
    entry.dtype = tensor.type->name;
    entry.shape.assign(shape, shape + tensor.rank);
    entry.bytes.resize(tensor.end - tensor.begin);
    check(file.read(tensor, entry.bytes.data()));
  }
  return entries;
}

SafetensorsMetadata io::read_safetensors_metadata(const std::string &path) {
  rt::SafetensorsFile file;
  check(file.open(cPath(path)));
  SafetensorsMetadata metadata;
  for (const rt::MetadataView &entry : file.header().metadata())
    metadata.emplace_back(std::string(entry.key, entry.keyLength),
                          std::string(entry.text, entry.length));
  return metadata;
}

void io::write_safetensors(const std::string &path,
                           std::span<const SafetensorsEntry> entries,
                           const SafetensorsMetadata &metadata) {
  std::vector<rt::TensorView> views;
  views.reserve(entries.size());
  for (const SafetensorsEntry &entry : entries) {
    const rt::ElementType *type =
        rt::findElementType(entry.dtype.data(), entry.dtype.size());
    if (!type)
      throw Error(path + ": tensor `" + entry.name +
                  "` has the unknown dtype `" + entry.dtype + "`");
    views.push_back(
        {entry.name.data(), entry.name.size(), type, entry.shape.data(),
         static_cast<int32_t>(std::min<size_t>(entry.shape.size(), INT32_MAX)),
         entry.bytes.data(), entry.bytes.size()});
  }
  std::vector<rt::MetadataView> texts;
  for (const auto &[key, text] : metadata)
    texts.push_back({key.data(), key.size(), text.data(), text.size()});
  check(rt::writeSafetensors(cPath(path), views.data(), views.size(),
                             texts.data(), texts.size()));
}

std::string_view io::dtype_name(tensorc_dtype dtype) {
  if (const rt::ElementType *type = rt::elementTypeOf(dtype))
    return type->name;
  throw Error("unknown dtype " + std::to_string(static_cast<int>(dtype)));
}

std::optional<tensorc_dtype> io::dtype_from_name(std::string_view name) {
  const rt::ElementType *type = rt::findElementType(name.data(), name.size());
  if (!type || type->dtype < 0)
    return std::nullopt;
  return static_cast<tensorc_dtype>(type->dtype);
}
