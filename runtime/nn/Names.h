//===- Names.h - Names of classes -------------------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_NN_NAMES_H
#define TENSORC_RUNTIME_NN_NAMES_H

#include <string>
#include <typeinfo>

namespace tensorc::nn {

/// The class's name without namespaces, and without the `Impl` of a layer's
/// implementation.
std::string class_name(const std::type_info &type);

} // namespace tensorc::nn

#endif // TENSORC_RUNTIME_NN_NAMES_H
