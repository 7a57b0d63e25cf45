//===- PrecompiledHeader.h - tensorc.h as the host compiler keeps it *- C++ -*//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_FRONTEND_PRECOMPILEDHEADER_H
#define TENSORC_COMPILER_FRONTEND_PRECOMPILEDHEADER_H

#include "llvm/ADT/ArrayRef.h"

#include <optional>
#include <string>
#include <vector>

namespace tensorc::compiler {

/// What GCC has precompiled of `tensorc/tensorc.h`.
struct PrecompiledHeader {
  /// To be searched for headers first. GCC uses what is there where that is
  /// right: a model file includes it before all else, with fitting macros.
  std::string folder;
  /// What it was made of.
  std::vector<std::string> dependencies;
};

/// The one for `command` (a compiler and its options) in the user's cache, if
/// it is there and whole, no header has changed, and no folder that `flags`
/// (the options behind those) or the environment names has a file that one of
/// the headers would find instead. Many processes may call these functions at a
/// time.
std::optional<PrecompiledHeader>
findPrecompiledHeader(llvm::ArrayRef<std::string> command,
                      llvm::ArrayRef<std::string> flags);

/// To be called where there was none, when `command` has compiled something:
/// the second time makes it, which takes a second or two, of the header in
/// `include`. Until it is whole it lies in the folder `scratch`, which somebody
/// removes in any case. Does nothing where there is no cache, no room, or
/// another compiler than GCC.
void wantPrecompiledHeader(llvm::ArrayRef<std::string> command,
                           llvm::StringRef include, llvm::StringRef scratch);

/// Forgets the one for `command`, with which something couldn't be compiled
/// that can be without.
void dropPrecompiledHeader(llvm::ArrayRef<std::string> command);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_FRONTEND_PRECOMPILEDHEADER_H
