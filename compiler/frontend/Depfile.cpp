//===- Depfile.cpp - What compilers say that they have read ---------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/frontend/Depfile.h"

#include "llvm/ADT/StringExtras.h"

#include <utility>

using namespace llvm;

namespace tensorc::compiler {

std::vector<std::string> readDepfile(StringRef text) {
  size_t colon = text.find(": ");
  if (colon == StringRef::npos)
    return {};
  std::vector<std::string> files;
  std::string name;
  auto finish = [&] {
    if (!name.empty())
      files.push_back(std::exchange(name, std::string()));
  };
  for (size_t i = colon + 1; i < text.size(); ++i) {
    char c = text[i], next = i + 1 < text.size() ? text[i + 1] : '\n';
    bool escaped = c == '\\' && (next == ' ' || next == '#' || next == '\\');
    if (escaped || (c == '$' && next == '$'))
      name += text[++i];
    else if (c == '\\' && next == '\n')
      ++i;
    else if (!isSpace(c))
      name += c;
    else
      finish();
  }
  finish();
  return files;
}

} // namespace tensorc::compiler
