//===- Session.cpp - What one run of tensorc holds ------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/tensorc/Session.h"

#include "compiler/pipeline/Pipeline.h"
#include "tools/tensorc/Output.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

#include <cstdio>
#include <iostream>
#include <unistd.h>

using namespace mlir;

namespace tensorc::tool {

Progress::Progress() : terminal(llvm::sys::Process::StandardErrIsDisplayed()) {}

void Progress::show(StringRef what) {
  if (!terminal)
    return;
  llvm::errs() << "\r\033[K" << what << " …";
  shown = true;
}

void Progress::clear() {
  if (shown)
    llvm::errs() << "\r\033[K";
  shown = false;
}

void TimeReport::add(StringRef what, double seconds) {
  rows.emplace_back(what.str(), seconds);
}

void TimeReport::print(llvm::raw_ostream &os) const {
  double total = 0;
  for (const auto &[what, seconds] : rows)
    total += seconds;
  os << "phase               seconds  share\n";
  auto line = [&](StringRef what, double seconds) {
    os << llvm::left_justify(what, 18)
       << llvm::format("%9.4f %5.1f%%\n", seconds,
                       total > 0 ? 100 * seconds / total : 0.0);
  };
  for (const auto &[what, seconds] : rows)
    line(what, seconds);
  line("total", total);
}

static MLIRContext::Threading threading(const CompileCommand &command) {
  return command.threads == 0 ? MLIRContext::Threading::ENABLED
                              : MLIRContext::Threading::DISABLED;
}

static const DialectRegistry &dialects() {
  static const DialectRegistry registry = [] {
    DialectRegistry registry;
    compiler::registerDialects(registry);
    return registry;
  }();
  return registry;
}

Session::Session(const CompileCommand &command)
    : context(dialects(), threading(command)), command(command) {
  if (command.threads > 1) {
    threads = std::make_unique<llvm::DefaultThreadPool>(
        llvm::hardware_concurrency(command.threads));
    context.setThreadPool(*threads);
  }
  withSource = std::make_unique<SourceMgrDiagnosticHandler>(sources, &context);
  // Asked first; passes on what has a line to show.
  withoutSource = std::make_unique<ScopedDiagnosticHandler>(
      &context, [this](Diagnostic &diagnostic) {
        progress.clear();
        if (!isa<UnknownLoc>(diagnostic.getLocation()))
          return failure();
        StringRef severity =
            diagnostic.getSeverity() == DiagnosticSeverity::Error ? "error: "
            : diagnostic.getSeverity() == DiagnosticSeverity::Warning
                ? "warning: "
                : "note: ";
        llvm::errs() << "tensorc: " << severity << diagnostic.str() << "\n";
        for (Diagnostic &note : diagnostic.getNotes())
          llvm::errs() << "tensorc: note: " << note.str() << "\n";
        return success();
      });
}

Session::~Session() = default;

int Session::fail(const Twine &message) {
  progress.clear();
  llvm::errs() << "tensorc: error: " << message << "\n";
  return 1;
}

int Session::fail(llvm::Error error) {
  return fail(llvm::toString(std::move(error)));
}

/// While it lives, what the model's code prints goes to stderr: stdout is for
/// what was asked for.
namespace {
class StdoutToStderr {
public:
  StdoutToStderr() : saved(dup(STDOUT_FILENO)) { redirect(STDERR_FILENO); }
  ~StdoutToStderr() {
    redirect(saved);
    close(saved);
  }
  StdoutToStderr(const StdoutToStderr &) = delete;
  StdoutToStderr &operator=(const StdoutToStderr &) = delete;

private:
  void redirect(int target) {
    std::cout.flush();
    std::fflush(stdout);
    if (saved >= 0)
      dup2(target, STDOUT_FILENO);
  }
  int saved;
};
} // namespace

OwningOpRef<ModuleOp> Session::load() {
  StringRef path = command.input;
  llvm::sys::fs::file_status status;
  if (std::error_code code = llvm::sys::fs::status(path, status)) {
    fail("cannot read `" + path + "`: " + StringRef(code.message()).lower());
    return {};
  }
  if (llvm::sys::fs::is_directory(status)) {
    fail("cannot read `" + path + "`: is a directory");
    return {};
  }
  StringRef extension = llvm::sys::path::extension(path);
  if (extension == ".mlir") {
    prerequisiteText = escapeForMake(path);
    progress.show("reading");
    return times.measure("read", [&] {
      return parseSourceFile<ModuleOp>(path, sources, &context);
    });
  }
  if (!llvm::is_contained({".cpp", ".cc", ".cxx", ".C", ".c++"}, extension)) {
    fail("expected a model in C++ (.cpp) or MLIR (.mlir), received `" + path +
         "`");
    return {};
  }

  StdoutToStderr redirected;
  progress.show("compiling the model file");
  auto loaded = times.measure("host compiler", [&] {
    return compiler::exportModelFile(
        &context, path,
        {command.compiler, command.compilerFlags,
         command.depfile.empty() ? nullptr : &prerequisiteText});
  });
  if (failed(loaded))
    return {};
  exported = std::move(*loaded);
  progress.show("tracing");
  auto traced = times.measure("trace", [&] {
    return compiler::traceModel(&context, *exported, command.functions);
  });
  return failed(traced) ? OwningOpRef<ModuleOp>() : std::move(*traced);
}

} // namespace tensorc::tool
