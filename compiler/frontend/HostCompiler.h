//===- HostCompiler.h - Model files become shared objects -------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_COMPILER_FRONTEND_HOSTCOMPILER_H
#define TENSORC_COMPILER_FRONTEND_HOSTCOMPILER_H

#include "compiler/frontend/PrecompiledHeader.h"

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
  /// The program, or a command of several words; empty: `$CXX`, else `c++`.
  std::string compiler;
  /// The user's own, such as `-DBATCH=1`.
  std::vector<std::string> flags;
  /// Where the object goes, for the caller to remove; empty: to a folder of its
  /// own, which is removed once the object is loaded.
  std::string scratch;
  /// Lines for stack traces.
  bool debugInfo = false;
  /// Whether what the compiler has precompiled is kept for the next time.
  bool cache = true;
};

/// What a model file's `TENSORC_MODEL` defines.
using ExportFunction = void (*)(ModelExport &);

/// A model file as a shared object in a folder of its own.
class CompiledModelFile {
public:
  CompiledModelFile(CompiledModelFile &&other) noexcept;
  ~CompiledModelFile();

  /// Loads it, which runs what initializes its variables. What it defines stays
  /// until the program ends.
  llvm::Expected<ExportFunction> load() const;
  /// The model file and what it includes.
  std::vector<std::string> dependencies() const;

private:
  friend llvm::Expected<CompiledModelFile>
  compileModelFile(llvm::StringRef path, const HostCompilerOptions &options);
  CompiledModelFile(llvm::StringRef source, llvm::StringRef folder, bool owned);
  std::string file(llvm::StringRef name) const;

  std::string source, folder;
  PrecompiledHeader header; ///< that the compiler was offered
  bool owned;               ///< the folder goes with this
};

/// Compiles the C++ file `path` with the host's compiler, whose own messages go
/// to stderr.
llvm::Expected<CompiledModelFile>
compileModelFile(llvm::StringRef path, const HostCompilerOptions &options);

} // namespace tensorc::compiler

#endif // TENSORC_COMPILER_FRONTEND_HOSTCOMPILER_H
