//===- Elements.h - Elements of tensors in messages -------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TOOLS_TENSORC_ELEMENTS_H
#define TENSORC_TOOLS_TENSORC_ELEMENTS_H

#include "runtime/core/Dense.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <string>

namespace tensorc::tool {

/// An element with all digits that tell it from others of its type.
inline std::string textOf(const char *element, DType dtype) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (is_floating_point(dtype))
    os << llvm::format("%.*g", dtype == kFloat64 ? 17 : 9,
                       read_double(element, dtype));
  else
    os << read_int(element, dtype);
  return text;
}

} // namespace tensorc::tool

#endif // TENSORC_TOOLS_TENSORC_ELEMENTS_H
