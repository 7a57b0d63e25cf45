//===- Names.cpp - Names of classes ---------------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/nn/Names.h"

#include <cstdlib>
#include <cxxabi.h>
#include <memory>

namespace tensorc::nn {

std::string class_name(const std::type_info &type) {
  int status = 0;
  std::unique_ptr<char, void (*)(void *)> demangled(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free);
  std::string name = status == 0 ? demangled.get() : type.name();
  // The arguments of a template may hold colons of their own.
  std::size_t end = std::min(name.find('<'), name.size());
  std::size_t colon = name.rfind("::", end);
  std::size_t begin = colon == std::string::npos ? 0 : colon + 2;
  name = name.substr(begin, end - begin);
  if (name.size() > 4 && name.ends_with("Impl"))
    name.resize(name.size() - 4);
  return name;
}

} // namespace tensorc::nn
