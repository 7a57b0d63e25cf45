//===- Session.h - What one run of tensorc holds ----------------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TOOLS_TENSORC_SESSION_H
#define TENSORC_TOOLS_TENSORC_SESSION_H

#include "compiler/frontend/Frontend.h"
#include "tools/tensorc/CommandLine.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ThreadPool.h"

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tensorc::tool {

/// Says what is being done, on stderr, and only where that is a terminal: one
/// line, which vanishes before anything else is said.
class Progress {
public:
  Progress();
  ~Progress() { clear(); }
  void show(llvm::StringRef what);
  void clear();

private:
  bool terminal;
  bool shown = false;
};

/// Seconds of wall-clock time, by what they were spent on.
class TimeReport {
public:
  void add(llvm::StringRef what, double seconds);
  /// Runs `body` and adds the time that it took.
  template <typename F> auto measure(llvm::StringRef what, F &&body) {
    auto begin = std::chrono::steady_clock::now();
    auto result = body();
    add(what,
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
            .count());
    return result;
  }
  void print(llvm::raw_ostream &os) const;

private:
  std::vector<std::pair<std::string, double>> rows;
};

/// A context whose diagnostics show the line of the user's source, and a model
/// in it. One per run.
class Session {
public:
  explicit Session(const CompileCommand &command);
  ~Session();

  /// Whether the input is a file that `load` may read; says why not.
  bool checkInput();
  /// Reads the input, C++ or MLIR; empty after an error.
  mlir::OwningOpRef<mlir::ModuleOp> load();
  /// From `load` on: the files that the input was made of, with the input.
  llvm::ArrayRef<std::string> sourceFiles() const { return read; }
  /// What a C++ input exported; null for an MLIR one.
  const ModelExport *model() const { return exported.get(); }

  /// Prints `tensorc: error: …` and returns the exit status.
  int fail(const llvm::Twine &message);
  int fail(llvm::Error error);

  mlir::MLIRContext context;
  Progress progress;
  TimeReport times;

private:
  mlir::OwningOpRef<mlir::ModuleOp> trace();

  const CompileCommand &command;
  std::unique_ptr<llvm::DefaultThreadPool> threads;
  llvm::SourceMgr sources;
  std::unique_ptr<mlir::ScopedDiagnosticHandler> withSource, withoutSource;
  std::unique_ptr<ModelExport> exported;
  std::vector<std::string> read;
};

} // namespace tensorc::tool

#endif // TENSORC_TOOLS_TENSORC_SESSION_H
