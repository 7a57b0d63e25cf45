//===- TensorFiles.cpp - Files of tensors ---------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Dense.h"
#include "runtime/core/Operands.h"
#include "tensorc/io/safetensors.h"
#include "tensorc/io/tensors.h"

#include <cstring>
#include <filesystem>
#include <mutex>

namespace tensorc::io {

static_assert(TENSORC_BOOL == int(DType::Bool) &&
              TENSORC_F64 == int(DType::Float64));

/// Failures of files get the user's line.
template <typename F> static auto at(Location location, F &&body) {
  try {
    return body();
  } catch (const Error &error) {
    throw tensorc::Error(error.what(), user_location(location));
  }
}

void save_file(const NamedTensors &tensors, const std::string &path,
               Location location) {
  LocationScope scope(location);
  std::vector<SafetensorsEntry> entries;
  for (const auto &[name, tensor] : tensors) {
    SafetensorsEntry &entry = entries.emplace_back();
    entry.name = name;
    entry.dtype = dtype_name(tensorc_dtype(tensor.dtype()));
    entry.shape = tensor.shape();
    std::vector<char> bytes = dense_bytes(tensor);
    entry.bytes.resize(bytes.size());
    std::memcpy(entry.bytes.data(), bytes.data(), bytes.size());
  }
  at(location, [&] { write_safetensors(path, entries); });
}

static std::mutex loaded_mutex;
static std::vector<std::string> loaded;

std::vector<std::string> loaded_files() {
  std::lock_guard lock(loaded_mutex);
  return loaded;
}

static void note_loaded(const std::string &path) {
  std::error_code code;
  std::string absolute = std::filesystem::absolute(path, code).string();
  std::lock_guard lock(loaded_mutex);
  loaded.push_back(code ? path : absolute);
}

NamedTensors load_file(const std::string &path, Device device,
                       Location location) {
  LocationScope scope(location);
  NamedTensors tensors;
  note_loaded(path);
  for (const SafetensorsEntry &entry :
       at(location, [&] { return read_safetensors(path); })) {
    std::optional<tensorc_dtype> dtype = dtype_from_name(entry.dtype);
    if (!dtype)
      throw tensorc::Error(path +
                               ": expected an element type that tensors "
                               "have for `" +
                               entry.name + "`, received `" + entry.dtype + "`",
                           user_location(location));
    Tensor tensor = make_unset({DType(*dtype), entry.shape}, kCPU);
    std::memcpy(address(*tensor.impl()), entry.bytes.data(),
                entry.bytes.size());
    tensors.emplace_back(entry.name, moved_to(tensor, device_of(device)));
  }
  return tensors;
}

} // namespace tensorc::io
