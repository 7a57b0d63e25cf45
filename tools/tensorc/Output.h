//===- Output.h - Files that appear whole or not at all ---------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TOOLS_TENSORC_OUTPUT_H
#define TENSORC_TOOLS_TENSORC_OUTPUT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace tensorc::tool {

/// Files that one run must not write to: those that it reads, and those that it
/// has written already.
class TakenFiles {
public:
  /// `what` continues "`m.cpp` is …": `the model`.
  void add(llvm::StringRef path, llvm::StringRef what);
  /// An error where writing to `path` would change one of them, by whatever
  /// path or link, or where `path` can't be written to for what it is.
  llvm::Error check(llvm::StringRef path) const;

private:
  struct File {
    std::string path, what;
  };
  std::vector<File> files;
};

/// The files that one run writes. Each is written under a temporary name beside
/// its own; `commit` renames them all. Without it, nothing is left behind. A
/// link stays one: what it points to is written.
class OutputFiles {
public:
  /// What is written becomes one of `taken`.
  explicit OutputFiles(TakenFiles &taken) : taken(taken) {}
  ~OutputFiles();
  OutputFiles(const OutputFiles &) = delete;
  OutputFiles &operator=(const OutputFiles &) = delete;

  /// Writes `contents` for the file `path`.
  llvm::Error add(llvm::StringRef path, llvm::StringRef contents);
  /// Has `write` write the file `path`, under the name that it is given.
  llvm::Error
  add(llvm::StringRef path,
      llvm::function_ref<llvm::Error(llvm::StringRef temporary)> write);
  llvm::Error commit();

private:
  llvm::Expected<std::string> temporaryFor(llvm::StringRef path);

  struct File {
    std::string path, temporary;
  };
  TakenFiles &taken;
  std::vector<File> files;
};

/// A file's name in a rule of make.
std::string escapeForMake(llvm::StringRef path);

/// Writes out what stdout still holds; says whether all of it got there.
llvm::Error flushStdout();

/// Whether `path` is there and no file: a device or a pipe, which is written to
/// and never replaced.
bool isDevice(llvm::StringRef path);

} // namespace tensorc::tool

#endif // TENSORC_TOOLS_TENSORC_OUTPUT_H
