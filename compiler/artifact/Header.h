//===- Header.h - The header beside an object -------------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_ARTIFACT_HEADER_H
#define TENSORC_COMPILER_ARTIFACT_HEADER_H

#include "compiler/artifact/Model.h"

namespace tensorc::compiler {

/// What such a header begins with.
inline constexpr llvm::StringLiteral kHeaderMark = "// Made by tensorc ";

/// The text of `<prefix>.h`: the C ABI, and a C++ class on top of it.
std::string writeHeader(const Model &model);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_ARTIFACT_HEADER_H
