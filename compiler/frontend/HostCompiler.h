//===- HostCompiler.h - Model files become shared objects -------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_FRONTEND_HOSTCOMPILER_H
#define TENSORC_COMPILER_FRONTEND_HOSTCOMPILER_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace tensorc {
class ModelExport;
}

namespace tensorc::compiler {

/// How a model file is compiled.
struct HostCompilerOptions {
  /// The program; empty: `$CXX`, else `c++`.
  std::string compiler;
  /// The user's own, such as `-DBATCH=1`.
  std::vector<std::string> flags;
  /// Where given: takes the files that the model is made of, headers included,
  /// as make writes them after the colon.
  std::string *prerequisites = nullptr;
};

/// What a model file's `TENSORC_MODEL` defines.
using ExportFunction = void (*)(ModelExport &);

/// Compiles the C++ file `path` with the host's compiler and loads it; what it
/// defines stays until the program ends. The compiler's own messages go to
/// stderr. Nothing is left on the disk.
llvm::Expected<ExportFunction>
loadModelFile(llvm::StringRef path, const HostCompilerOptions &options);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_FRONTEND_HOSTCOMPILER_H
