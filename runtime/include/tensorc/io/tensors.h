//===- tensors.h - Files of tensors -----------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_IO_TENSORS_H
#define TENSORC_IO_TENSORS_H

#include "tensorc/nn/module.h"

#include <string>

namespace tensorc::io {

/// Writes a safetensors file, whole or not at all. Tensors may be on any
/// device: `save_file(net->state_dict(), path)`. Throws `tensorc::Error`.
void save_file(const NamedTensors &tensors, const std::string &path,
               Location location = Location::current());

/// Reads a safetensors file onto a device:
/// `net->load_state_dict(load_file(path))` copies to wherever the parameters
/// are. Throws `tensorc::Error`, also for element types that tensors don't
/// have.
NamedTensors load_file(const std::string &path, Device device = kCPU,
                       Location location = Location::current());

/// The absolute paths of what this process has loaded: a model file's inputs,
/// which the compiler must not write to.
std::vector<std::string> loaded_files();

} // namespace tensorc::io

#endif // TENSORC_IO_TENSORS_H
