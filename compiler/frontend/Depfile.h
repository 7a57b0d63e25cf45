//===- Depfile.h - What compilers say that they have read *- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_FRONTEND_DEPFILE_H
#define TENSORC_COMPILER_FRONTEND_DEPFILE_H

#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace tensorc::compiler {

/// The files that a rule of make names behind its first colon, as compilers
/// write it: `model: a.cpp b.h \ c\ d.h`.
std::vector<std::string> readDepfile(llvm::StringRef rule);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_FRONTEND_DEPFILE_H
